// Keeps the kernel's table equal to the desired one. The checker says how each service should look (set, remove), asks for
// the operations (changes), has KernelIpvs carry them out and tells what was refused (applied). The cost of a change is its
// size: only services that were set are planned again, against what the kernel is believed to hold. On start, on reload, when
// wants_compare() says so and every ipvs_reconcile_interval the checker lists the kernel's table and calls compare(), which
// gives the operations that heal it and the findings for the log.
//
// Ours are the services that were set, and those that a predecessor's record names (inherit). Everything else in the kernel
// is never touched. Absent: clocks, the kernel, the log; how often to compare.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ipvs_wrapper/ports.h"

namespace holdfast::ipvs {

/// What somebody else did to a service of ours since the last look.
struct Finding {
  ServiceKey service;
  std::optional<DestinationKey> destination;
  std::string text;  ///< "service [10.0.0.1]:tcp:80 was missing"
  bool operator==(const Finding&) const = default;
};

struct Comparison {
  std::vector<Operation> operations;
  std::vector<Finding> findings;
};

class Reconciler {
 public:
  /// Services that a predecessor of this process had made: they may be edited and, unless they are set, deleted.
  void inherit(const std::set<ServiceKey>& ours);

  /// How the service should look from now on. Nothing to do when it should look so already.
  void set(const ServiceKey& key, const Service& service);
  /// It should not exist.
  void remove(const ServiceKey& key);
  void remove_all();

  /// For the services that were set or removed since the last call. Empty before the first compare().
  std::vector<Operation> changes();

  /// The kernel's answers to operations of changes() or compare(), of which every one must be told before the next are asked
  /// for. Gives the lines for the log ("IPVS cmd …", log_lines.md 4), each once until its service is well again. That
  /// something is there already, or gone (EEXIST, ESRCH, ENOENT), is no error but a reason to compare.
  std::vector<std::string> applied(std::span<const Operation> operations, std::span<const Refusal> refusals);

  /// The kernel's table is not known: at the start, and after a refusal. A service that was refused again right after a
  /// comparison waits for the next regular one.
  bool wants_compare() const { return wants_compare_; }
  /// What to do when the kernel may have changed without our knowing (an answer was lost, a reload).
  void doubt() { wants_compare_ = true; }

  /// With the kernel's whole table.
  Comparison compare(const Table& listed);
  /// With a part of it: `listed` holds those of `examined` that exist. Does not end wants_compare().
  Comparison compare(const Table& listed, std::span<const ServiceKey> examined);

  const Table& desired() const { return desired_; }
  const Table& believed() const { return believed_; }
  /// For the record that a successor inherits.
  const std::set<ServiceKey>& ours() const { return ours_; }

 private:
  struct Place {
    ServiceKey service;
    DestinationKey destination;
    auto operator<=>(const Place&) const = default;
  };

  void examine(const ServiceKey& key, const Service* listed, Comparison& comparison);
  const Service* expected(const ServiceKey& key) const;
  void learn(const ServiceKey& key, const Service* listed);
  bool futile(const Operation& operation, const Service* listed);
  void forget_tunnel_edits(const ServiceKey& key);
  void believe(const Operation& operation);
  void believe_destination(const Operation& operation);
  void note_refusal(const Operation& operation, const Error& error, std::vector<std::string>& lines);

  Table desired_;   // normal forms
  Table believed_;  // of ours only; absent = not in the kernel
  std::set<ServiceKey> ours_;
  std::set<ServiceKey> dirty_;
  std::set<ServiceKey> unseen_;                          // inherited or made by others, and not yet compared
  std::map<ServiceKey, std::set<std::string>> refused_;  // and what was said about it
  std::map<Place, DestinationSettings> tunnel_edits_;    // accepted, and yet found otherwise
  bool compared_ = false;
  bool wants_compare_ = true;
};

}  // namespace holdfast::ipvs
