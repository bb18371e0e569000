#include "checker/io/endpoint_socket.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <netinet/in.h>

#include "test/checker/io/loopback_server.h"

using namespace holdfast;
using namespace holdfast::checker;

namespace {

config::CheckEndpoint endpoint_at(const char* address) {
  config::CheckEndpoint endpoint;
  endpoint.address = *IpAddress::parse(address);
  return endpoint;
}

sockaddr_in local_address(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return address;
}

}  // namespace

TEST_CASE("bindto, bind_port and fwmark are set before the connection") {
  std::uint16_t port = 0;
  test::loopback_socket(SOCK_STREAM, port).reset();
  config::CheckEndpoint endpoint = endpoint_at("127.0.0.1");
  endpoint.bind_address = IpAddress::parse("127.0.0.2");
  endpoint.bind_port = port;
  endpoint.fwmark = 77;
  endpoint.bind_interface = "lo";
  const auto fd = open_endpoint_socket(endpoint, SOCK_STREAM);
  INFO((fd ? "" : fd.error().message));
  REQUIRE(fd);
  CHECK(ntohl(local_address(fd->get()).sin_addr.s_addr) == 0x7f000002);
  CHECK(ntohs(local_address(fd->get()).sin_port) == port);
  std::uint32_t mark = 0;
  socklen_t size = sizeof mark;
  REQUIRE(getsockopt(fd->get(), SOL_SOCKET, SO_MARK, &mark, &size) == 0);
  CHECK(mark == 77);
}

TEST_CASE("what cannot be bound says what") {
  config::CheckEndpoint endpoint = endpoint_at("127.0.0.1");
  endpoint.bind_address = IpAddress::parse("192.0.2.77");
  auto fd = open_endpoint_socket(endpoint, SOCK_STREAM);
  REQUIRE_FALSE(fd);
  CHECK(fd.error().message.find("192.0.2.77") != std::string::npos);
  endpoint.bind_address.reset();
  endpoint.bind_interface = "nosuch0";
  fd = open_endpoint_socket(endpoint, SOCK_STREAM);
  REQUIRE_FALSE(fd);
  CHECK(fd.error().message.find("nosuch0") != std::string::npos);
}

TEST_CASE("a link-local address has the scope of its interface") {
  const SocketAddress address = socket_address(*IpAddress::parse("fe80::1"), 80, "lo");
  CHECK(reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_scope_id == 1);
  const SocketAddress other = socket_address(*IpAddress::parse("::1"), 80, "lo");
  CHECK(reinterpret_cast<const sockaddr_in6*>(&other.storage)->sin6_scope_id == 0);
}

TEST_CASE("an errno is the server's, the way's or ours") {
  CHECK(connect_verdict(ECONNREFUSED) == Verdict{Failure::ConnectRefused, "Connection refused"});
  CHECK(connect_verdict(ETIMEDOUT).failure == Failure::ConnectTimeout);
  CHECK(connect_verdict(EHOSTUNREACH).failure == Failure::NetworkUnreachable);
  CHECK(connect_verdict(EMFILE).failure == Failure::LocalError);
  CHECK(connect_verdict(EADDRNOTAVAIL).failure == Failure::LocalError);
  CHECK(connect_verdict(EPERM).failure == Failure::ConnectFailed);
}
