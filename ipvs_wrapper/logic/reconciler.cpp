#include "ipvs_wrapper/logic/reconciler.h"

#include <algorithm>
#include <cerrno>

#include "ipvs_wrapper/logic/findings.h"
#include "ipvs_wrapper/logic/normal.h"
#include "ipvs_wrapper/logic/plan.h"
#include "ipvs_wrapper/logic/refusal.h"

namespace holdfast::ipvs {

namespace {

using Kind = Operation::Kind;

const Service* find(const Table& table, const ServiceKey& key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

bool differs_in_tunnel_only(DestinationSettings found, const DestinationSettings& wanted) {
  found.tunnel_type = wanted.tunnel_type;
  found.tunnel_port = wanted.tunnel_port;
  found.tunnel_flags = wanted.tunnel_flags;
  return found == wanted;
}

void services_that_go_last(std::vector<Operation>& operations) {
  std::ranges::stable_partition(operations, [](const Operation& o) { return o.kind != Kind::DeleteService; });
}

}  // namespace

void Reconciler::inherit(const std::set<ServiceKey>& ours) {
  for (const ServiceKey& key : ours) {
    ours_.insert(normal(key));
    if (!compared_) unseen_.insert(normal(key));
  }
  wants_compare_ = true;
}

void Reconciler::set(const ServiceKey& given, const Service& service) {
  const ServiceKey key = normal(given);
  Service wanted = normal(key, service);
  const auto [place, added] = desired_.try_emplace(key);
  if (!added && place->second == wanted) return;
  place->second = std::move(wanted);
  ours_.insert(key);
  dirty_.insert(key);
}

void Reconciler::remove(const ServiceKey& given) {
  const ServiceKey key = normal(given);
  if (desired_.erase(key) > 0) dirty_.insert(key);
}

void Reconciler::remove_all() {
  for (const auto& [key, service] : desired_) dirty_.insert(key);
  desired_.clear();
}

std::vector<Operation> Reconciler::changes() {
  if (!compared_) return {};
  std::vector<Operation> operations;
  for (const ServiceKey& key : dirty_) {
    const auto part = plan_service(key, find(desired_, key), find(believed_, key));
    operations.insert(operations.end(), part.begin(), part.end());
    // Where an answer is missing the kernel may have what we do not believe in: the next comparison decides.
    const bool certain = !wants_compare_ && !refused_.contains(key);
    if (part.empty() && certain && !desired_.contains(key)) ours_.erase(key);
  }
  dirty_.clear();
  services_that_go_last(operations);
  return operations;
}

std::vector<std::string> Reconciler::applied(std::span<const Operation> operations, std::span<const Refusal> refusals) {
  std::map<std::size_t, const Error*> errors;
  for (const Refusal& refusal : refusals) errors.emplace(refusal.index, &refusal.error);
  std::set<ServiceKey> well;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (errors.contains(i)) continue;
    believe(operations[i]);
    well.insert(operations[i].service);
  }
  for (const auto& [index, error] : errors) {
    if (index < operations.size()) well.erase(operations[index].service);
  }
  for (const ServiceKey& key : well) refused_.erase(key);
  std::vector<std::string> lines;
  for (const auto& [index, error] : errors) {
    if (index < operations.size()) note_refusal(operations[index], *error, lines);
  }
  return lines;
}

void Reconciler::believe(const Operation& operation) {
  const ServiceKey& key = operation.service;
  switch (operation.kind) {
    case Kind::AddService:
      believed_[key] = {operation.service_settings, {}};
      break;
    case Kind::EditService:
      if (const auto service = believed_.find(key); service != believed_.end()) {
        service->second.settings = operation.service_settings;
      }
      break;
    case Kind::DeleteService:
      believed_.erase(key);
      if (!desired_.contains(key)) ours_.erase(key);
      break;
    default:
      believe_destination(operation);
  }
}

// A service that we do not believe in was made by others between our look and our try; the comparison will tell.
void Reconciler::believe_destination(const Operation& operation) {
  const auto service = believed_.find(operation.service);
  if (service == believed_.end()) return;
  if (operation.kind == Kind::DeleteDestination) {
    service->second.destinations.erase(operation.destination);
  } else {
    service->second.destinations[operation.destination] = operation.destination_settings;
  }
}

void Reconciler::note_refusal(const Operation& operation, const Error& error, std::vector<std::string>& lines) {
  const auto [told, first] = refused_.try_emplace(operation.service);
  if (first) wants_compare_ = true;
  if (operation.kind == Kind::AddService && error.code == EEXIST) unseen_.insert(operation.service);
  if (means_other_table(operation.kind, error.code)) return;
  std::string line = refusal_line(operation, error.code);
  if (told->second.insert(line).second) lines.push_back(std::move(line));
}

Comparison Reconciler::compare(const Table& listed) {
  std::set<ServiceKey> keys = ours_;
  for (const auto& [key, service] : desired_) keys.insert(key);
  const std::vector<ServiceKey> examined(keys.begin(), keys.end());
  compared_ = true;
  Comparison comparison = compare(listed, examined);
  wants_compare_ = false;
  return comparison;
}

Comparison Reconciler::compare(const Table& listed, std::span<const ServiceKey> examined) {
  Comparison comparison;
  for (const ServiceKey& given : examined) {
    const ServiceKey key = normal(given);
    if (!ours_.contains(key) && !desired_.contains(key)) continue;
    const Service* found = find(listed, key);
    if (found == nullptr) {
      examine(key, nullptr, comparison);
    } else {
      const Service plain = normal(key, *found);
      examine(key, &plain, comparison);
    }
  }
  services_that_go_last(comparison.operations);
  return comparison;
}

void Reconciler::examine(const ServiceKey& key, const Service* listed, Comparison& comparison) {
  const Service* desired = find(desired_, key);
  const auto findings = find_differences(key, expected(key), desired, listed);
  comparison.findings.insert(comparison.findings.end(), findings.begin(), findings.end());
  const auto operations = plan_service(key, desired, listed);
  for (const Operation& operation : operations) {
    if (!futile(operation, listed)) comparison.operations.push_back(operation);
  }
  if (operations.empty()) {
    refused_.erase(key);
    forget_tunnel_edits(key);
  }
  learn(key, listed);
}

void Reconciler::learn(const ServiceKey& key, const Service* listed) {
  if (listed == nullptr) {
    believed_.erase(key);
    if (!desired_.contains(key)) ours_.erase(key);
  } else if (Service& believed = believed_[key]; believed != *listed) {
    believed = *listed;
  }
  if (compared_) dirty_.erase(key);
  unseen_.erase(key);
}

// What an inherited service looked like nobody remembers; it should have been as it should be now.
const Service* Reconciler::expected(const ServiceKey& key) const {
  return unseen_.contains(key) ? find(desired_, key) : find(believed_, key);
}

// Kernels before 5.3 take tunnel types and forget them: such an edit is tried again once and then left.
bool Reconciler::futile(const Operation& operation, const Service* listed) {
  if (operation.kind != Kind::EditDestination || listed == nullptr) return false;
  const auto found = listed->destinations.find(operation.destination);
  if (found == listed->destinations.end()) return false;
  if (!differs_in_tunnel_only(found->second, operation.destination_settings)) return false;
  const Place place{operation.service, operation.destination};
  const auto [edit, fresh] = tunnel_edits_.try_emplace(place, operation.destination_settings);
  if (!fresh && edit->second == operation.destination_settings) return true;
  edit->second = operation.destination_settings;
  return false;
}

void Reconciler::forget_tunnel_edits(const ServiceKey& key) {
  auto edit = tunnel_edits_.lower_bound(Place{key, {}});
  while (edit != tunnel_edits_.end() && edit->first.service == key) edit = tunnel_edits_.erase(edit);
}

}  // namespace holdfast::ipvs
