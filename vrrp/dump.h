// The texts that signals ask for (behaviour.md b.3, b.4, f.1): keepalived.data and keepalived.json, made of the
// engine's view; keepalived.stats is the engine's own (statistics_text). Labels, keys and their order are
// keepalived 2.2.7's; what it has and we do not is left out of the data and has its resting value in the JSON.
// Passwords are masked, as newer keepalived do. Pure, but for the time zone. Core writes the files.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/lateness.h"
#include "vrrp/logic/view.h"

namespace holdfast::vrrp {

class JsonWriter;

/// The same moment on both clocks.
struct DumpTime {
  TimePoint now;
  std::int64_t wall_us = 0;  ///< microseconds since 1970

  std::int64_t wall_of(TimePoint at) const { return wall_us - (now - at).count(); }
};

/// samples/2.2.7-keepalived.data, and the histogram of timer lateness at its end.
std::string data_text(const EngineView& view, const Lateness& lateness, const DumpTime& time);
/// What data_text() says of tracked files and processes.
std::string objects_text(const EngineView& view);
/// The key "track_process" of json_version 2 and its array (behaviour.md f.1); needs an open object.
void write_processes(const std::vector<ProcessView>& processes, JsonWriter& out);
/// json_version 1 or 2: one line without a newline, '/' escaped (samples/2.2.7-keepalived.json).
std::string json_text(const EngineView& view, const DumpTime& time);

/// "'/bin/x' 'y'": a command line as both show it.
std::string command_text(const config::ScriptCommand& command);
/// "192.0.2.9/24 dev d0 scope global label d0:1 set"; on a macvlan "dev vrrp.51@d0".
std::string address_text(const config::VirtualAddress& entry, const config::VrrpInstance& instance, bool set);

}  // namespace holdfast::vrrp
