// The records of all children, in memory and in their file. A failure of the file is said once and tried again with the next
// change; what is in memory stays right. Called by process.cpp.
#pragma once

#include <functional>
#include <string>

#include "core/watchdog/io/record_file.h"
#include "core/watchdog/logic/records.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

class RecordKeeper {
 public:
  enum class Say : std::uint8_t { Error, Warning, Detail };
  using Logger = std::function<void(Say, std::string)>;
  /// Before a record changes: its value so far (null = none) and from now on (null = erased).
  using Witness = std::function<void(const std::string& key, const std::string* before, const std::string* after)>;

  RecordKeeper(const std::string& path, Logger logger) : file_(path, current_boot_id()), log_(std::move(logger)) {}

  /// What an earlier core left; then the file is written anew for this configuration of vrrp. What the checker recorded names
  /// its servers itself, so it holds for any configuration.
  void load(std::uint64_t vrrp_digest);
  /// Another configuration is in force.
  void begin(std::uint64_t vrrp_digest);
  void change(Role role, const proto::RecordChanges& changes, const Witness& witness);
  /// vrrp has just proved that it is at work.
  void vouch(TimePoint now) { file_.stamp(alive_until_ = now); }
  void remove_file() { file_.remove(); }

  const RecordStore& store() const { return store_; }
  /// Until then vrrp was certainly at work; epoch = nobody knows.
  TimePoint alive_until() const { return alive_until_; }

 private:
  RecordFile file_;
  Logger log_;
  RecordStore store_;
  TimePoint alive_until_{};
  bool trouble_ = false;
};

}  // namespace holdfast::watchdog
