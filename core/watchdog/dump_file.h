// The files that signals ask for (behaviour.md b.4): written by core from text that the children made, because a child's loop
// must never wait for a disk. Where they lie follows state_dump_file, stats_dump_file, json_dump_file and data_use_instance.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/config/schema/daemon_settings.h"
#include "core/watchdog/logic/events.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

enum class DumpFile : std::uint8_t { VrrpData, CheckerData, ParentData, Statistics, Json };

DumpFile dump_kind(Role role, proto::Dump::Kind kind);

/// $TMPDIR, if it is an absolute folder that is there, else /tmp.
std::string temporary_folder();

/// keepalived.data, keepalived_check.data, keepalived_parent.data, keepalived.stats or keepalived.json in the temporary folder,
/// or where `places` says. `name_suffix` is "_NAMESPACE_INSTANCE": of data files, with data_use_instance, it becomes
/// keepalived.NAMESPACE_INSTANCE.data (2.2.7).
std::string dump_path(DumpFile file, const config::DumpPlaces& places, const std::string& name_suffix);

/// A new file, mode 0600, that takes the place of what stands there: never through a symbolic link.
Status write_dump_file(const std::string& path, const std::string& text);

}  // namespace holdfast::watchdog
