#include "checker/genhash.h"

#include <catch2/catch.hpp>

#include "checker/genhash_page.h"
#include "test/checker/io/loopback_server.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::LoopbackServer;

namespace {

GenhashResult ask(std::uint16_t port, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"-s", "127.0.0.1", "-p", std::to_string(port), "--url", "/x"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_genhash(arguments);
}

struct Server : LoopbackServer {
  explicit Server(std::string answer)
      : LoopbackServer([answer](int fd) {
          if (!read_until(fd, "\r\n\r\n").empty()) write(fd, answer);
        }) {}
};

const std::string md5_of_hello = "5d41402abc4b2a76b9719d911017c592\n";

}  // namespace

TEST_CASE("the digest of a page is all that is printed, whatever its status and length") {
  for (const char* answer : {"HTTP/1.0 200 OK\r\n\r\nhello", "HTTP/1.0 404 No\r\nContent-Length: 5\r\n\r\nhello",
                             "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhelloextra",
                             "HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\nhello"}) {
    INFO(answer);
    Server server(answer);
    const GenhashResult result = ask(server.port());
    CHECK(result.exit_code == 0);
    CHECK(result.standard_output == md5_of_hello);
    CHECK(result.standard_error.empty());
  }
}

TEST_CASE("a chunked page is digested as it was sent") {
  Server server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  CHECK(ask(server.port(), {"-P", "1.1"}).standard_output == "79e9489e3bd3f0cb0158215341de046d\n");
}

TEST_CASE("what goes wrong is told in keepalived's words and is no error") {
  Server garbage("SSH-2.0\r\n");
  CHECK(ask(garbage.port()).standard_error == "no data received from remote webserver\n");
  LoopbackServer plain([](int fd) {
    LoopbackServer::write(fd, "SSH-2.0\r\n");
    LoopbackServer::wait_for_client_to_leave(fd);
  });
  CHECK(ask(plain.port(), {"-S"}).standard_output == "SSL handshake/communication error connecting to\n");
  std::uint16_t closed = 0;
  const UniqueFd bound = test::loopback_socket(SOCK_STREAM, closed);
  CHECK(ask(closed).standard_output == "Connection failed\n");
  CHECK(ask(closed).exit_code == 0);
  LoopbackServer silent([](int fd) { LoopbackServer::wait_for_client_to_leave(fd); });
  CHECK(ask(silent.port(), {"-t", "1"}).standard_output == "Timeout WEB read\n");
}

TEST_CASE("a verbose answer shows what came") {
  Page page;
  page.header = "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n";
  page.body = "hello";
  page.digest = "]A@*\xbcK*v\xb9q\x9d\x91\x10\x17\xc5\x92";
  page.took = Duration(2123);
  CHECK(describe_page({}, page, true) ==
        "-----------------------[    HTTP Header Buffer    ]-----------------------\n"
        "0000  48 54 54 50 2f 31 2e 30 - 20 32 30 30 20 4f 4b 0d   HTTP/1.0 200 OK.\n"
        "0016  0a 53 65 72 76 65 72 3a - 20 78 0d 0a 0d 0a         .Server: x....  \n"
        "-----------------------[ HTTP Header Ascii Buffer ]-----------------------\n"
        "HTTP/1.0 200 OK\r\nServer: x\r\n\r\n\n"
        "-----------------------[        HTML Buffer        ]-----------------------\n"
        "0000  68 65 6c 6c 6f          -                           hello           \n\n"
        "-----------------------[    HTML hash resulting    ]-----------------------\n"
        "0000  5d 41 40 2a bc 4b 2a 76 - b9 71 9d 91 10 17 c5 92   ]A@*.K*v.q......\n\n"
        "-----------------------[ HTML hash final resulting ]-----------------------\n"
        "5d41402abc4b2a76b9719d911017c592\n\n"
        "Global response time for [/] = 2123 usecs\n");
}

TEST_CASE("a wrong command line says what, shows how, and is an error") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{}, ""},
      {{"-h"}, ""},
      {{"-s", "127.0.0.1", "-p", "80"}, ""},
      {{"-s", "localhost"}, "server should be an IP, not localhost\n"},
      {{"-p", "70000"}, "invalid port number '70000'\n"},
      {{"-P", "2"}, "invalid HTTP protocol version '2'\n"},
      {{"-m", "xx"}, "invalid fwmark 'xx'\n"},
      {{"-t", "1.5"}, "invalid timeout '1.5'\n"},
      {{"-u"}, "Missing parameter for option -u\n"},
      {{"--foo"}, "Unknown option --foo\n"},
      {{"-Z"}, "Unknown option -Z\n"},
      {{"-u", "/", "extra", "more"}, "Unexpected argument(s): extra more\n"},
  };
  for (const auto& [arguments, complaint] : rows) {
    INFO(complaint);
    const GenhashResult result = run_genhash(arguments);
    CHECK(result.exit_code == 1);
    CHECK(result.standard_output.empty());
    CHECK(result.standard_error.starts_with(complaint + "Usage: genhash COMMAND [OPTIONS]\n"));
  }
}
