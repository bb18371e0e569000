// The answer to `keepalivedctl status`: put together by core from what it holds (configuration, children, their
// records, the lateness that came with the last pong) and from the kernel's addresses, so that no child is interrupted.
// Pure. Called by process.cpp for each request. Absent: the socket (io/control_socket.h), events (news.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/config/config.h"
#include "core/watchdog/io/kernel_addresses.h"
#include "core/watchdog/logic/engine.h"
#include "core/watchdog/logic/records.h"
#include "proto/control.pb.h"
#include "proto/supervision.pb.h"
#include "proto/vrrp_records.pb.h"

namespace holdfast::watchdog {

/// Both clocks at one moment: records carry the monotonic one, people read the other.
struct Clocks {
  TimePoint now;
  std::int64_t wall_us = 0;  ///< microseconds since 1970
};

struct StatusSources {
  const config::Config& config;
  const std::string& config_file;
  const Engine& engine;
  const RecordStore& records;
  const std::array<proto::Lateness, 2>& lateness;           ///< by Role
  const std::array<std::optional<TimePoint>, 2>& began_at;  ///< of adopted children; the engine knows of the others
  const std::optional<KernelAddresses>& kernel;             ///< nothing: it did not answer
  std::int32_t pid = 0;
  TimePoint started_at{};
  Clocks clocks;
};
proto::DaemonStatus status_of(const StatusSources& from);

// Shared with news.h: how the records of vrrp/wire.h are found and read.
std::string instance_key(const std::string& instance);
std::string script_key(const std::string& script);
/// Nothing for a record that is missing or unreadable.
std::optional<proto::VrrpInstanceRecord> instance_record(const std::string* value);
std::optional<proto::VrrpScriptRecord> script_record(const std::string* value);
proto::InstanceStatus::State state_of(const proto::VrrpInstanceRecord& record);
proto::ScriptStatus::Result result_of(const proto::VrrpScriptRecord& record);
/// "vrrp", "checker".
const char* role_name(Role role);
void set_timestamp(google::protobuf::Timestamp& out, std::int64_t wall_us);

}  // namespace holdfast::watchdog
