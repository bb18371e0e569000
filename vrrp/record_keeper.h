// What a successor must know, on its way to core: effects that remember and forget become records, and the last will that goes
// with them. Called by the process for every effect, before any is carried out, and when a new core must be told of the
// instances: the engine knows of them at any time, so that nobody else keeps their records. Absent: what the records say
// (wire.h).
#pragma once

#include <vector>

#include "core/ipc/child_link.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

class RecordKeeper {
 public:
  explicit RecordKeeper(ChildLink& link) : link_(link) {}

  /// Effects of other kinds are none of its business.
  void keep(const Effect& effect);
  /// The record and the will of each instance.
  void say_again(const std::vector<InstanceRecord>& records);

 private:
  void say(const InstanceRecord& record);
  bool keep_instance(const Effect& effect);
  bool keep_statics(const Effect& effect);
  bool remember(const Effect& effect);
  bool forget(const Effect& effect);

  ChildLink& link_;
};

}  // namespace holdfast::vrrp
