#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
HttpUrl url_of(const std::string& lines) {
  const auto check = check_of<HttpCheck>("HTTP_GET {\n url {\n path /\n" + lines + "\n }\n}");
  REQUIRE(check.urls.size() == 1);
  return check.urls.front();
}
Loaded with_url(const std::string& lines) {
  return load_text(service("", "HTTP_GET {\n url {\n path /\n" + lines + "\n }\n}"));
}
}  // namespace

TEST_CASE("a check without urls is dropped and reported") {
  const Loaded loaded = load_text(service("", "HTTP_GET {\n}\nSSL_GET {\n retry 1\n}"));
  CHECK(only_real(loaded).checks.empty());
  CHECK(messages(loaded).size() == 2);
  CHECK(mentions(loaded, "k.conf:7:1: HTTP/SSL_GET checker has no urls specified - ignoring"));
}

TEST_CASE("status codes are codes and ranges; the wrong ones are left out") {
  CHECK(url_of("").status_codes == std::vector<std::pair<int, int>>{{200, 299}});
  CHECK(url_of("status_code 200 301-399").status_codes == std::vector<std::pair<int, int>>{{200, 200}, {301, 399}});
  CHECK(url_of("status_code 99 204").status_codes == std::vector<std::pair<int, int>>{{204, 204}});
  for (const char* code : {"99", "600", "200-", "300-200", "x", "2000", "200-2999", "-200"}) {
    INFO(code);
    CHECK(mentions(with_url(std::string("status_code ") + code),
                   "Invalid HTTP_GET status code '" + std::string(code) + "'"));
  }
}

TEST_CASE("a digest is 32 hexadecimal digits") {
  const HttpUrl url = url_of("digest 000102030405060708090a0b0c0d0eFF");
  REQUIRE(url.digest);
  CHECK((*url.digest)[1] == 1);
  CHECK((*url.digest)[15] == 0xff);
  CHECK(mentions(with_url("digest 12"), "digest '12' character length should be 32 rather than 2"));
  CHECK(mentions(with_url("digest zz0102030405060708090a0b0c0d0e0f"), "Unable to interpret hex digit in 'zz'"));
}

TEST_CASE("a regular expression has options, offsets and a stack") {
  const HttpUrl url = url_of(
      "regex \"a b\\x63\"\n regex_no_match\n regex_options utf caseless utf\n regex_min_offset 4\n regex_max_offset 9\n"
      " regex_stack 100 200");
  REQUIRE(url.regex);
  CHECK(url.regex->pattern == "a bc");
  CHECK(url.regex->must_not_match);
  CHECK(url.regex->options == std::vector<std::string>{"caseless", "utf"});
  CHECK(url.regex->min_offset == 4);
  CHECK(url.regex->max_offset == 9);
  CHECK(url.regex->stack_max == 200);
  CHECK_FALSE(url_of("").regex);
  CHECK(mentions(with_url("regex a\n regex_options foo"), "Unknown regex option foo"));
  CHECK(mentions(with_url("regex a\n regex_stack 9 4"), "regex_stack start is larger than its maximum"));
  CHECK(mentions(with_url("regex_no_match"), "regex options are set but no regex - ignoring them"));
}

TEST_CASE("the name of a url is its own, else the check's, the real server's, the virtual server's") {
  const std::string check = "HTTP_GET {\n url {\n path /\n }\n url {\n path /b\n virtualhost url\n }\n";
  const auto names = [](const Loaded& loaded) {
    const auto http = std::get<HttpCheck>(*only_check(loaded).kind);
    return http.urls.at(0).virtualhost + " " + http.urls.at(1).virtualhost;
  };
  CHECK(names(load_text(service("", check + "}"))) == " url");
  CHECK(names(load_text(service("virtualhost vs", check + "}"))) == "vs url");
  CHECK(names(load_text(service("virtualhost vs", check + "}\nvirtualhost rs"))) == "rs url");
  CHECK(names(load_text(service("virtualhost vs", check + "virtualhost check\n}\nvirtualhost rs"))) == "check url");
}

TEST_CASE("versions, TLS and the older words are read") {
  const auto http = check_of<HttpCheck>(
      "SSL_GET {\n http_protocol 1.1C\n enable_sni\n sni_name n\n fast_recovery\n tls_verify\n tls_compliant\n url {\n"
      " path x\n }\n url {\n path /y\n tls_compliant no\n }\n}");
  CHECK(http.tls);
  CHECK(http.protocol == HttpProtocol::V11Close);
  CHECK(http.enable_sni);
  CHECK(http.sni_name == "n");
  CHECK(http.fast_recovery);
  CHECK(http.tls_verify);
  CHECK(http.urls[0].path == "/x");
  CHECK(http.urls[0].tls_compliant);
  CHECK_FALSE(http.urls[1].tls_compliant);
  CHECK(mentions(load_text(service("", "HTTP_GET {\n tls_verify\n url {\n path /\n }\n}")),
                 "Unknown keyword 'tls_verify'"));
  const Loaded old = load_text(service("", "HTTP_GET {\n nb_get_retry 4\n http_protocol 2\n url {\n }\n}"));
  CHECK(mentions(old, "nb_get_retry is deprecated - please use 'retry'"));
  CHECK(mentions(old, "Invalid http_protocol version 2"));
  CHECK(mentions(old, "HTTP/SSL_GET checker url has no path - using /"));
  CHECK(only_check(old).timing.retry == 4);
}
