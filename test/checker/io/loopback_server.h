// A real server on 127.0.0.1 for the tests of checker/io: a thread that serves one connection after the other with a script
// on a blocking socket. The script ends when its client does.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>

#include "core/runtime/unique_fd.h"

namespace holdfast::test {

inline sockaddr_in loopback_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Bound to a free port of 127.0.0.1; not yet listening.
inline UniqueFd loopback_socket(int type, std::uint16_t& port) {
  UniqueFd fd(socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback_address(0);
  socklen_t size = sizeof address;
  REQUIRE(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = ntohs(address.sin_port);
  return fd;
}

class LoopbackServer {
 public:
  using Script = std::function<void(int fd)>;

  explicit LoopbackServer(Script script) : fd_(loopback_socket(SOCK_STREAM, port_)) {
    REQUIRE(listen(fd_.get(), 128) == 0);
    thread_ = std::thread([this, script = std::move(script)] {
      for (;;) {
        const UniqueFd client(accept(fd_.get(), nullptr, nullptr));
        if (!client) return;
        ++connections_;
        script(client.get());
      }
    });
  }
  ~LoopbackServer() {
    shutdown(fd_.get(), SHUT_RDWR);
    thread_.join();
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

  /// Reads up to and with `end`; "" when the client left before.
  static std::string read_until(int fd, std::string_view end) {
    std::string text;
    char octet = 0;
    while (!text.ends_with(end)) {
      if (recv(fd, &octet, 1, 0) != 1) return {};
      text += octet;
    }
    return text;
  }
  static bool write(int fd, std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t size = send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }
  static void wait_for_client_to_leave(int fd) {
    char octet = 0;
    while (recv(fd, &octet, 1, 0) == 1) {
    }
  }
  static void reset(int fd) {
    const linger at_once{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

 private:
  std::uint16_t port_ = 0;
  UniqueFd fd_;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

}  // namespace holdfast::test
