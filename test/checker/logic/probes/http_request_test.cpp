#include "checker/logic/probes/http_request.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::checker;
using config::HttpProtocol;

namespace {

config::CheckEndpoint endpoint(const char* address, std::uint16_t port) {
  config::CheckEndpoint made;
  made.address = *IpAddress::parse(address);
  made.port = port;
  return made;
}

}  // namespace

TEST_CASE("the request is keepalived 2.2.7's, octet for octet") {
  HttpProbe probe;
  CHECK(http_request(probe, endpoint("127.0.0.1", 80)) ==
        "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 127.0.0.1:80\r\n\r\n");
  probe.url.virtualhost = "foo.example";
  probe.url.path = "/a?b=c";
  probe.protocol = HttpProtocol::V10Close;
  CHECK(http_request(probe, endpoint("127.0.0.1", 8080)) ==
        "GET /a?b=c HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: foo.example\r\n\r\n");
}

TEST_CASE("an IPv6 address stands in brackets, and HTTP/1.1 asks the server to close") {
  HttpProbe probe;
  for (const HttpProtocol protocol : {HttpProtocol::V11, HttpProtocol::V11Close}) {
    probe.protocol = protocol;
    CHECK(http_request(probe, endpoint("::1", 8443)) ==
          "GET / HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: [::1]:8443\r\n\r\n");
  }
}
