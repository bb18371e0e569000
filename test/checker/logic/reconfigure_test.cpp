#include "checker/logic/reconfigure.h"

#include <catch2/catch.hpp>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

std::string service(const std::string& address, const std::string& more = {}) {
  return "virtual_server " + address + " 80 {\n delay_loop 6\n lb_algo rr\n lb_kind NAT\n protocol TCP\n" + more +
         " real_server 10.0.0.1 80 {\n  TCP_CHECK {\n  }\n }\n}\n";
}

}  // namespace

TEST_CASE("what stayed, changed, came and went is told apart, whatever the order and the line numbers") {
  const auto before = test::configuration(service("192.0.2.1") + service("192.0.2.2") + service("192.0.2.3"));
  const auto after = test::configuration("\n\n" + service("192.0.2.4") + service("192.0.2.2", " quorum 1\n alpha\n") +
                                         service("192.0.2.1"));
  const Difference difference = compare(*before, *after);
  REQUIRE(difference.services.size() == 3);
  CHECK_FALSE(difference.services[0].before);
  CHECK(difference.services[1].before == 1U);
  CHECK_FALSE(difference.services[1].same);
  CHECK(difference.services[2].before == 0U);
  CHECK(difference.services[2].same);
  CHECK(difference.removed == std::vector<std::size_t>{2});
}

TEST_CASE("a service changes with its group") {
  const std::string text =
      "virtual_server group G {\n delay_loop 6\n lb_algo rr\n lb_kind NAT\n protocol TCP\n"
      " real_server 10.0.0.1 80 {\n }\n}\n";
  const auto before = test::configuration("virtual_server_group G {\n 192.0.2.1 80\n}\n" + text);
  const auto after = test::configuration("virtual_server_group G {\n 192.0.2.1 80\n 192.0.2.2 80\n}\n" + text);
  CHECK(compare(*before, *before).services.at(0).same);
  CHECK_FALSE(compare(*before, *after).services.at(0).same);
}

}  // namespace holdfast::checker
