#include "core/mail/io/mail_server.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>

#include "core/runtime/clock.h"

using namespace holdfast;
using namespace holdfast::mail;

namespace {

/// Listens on a free port of 127.0.0.1.
struct Listener {
  UniqueFd fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port = 0;
  Listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(fd.get(), 8) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
};

}  // namespace

TEST_CASE("addresses and names of the hosts file are found without asking anybody") {
  const auto v4 = find_server("192.0.2.1", 25);
  REQUIRE(v4);
  REQUIRE(v4->size() == 1);
  CHECK(v4->front().text() == "[192.0.2.1]:25");
  const auto v6 = find_server("2001:db8::1", 2525);
  REQUIRE(v6);
  CHECK(v6->front().text() == "[2001:db8::1]:2525");
  CHECK(find_server("localhost", 25));
}

TEST_CASE("a server that listens is connected to, another is named with its error") {
  Listener server;
  const auto there = find_server("127.0.0.1", server.port);
  REQUIRE(there);
  CHECK(connect_to(there->front(), now() + seconds(5)));
  server.fd.reset();
  const auto gone = connect_to(there->front(), now() + seconds(5));
  REQUIRE(!gone);
  CHECK(gone.error().code == ECONNREFUSED);
}

TEST_CASE("waiting ends at its time") {
  Listener server;
  const TimePoint until = now() + milliseconds(30);
  CHECK_FALSE(wait_for(server.fd.get(), POLLIN, until));
  CHECK(now() >= until);
  CHECK_FALSE(wait_for(server.fd.get(), POLLIN, now() - seconds(1)));
}
