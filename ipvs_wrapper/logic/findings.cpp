#include "ipvs_wrapper/logic/findings.h"

#include <fmt/format.h>

#include "ipvs_wrapper/logic/describe.h"

namespace holdfast::ipvs {

namespace {

class Search {
 public:
  explicit Search(const ServiceKey& key) : key_(key), service_(describe(key)) {}

  void service(const std::string& what) {
    findings_.push_back({key_, {}, fmt::format("service {} {}", service_, what)});
  }
  void destination(const DestinationKey& destination, const std::string& what) {
    findings_.push_back({key_, destination,
                         fmt::format("destination {} of service {} {}", describe(key_, destination), service_, what)});
  }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  const ServiceKey& key_;
  std::string service_;
  std::vector<Finding> findings_;
};

void compare_destinations(Search& search, const Service& expected, const Service& listed) {
  for (const auto& [key, settings] : expected.destinations) {
    const auto found = listed.destinations.find(key);
    if (found == listed.destinations.end()) {
      search.destination(key, "was missing");
    } else if (found->second != settings) {
      search.destination(key, "had " + difference(found->second, settings));
    }
  }
}

void find_strangers(Search& search, const Service& expected, const Service* desired, const Service& listed) {
  for (const auto& [key, settings] : listed.destinations) {
    const bool known =
        expected.destinations.contains(key) || (desired != nullptr && desired->destinations.contains(key));
    if (!known) search.destination(key, "was added by others");
  }
}

}  // namespace

std::vector<Finding> find_differences(const ServiceKey& key, const Service* expected, const Service* desired,
                                      const Service* listed) {
  if (expected == nullptr || (listed != nullptr && *expected == *listed)) return {};
  Search search(key);
  if (listed == nullptr) {
    search.service("was missing");
    return search.take();
  }
  if (listed->settings != expected->settings) {
    search.service("had " + difference(listed->settings, expected->settings, key.family));
  }
  compare_destinations(search, *expected, *listed);
  find_strangers(search, *expected, desired, *listed);
  return search.take();
}

}  // namespace holdfast::ipvs
