// disable_local_igmp: while the daemon runs the kernel sends no IGMP report about 224.0.0.0/24, so that no switch learns from a
// join where a virtual MAC is (keepalived.conf(5)). It is one switch for the network namespace, net.ipv4.igmp_link_local_mcast_
// reports; what it was is a record, so that a successor puts it back. Called by the process before the first socket and at
// its end. Absent: a reload that changes it, which core refuses.
#pragma once

#include <optional>
#include <string>

#include "core/ipc/child_link.h"

namespace holdfast::vrrp {

inline constexpr const char* kIgmpKind = "igmp";

class IgmpSilence {
 public:
  static constexpr const char* kSwitch = "/proc/sys/net/ipv4/igmp_link_local_mcast_reports";
  /// `path` of the switch; another one for tests.
  explicit IgmpSilence(std::string path = kSwitch) : path_(std::move(path)) {}

  /// At the start. `silenced`: a predecessor has switched it off. What cannot be switched is said.
  void settle(bool wanted, bool silenced, ChildLink& link);
  /// At the end, in order.
  void restore(ChildLink& link);

  /// Nothing where there is no such switch (Linux before 4.3).
  std::optional<bool> reports() const;
  bool set_reports(bool on) const;

 private:
  std::string path_;
  bool silenced_ = false;
};

}  // namespace holdfast::vrrp
