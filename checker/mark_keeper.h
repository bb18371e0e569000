// Keeps the nftables table of firewall marks as the engine wants it (nftables_ipvs): puts it into the kernel once the services
// stand that it leads to, looks after it at each comparison of the IPVS table, and says what it found and healed. What a
// predecessor made is adopted. Called by the process; absent: nf_tables, the services.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "checker/ports.h"
#include "core/base/time.h"

namespace holdfast::checker {

class MarkKeeper {
 public:
  struct Callbacks {
    std::function<void(int priority, std::string text)> say;
    /// The kernel sets no marks, and nobody did before us: from the loop, or from inside stand().
    std::function<void()> refused;
  };

  MarkKeeper(MarkPort& port, Callbacks callbacks) : port_(port), callbacks_(std::move(callbacks)) {}

  /// Before anything else. `inherited`: a predecessor has set marks.
  void begin(const std::string& owner, bool inherited);
  void want(const MarkPlan& plan);
  /// The services that are wanted stand in the kernel; those that are not may still be there.
  void stand();
  /// To be called when the IPVS table is compared.
  void look();
  /// At stop: the table goes, unless the services stay. Nothing is put any more.
  void finish(bool keep_services);

 private:
  using Put = void (MarkPort::*)(const MarkPlan& plan, MarkPort::Told told);
  void put(Put how);
  void answered(int error, const std::string& object);
  void removed(int error, const std::string& object);
  void found(const std::vector<std::string>& findings);

  MarkPort& port_;
  Callbacks callbacks_;
  MarkPlan wanted_;
  std::uint64_t orders_ = 0;  ///< answers to older ones say nothing about what is wanted now
  bool dirty_ = false;        ///< something else is wanted since
  bool again_ = false;        ///< it was refused
  bool standing_ = false;     ///< there is a table: ours, or the predecessor's
  bool asked_ = false;        ///< there may be one: the kernel's answer is not heard yet
  bool adopt_ = false;        ///< it is the predecessor's, and nobody has looked at it yet
  bool sweep_ = false;
  std::string complaint_;
};

}  // namespace holdfast::checker
