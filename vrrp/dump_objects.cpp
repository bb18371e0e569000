// Tracked files and processes as keepalived.data and keepalived.json show them.
#include <fmt/format.h>

#include "core/base/text.h"
#include "vrrp/dump.h"
#include "vrrp/json_writer.h"

namespace holdfast::vrrp {

namespace {

using Tracks = Few<config::TrackedObject> config::VrrpInstance::*;

std::string trackers_of(const EngineView& view, Tracks tracks, const std::string& name, int weight) {
  std::string text = "   Tracking instances :\n";
  for (const InstanceView& instance : view.instances) {
    for (const config::TrackedObject& tracked : instance.settings.*tracks) {
      if (tracked.name == name)
        text += fmt::format("     {}, weight {}\n", instance.settings.name, tracked.weight.value_or(weight));
    }
  }
  return text;
}

std::string file_text(const EngineView& view, const FileView& file) {
  const config::TrackFile& s = file.settings;
  std::string text = fmt::format(" Track file = {}\n   File = {}\n", s.name, s.path);
  text += file.value ? fmt::format("   Status = {}\n", *file.value) : "   Status = unknown\n";
  text += fmt::format("   Weight = {}{}\n", s.weight, s.reverse ? " reverse" : "");
  return text + trackers_of(view, &config::VrrpInstance::track_files, s.name, s.weight);
}

const char* match_word(const config::TrackProcess& process) {
  using config::ParameterMatch;
  if (!process.parameter_match) return process.parameters.empty() ? "" : "exact";
  if (*process.parameter_match == ParameterMatch::Exact) return "exact";
  return *process.parameter_match == ParameterMatch::Partial ? "partial" : "initial";
}

bool delayed(const ProcessView& process, bool up) {
  return process.decides_at && process.up != up;
}

std::string process_text(const EngineView& view, const ProcessView& process) {
  const config::TrackProcess& s = process.settings;
  std::string text = fmt::format(" VRRP Track process = {}\n   Process = {}\n", s.name, s.process);
  if (!s.parameters.empty()) text += fmt::format("   Parameters = {}\n", join(s.parameters, " "));
  if (*match_word(s) != '\0') text += fmt::format("   Param match {}\n", match_word(s));
  text += fmt::format("   Min processes = {}\n   Max processes = {}\n", s.quorum, s.quorum_max);
  text += fmt::format("   Current processes = {}\n", process.count.value_or(0));
  text += fmt::format("   Have quorum = {}\n", process.up ? "true" : "false");
  text += fmt::format("   Weight = {}{}\n", s.weight, s.reverse ? " reverse" : "");
  text += fmt::format("   Terminate delay = {:f}s\n", to_seconds(s.terminate_delay));
  text += fmt::format("   Fork delay = {:f}s\n", to_seconds(s.fork_delay));
  text += fmt::format("   Fork delay timer {}running\n", delayed(process, true) ? "" : "not ");
  text += fmt::format("   Terminate delay timer {}running\n", delayed(process, false) ? "" : "not ");
  text += fmt::format("   Full command = {}\n", s.full_command ? "true" : "false");
  return text + trackers_of(view, &config::VrrpInstance::track_processes, s.name, s.weight);
}

class ProcessJson {
 public:
  explicit ProcessJson(JsonWriter& out) : out_(out) {}

  void write(const ProcessView& process) {
    const config::TrackProcess& s = process.settings;
    out_.begin('{');
    string("process", s.process);
    string("parameters", join(s.parameters, " "));
    string("param_match", match_word(s));
    number("min_processes", s.quorum);
    number("max_processes", s.quorum_max);
    number("current_processes", process.count.value_or(0));
    boolean("have_quorum", process.up);
    number("weight", s.weight);
    number("terminate_delay", to_seconds(s.terminate_delay));
    number("fork_delay", to_seconds(s.fork_delay));
    boolean("fork_delay_timer_running", delayed(process, true));
    boolean("terminate_delay_timer_running", delayed(process, false));
    boolean("full_command", s.full_command);
    out_.end('}');
  }

 private:
  void string(const char* key, const std::string& value) {
    out_.key(key);
    out_.string(value);
  }
  void number(const char* key, double value) {
    out_.key(key);
    out_.raw(fmt::format("{}", value));
  }
  void boolean(const char* key, bool value) {
    out_.key(key);
    out_.raw(value ? "true" : "false");
  }

  JsonWriter& out_;
};

}  // namespace

std::string objects_text(const EngineView& view) {
  std::string text;
  if (!view.files.empty()) text += "------< Track files >------\n";
  for (const FileView& file : view.files) text += file_text(view, file);
  if (!view.processes.empty()) text += "------< Track processes >------\n";
  for (const ProcessView& process : view.processes) text += process_text(view, process);
  return text;
}

void write_processes(const std::vector<ProcessView>& processes, JsonWriter& out) {
  out.key("track_process");
  out.begin('[');
  for (const ProcessView& process : processes) ProcessJson(out).write(process);
  out.end(']');
}

}  // namespace holdfast::vrrp
