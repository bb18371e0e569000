#include "ipvs_wrapper/logic/findings.h"

#include <catch2/catch.hpp>

#include "test/ipvs_wrapper/logic/tables.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;

namespace {

std::vector<std::string> texts(const Service* expected, const Service* desired, const Service* listed) {
  std::vector<std::string> result;
  for (const Finding& finding : find_differences(tcp("10.0.0.1"), expected, desired, listed)) {
    result.push_back(finding.text);
  }
  return result;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("what_is_as_expected_or_was_not_known_is_no_finding") {
  const Service service = service_with({1, 2});
  CHECK(texts(&service, &service, &service).empty());
  CHECK(texts(nullptr, &service, nullptr).empty());
  CHECK(texts(nullptr, &service, &service).empty());
}

TEST_CASE("a_missing_service_is_one_finding") {
  const Service service = service_with({1, 2});
  CHECK(texts(&service, &service, nullptr) == Texts{"service [10.0.0.1]:tcp:80 was missing"});
}

TEST_CASE("every_change_of_others_is_found") {
  const Service service = service_with({1, 1});
  Service listed = service_with({3});
  listed.settings.scheduler = "rr";
  listed.destinations[{ip("10.1.0.9"), 80}] = weight(1);
  CHECK(texts(&service, &service, &listed) ==
        Texts{"service [10.0.0.1]:tcp:80 had scheduler rr instead of wlc",
              "destination [10.1.0.1]:tcp:80 of service [10.0.0.1]:tcp:80 had weight 3 instead of 1",
              "destination [10.1.0.2]:tcp:80 of service [10.0.0.1]:tcp:80 was missing",
              "destination [10.1.0.9]:tcp:80 of service [10.0.0.1]:tcp:80 was added by others"});
}

TEST_CASE("a_destination_that_we_want_is_no_stranger") {
  const Service expected = service_with({1});
  const Service desired = service_with({1, 1});
  CHECK(texts(&expected, &desired, &desired).empty());
}
