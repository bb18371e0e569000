#include "ipvs_wrapper/logic/plan.h"

#include "ipvs_wrapper/logic/normal.h"

namespace holdfast::ipvs {

namespace {

using Kind = Operation::Kind;
using Destination = Destinations::value_type;

class ServicePlan {
 public:
  explicit ServicePlan(const ServiceKey& key) : key_(key) {}

  void create(const Service& desired) {
    settings_.push_back({Kind::AddService, key_, desired.settings, {}, {}});
    for (const Destination& destination : desired.destinations) added_.push_back(of(Kind::AddDestination, destination));
  }
  void change(const Service& desired, const Service& actual) {
    if (desired.settings != actual.settings) settings_.push_back({Kind::EditService, key_, desired.settings, {}, {}});
    compare_destinations(desired.destinations, actual.destinations);
  }
  std::vector<Operation> take() {
    for (const auto* part : {&added_, &raised_, &edited_, &removed_, &replaced_}) {
      settings_.insert(settings_.end(), part->begin(), part->end());
    }
    return std::move(settings_);
  }

 private:
  Operation of(Kind kind, const Destination& destination) const {
    return {kind, key_, {}, destination.first, destination.second};
  }

  // Both maps are sorted by address and port, so one walk meets every destination of either.
  void compare_destinations(const Destinations& desired, const Destinations& actual) {
    auto wanted = desired.begin();
    auto found = actual.begin();
    while (wanted != desired.end() || found != actual.end()) {
      if (wanted != desired.end() && found != actual.end() && same_for_kernel(wanted->first, found->first)) {
        compare(*wanted++, *found++);
      } else if (found == actual.end() || (wanted != desired.end() && wanted->first < found->first)) {
        added_.push_back(of(Kind::AddDestination, *wanted++));
      } else {
        removed_.push_back({Kind::DeleteDestination, key_, {}, (found++)->first, {}});
      }
    }
  }

  bool same_for_kernel(const DestinationKey& a, const DestinationKey& b) const {
    return a == b || (key_.fwmark != 0 && a.address == b.address);
  }

  void compare(const Destination& wanted, const Destination& found) {
    if (wanted.first != found.first) {
      replaced_.push_back({Kind::DeleteDestination, key_, {}, found.first, {}});
      replaced_.push_back(of(Kind::AddDestination, wanted));
    } else if (wanted.second != found.second) {
      const bool rises = wanted.second.weight > found.second.weight;
      (rises ? raised_ : edited_).push_back(of(Kind::EditDestination, wanted));
    }
  }

  const ServiceKey& key_;
  std::vector<Operation> settings_, added_, raised_, edited_, removed_, replaced_;
};

}  // namespace

std::vector<Operation> plan_service(const ServiceKey& key, const Service* desired, const Service* actual) {
  if (desired == nullptr && actual == nullptr) return {};
  if (desired == nullptr) return {{Kind::DeleteService, key, {}, {}, {}}};
  ServicePlan service(key);
  if (actual == nullptr) {
    service.create(*desired);
  } else {
    service.change(*desired, *actual);
  }
  return service.take();
}

std::vector<Operation> plan(const Table& desired, const Table& actual, const std::set<ServiceKey>& ours) {
  const Table wanted = normal(desired);
  const Table found = normal(actual);
  std::vector<Operation> operations;
  for (const auto& [key, service] : wanted) {
    const auto existing = found.find(key);
    const auto part = plan_service(key, &service, existing == found.end() ? nullptr : &existing->second);
    operations.insert(operations.end(), part.begin(), part.end());
  }
  for (const auto& [key, service] : found) {
    if (!wanted.contains(key) && ours.contains(key)) operations.push_back({Kind::DeleteService, key, {}, {}, {}});
  }
  return operations;
}

}  // namespace holdfast::ipvs
