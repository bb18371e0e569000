// vrrp_script: a command whose exit status moves a priority or faults an instance (behaviour.md d.14).
#pragma once

#include <string>

#include "core/config/schema/values.h"

namespace holdfast::config {

struct VrrpScript {
  std::string name;
  ScriptCommand script;
  Duration interval = seconds(1);
  std::optional<Duration> timeout;  ///< unset = interval
  int weight = 0;                   ///< -253..253; 0 = a failure faults the instance
  bool reverse = false;
  int rise = 1;            ///< successes in a row before it counts as up
  int fall = 1;            ///< failures in a row before it counts as down
  bool init_fail = false;  ///< failed until the first result says otherwise
  Location at;

  Duration effective_timeout() const { return timeout.value_or(interval); }
  bool operator==(const VrrpScript&) const = default;
};

}  // namespace holdfast::config
