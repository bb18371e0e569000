// The file in which records survive the death of core. Appended to as records change, written anew when most of it is
// superseded; a failure is reported and tried again with the next change, the records in memory stay right.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/logic/records.h"

namespace holdfast::watchdog {

class RecordFile {
 public:
  RecordFile(std::string path, BootId boot) : path_(std::move(path)), boot_(boot) {}

  /// What an earlier core left for this boot and configuration; nothing, and why, otherwise.
  std::optional<RememberedRecords> load(std::uint64_t digest, std::string& why) const;
  /// Writes everything, for a configuration that has just come into force.
  Status begin(RecordStore& store, std::uint64_t digest, TimePoint alive_until);
  /// Writes what changed.
  Status save(RecordStore& store, TimePoint alive_until);
  /// A child has just proved that it is at work: one small write in place.
  void stamp(TimePoint alive_until);
  void remove();

 private:
  std::string path_;
  BootId boot_;
  std::uint64_t digest_ = 0;
  bool begun_ = false;
  UniqueFd fd_;
};

/// /proc/sys/kernel/random/boot_id; zeros when it cannot be read.
BootId current_boot_id();

}  // namespace holdfast::watchdog
