#include "checker/logic/probes/http_response.h"

#include <catch2/catch.hpp>

using namespace holdfast::checker;

namespace {

struct Collector : HttpBodySink {
  int status = 0;
  std::string body, coded;
  std::optional<Verdict> on_status(int seen) override {
    status = seen;
    return {};
  }
  void on_body(std::string_view octets) override { body += octets; }
  void on_coded_body(std::string_view octets) override { coded += octets; }
  bool wants_informational(int seen) const override { return seen == 199; }
};

}  // namespace

TEST_CASE("a body goes to the sink as it comes, and as it was coded") {
  Collector sink;
  HttpResponse response(sink);
  CHECK_FALSE(response.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"));
  CHECK(response.in_body());
  CHECK(sink.body == "hel");
  CHECK_FALSE(response.feed("lo\r\n0\r\n\r\nmore that is not ours"));
  CHECK(response.complete());
  CHECK(sink.body == "hello");
  CHECK(sink.coded == "5\r\nhello\r\n0\r\n\r\n");
  CHECK(response.status() == 200);
}

TEST_CASE("notices before the answer are skipped, unless they are the answer") {
  Collector sink;
  HttpResponse response(sink);
  CHECK_FALSE(
      response.feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n"));
  CHECK(response.complete());
  CHECK(response.status() == 204);
  HttpResponse wanted(sink);
  CHECK_FALSE(wanted.feed("HTTP/1.1 199 Strange\r\n\r\n"));
  CHECK(wanted.complete());
}

TEST_CASE("notices without end are too much data") {
  Collector sink;
  HttpResponse response(sink);
  std::optional<Verdict> verdict;
  for (int i = 0; i < 10'000 && !verdict; ++i) verdict = response.feed("HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(verdict);
  CHECK(verdict->failure == Failure::TooMuchData);
}

TEST_CASE("a chunk header without end is too much data") {
  Collector sink;
  HttpResponse response(sink);
  CHECK_FALSE(response.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x="));
  std::optional<Verdict> verdict;
  for (int i = 0; i < 10'000 && !verdict; ++i) verdict = response.feed("aaaaaaaaaa");
  REQUIRE(verdict);
  CHECK((verdict->failure == Failure::TooMuchData || verdict->failure == Failure::HttpMalformed));
}

TEST_CASE("a body that is announced too long is not waited for") {
  Collector sink;
  HttpResponse response(sink);
  const auto verdict = response.feed("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
  REQUIRE(verdict);
  CHECK(*verdict == Verdict{Failure::TooMuchData, "body"});
}
