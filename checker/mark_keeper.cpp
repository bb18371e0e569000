#include "checker/mark_keeper.h"

#include <cstring>
#include <fmt/format.h>
#include <syslog.h>
#include <utility>

namespace holdfast::checker {

namespace {

/// What somebody changed is told line by line up to here.
constexpr std::size_t kMostFindingsTold = 20;

}  // namespace

void MarkKeeper::begin(const std::string& owner, bool inherited) {
  port_.owned_by(owner);
  standing_ = inherited;
  dirty_ = adopt_ = inherited;
  sweep_ = true;
}

void MarkKeeper::want(const MarkPlan& plan) {
  wanted_ = plan;
  dirty_ = true;
}

void MarkKeeper::stand() {
  if (!dirty_) return;
  const bool sweep = (standing_ || !wanted_.ranges.empty()) && std::exchange(sweep_, false);
  put(std::exchange(adopt_, false) ? &MarkPort::adopt : &MarkPort::put);
  if (!sweep) return;
  port_.sweep(wanted_.ranges.empty() ? std::string() : wanted_.table,
              [this](int error, const std::string& object) { removed(error, object); });
}

void MarkKeeper::put(Put how) {
  dirty_ = false;
  again_ = false;
  const std::uint64_t order = ++orders_;
  if (!wanted_.ranges.empty()) {
    asked_ = true;
    return (port_.*how)(wanted_, [this, order](int error, const std::string& object) {
      if (order == orders_) answered(error, object);
    });
  }
  const bool there = std::exchange(standing_, false) || std::exchange(asked_, false);
  if (!there || wanted_.table.empty()) return;
  asked_ = false;
  port_.remove(wanted_.table, [this](int error, const std::string& object) { removed(error, object); });
}

/// What stands goes on marking when the kernel refuses its successor: it is tried again at the next comparison.
void MarkKeeper::answered(int error, const std::string& object) {
  if (error == 0) {
    standing_ = true;
    complaint_.clear();
    return;
  }
  const char* next = standing_ ? "the marks stay as they are, trying again at the next comparison"
                               : "each address is served by an IPVS service of its own until the next start";
  const std::string name = object == "transaction" ? "table " + wanted_.table : object;  // nothing of it was understood
  std::string text = fmt::format("nftables_ipvs: cannot make {}: {} - {}", name, std::strerror(error), next);
  if (text != complaint_) callbacks_.say(LOG_ERR, text);
  complaint_ = std::move(text);
  asked_ = standing_;
  if (!standing_) return callbacks_.refused();
  again_ = true;
}

void MarkKeeper::removed(int error, const std::string& object) {
  if (error == 0) return;
  callbacks_.say(LOG_WARNING, fmt::format("nftables_ipvs: cannot remove {}: {}", object, std::strerror(error)));
}

void MarkKeeper::look() {
  if (!standing_ || dirty_ || wanted_.ranges.empty()) return;
  if (again_) return put(&MarkPort::renew);
  port_.look(wanted_, [this, order = orders_](const std::vector<std::string>& findings) {
    if (order == orders_) found(findings);
  });
}

void MarkKeeper::found(const std::vector<std::string>& findings) {
  if (findings.empty()) return;
  std::size_t told = 0;
  for (const std::string& finding : findings) {
    if (++told > kMostFindingsTold) break;
    callbacks_.say(LOG_WARNING, "nftables_ipvs: " + finding + " - put right");
  }
  put(&MarkPort::renew);
}

void MarkKeeper::finish(bool keep_services) {
  const bool goes = !keep_services && (standing_ || asked_) && !wanted_.table.empty();
  if (goes) port_.remove(wanted_.table, [](int, const std::string&) {});
  standing_ = asked_ = dirty_ = again_ = false;
  ++orders_;
}

}  // namespace holdfast::checker
