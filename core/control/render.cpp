#include "core/control/render.h"

#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <vector>

#include "core/base/text.h"
#include "core/control/render_servers.h"
#include "core/control/table.h"
#include "core/control/words.h"

namespace holdfast::control {
namespace {

// ---- words ----------------------------------------------------------------------------------------------------------

std::string local_time(const google::protobuf::Timestamp& time, bool with_milliseconds) {
  const std::time_t whole = time.seconds();
  std::tm parts{};
  localtime_r(&whole, &parts);
  std::string text = fmt::format("{:%Y-%m-%d %H:%M:%S}", parts);
  if (with_milliseconds) text += fmt::format(".{:03}", time.nanos() / 1'000'000);
  return text;
}

const char* code_of(proto::InstanceStatus::State state) {
  switch (state) {
    case proto::InstanceStatus::MASTER:
      return kGood;
    case proto::InstanceStatus::FAULT:
      return kBad;
    default:
      return nullptr;
  }
}

const char* code_of(proto::ScriptStatus::Result result) {
  switch (result) {
    case proto::ScriptStatus::UP:
      return kGood;
    case proto::ScriptStatus::DOWN:
      return kBad;
    default:
      return kDoubtful;
  }
}

std::string state_word(proto::InstanceStatus::State state) {
  return proto::InstanceStatus::State_Name(state);
}

std::string result_word(proto::ScriptStatus::Result result) {
  switch (result) {
    case proto::ScriptStatus::UP:
      return "up";
    case proto::ScriptStatus::DOWN:
      return "down";
    default:
      return "unknown";
  }
}

std::string exit_text(int status) {
  return status < 0 ? "no exit status" : fmt::format("exit {}", status);
}

template <class Repeated>
std::string listed(const Repeated& words) {
  return join({words.begin(), words.end()}, ", ");
}

// ---- status ---------------------------------------------------------------------------------------------------------

/// "70 (100, script chk -30)"
std::string priority_text(const proto::InstanceStatus& instance) {
  if (instance.priority_reasons().empty() && instance.effective_priority() == instance.base_priority()) {
    return std::to_string(instance.effective_priority());
  }
  std::string made_of = std::to_string(instance.base_priority());
  for (const std::string& reason : instance.priority_reasons()) made_of += ", " + reason;
  return fmt::format("{} ({})", instance.effective_priority(), made_of);
}

std::string processes_text(const proto::DaemonStatus& status, Colour colour) {
  Table table({"PROCESS", "PID", "STATE", "UPTIME", "RESTARTS", "LAST DEATH"});
  for (const proto::ProcessStatus& process : status.processes()) {
    const bool well = process.state() == "running";
    table.row({{process.role()},
               {process.pid() == 0 ? "-" : std::to_string(process.pid())},
               {process.state(), paint(process.state(), well ? kGood : kDoubtful, colour)},
               {process.pid() == 0 ? "-" : duration(process.uptime_s())},
               {std::to_string(process.restarts())},
               {process.last_death().empty() ? "-" : process.last_death()}});
  }
  return table.text();
}

std::string instances_text(const proto::DaemonStatus& status, Colour colour) {
  Table table({"INSTANCE", "STATE", "FOR", "INTERFACE", "VRID", "PRIORITY", "MASTER"});
  for (const proto::InstanceStatus& instance : status.instances()) {
    const std::string state = state_word(instance.state());
    std::string master = "-";
    if (instance.state() == proto::InstanceStatus::MASTER) master = "this host";
    if (!instance.master_address().empty())
      master = fmt::format("{} ({})", instance.master_address(), instance.master_priority());
    table.row({{instance.name()},
               {state, paint(state, code_of(instance.state()), colour)},
               {instance.has_since() ? duration(instance.state_for_s()) : "-"},
               {instance.interface()},
               {std::to_string(instance.virtual_router_id())},
               {priority_text(instance)},
               {master}});
    if (!instance.fault_reasons().empty())
      table.note(paint("fault: " + listed(instance.fault_reasons()), kBad, colour));
  }
  return table.text();
}

struct Presence {
  std::string word;
  const char* code;
};

/// A MASTER's VIPs belong into the kernel, nobody else's do.
Presence presence_of(const proto::InstanceStatus& instance, const proto::VipStatus& vip) {
  if (!vip.has_in_kernel()) return {"unknown", kDoubtful};
  const bool wanted = instance.state() == proto::InstanceStatus::MASTER;
  return {vip.in_kernel() ? "yes" : "no", vip.in_kernel() == wanted ? (wanted ? kGood : nullptr) : kBad};
}

std::string vips_text(const proto::DaemonStatus& status, Colour colour) {
  Table table({"VIP", "INTERFACE", "IN KERNEL", "INSTANCE"});
  for (const proto::InstanceStatus& instance : status.instances()) {
    for (const proto::VipStatus& vip : instance.vips()) {
      const Presence presence = presence_of(instance, vip);
      table.row({{vip.address()},
                 {vip.interface()},
                 {presence.word, paint(presence.word, presence.code, colour)},
                 {vip.excluded() ? instance.name() + " (excluded)" : instance.name()}});
    }
  }
  return table.text();
}

std::string scripts_text(const proto::DaemonStatus& status, Colour colour) {
  Table table({"SCRIPT", "RESULT", "LAST RUN", "TRACKED BY", "COMMAND"});
  for (const proto::ScriptStatus& script : status.scripts()) {
    const std::string result = result_word(script.result());
    std::string last = script.result() == proto::ScriptStatus::UNKNOWN ? "-" : exit_text(script.last_exit_status());
    if (script.against() > 0) last += fmt::format(", {} against", script.against());
    table.row({{script.name()},
               {result, paint(result, code_of(script.result()), colour)},
               {last},
               {script.tracked_by().empty() ? "-" : listed(script.tracked_by())},
               {join({script.command().begin(), script.command().end()}, " ")}});
  }
  return table.text();
}

std::string lateness_text(const proto::ProcessStatus& process) {
  std::string line;
  for (const proto::LatenessBucket& bucket : process.lateness().buckets()) {
    if (bucket.count() == 0) continue;
    line += bucket.up_to_ms() > 0 ? fmt::format("  <={:g}ms {}", bucket.up_to_ms(), bucket.count())
                                  : fmt::format("  later {}", bucket.count());
  }
  if (line.empty()) return {};
  return fmt::format("Timer lateness of {}:{}  worst {:g}ms\n", process.role(), line, process.lateness().worst_ms());
}

// ---- events ---------------------------------------------------------------------------------------------------------

std::string reasons_text(const std::string& listed_reasons) {
  return listed_reasons.empty() ? "" : " (" + listed_reasons + ")";
}

std::string instance_line(const proto::InstanceChanged& changed, Colour colour) {
  return fmt::format("({}) {} -> {}, priority {}{}", changed.instance(), state_word(changed.from()),
                     paint(state_word(changed.to()), code_of(changed.to()), colour), changed.priority(),
                     reasons_text(listed(changed.fault_reasons())));
}

std::string process_line(const proto::ProcessChanged& changed, Colour colour) {
  const std::string who = fmt::format("{} process {}", changed.role(), changed.pid());
  switch (changed.how()) {
    case proto::ProcessChanged::STARTED:
      return who + " started";
    case proto::ProcessChanged::RUNNING:
      return who + paint(" running", kGood, colour);
    case proto::ProcessChanged::ADOPTED:
      return who + " adopted";
    case proto::ProcessChanged::DIED:
      return who + paint(" died", kBad, colour) + (changed.why().empty() ? "" : ": " + changed.why());
    case proto::ProcessChanged::KILLED:
      return who + paint(" does not answer, killed", kBad, colour);
    case proto::ProcessChanged::ENDED:
      return who + " ended";
    default:
      return who;
  }
}

std::string event_line(const proto::Happening& event, Colour colour) {
  switch (event.what_case()) {
    case proto::Happening::kInstanceChanged:
      return instance_line(event.instance_changed(), colour);
    case proto::Happening::kPriorityChanged: {
      const auto& changed = event.priority_changed();
      return fmt::format("({}) priority {} -> {}{}", changed.instance(), changed.from(), changed.to(),
                         reasons_text(listed(changed.reasons())));
    }
    case proto::Happening::kScriptChanged: {
      const auto& changed = event.script_changed();
      return fmt::format("script {} {} -> {}, {}", changed.script(), result_word(changed.from()),
                         paint(result_word(changed.to()), code_of(changed.to()), colour),
                         exit_text(changed.last_exit_status()));
    }
    case proto::Happening::kProcessChanged:
      return process_line(event.process_changed(), colour);
    case proto::Happening::kReloadEnded: {
      const auto& ended = event.reload_ended();
      return fmt::format("reload {}, configuration {} in force",
                         ended.accepted() ? paint("complete", kGood, colour) : paint("refused", kBad, colour),
                         ended.generation());
    }
    case proto::Happening::kLastWillExecuted: {
      const auto& will = event.last_will_executed();
      return paint(fmt::format("({}) last will executed, removed {}", will.instance(), listed(will.addresses())), kBad,
                   colour);
    }
    case proto::Happening::kInstanceRemoved:
      return fmt::format("({}) removed", event.instance_removed().instance());
    case proto::Happening::kRealServerChanged:
      return server_line(event.real_server_changed(), colour);
    case proto::Happening::kQuorumChanged:
      return quorum_line(event.quorum_changed(), colour);
    default:
      return "an event that this version does not know";
  }
}

}  // namespace

std::string text(const proto::DaemonStatus& status, Colour colour) {
  const auto& configuration = status.configuration();
  std::string out = fmt::format(
      "Configuration {} (generation {}){}{}\n", configuration.file(), configuration.generation(),
      configuration.reload_in_progress() ? ", reload in progress" : "", configuration.stopping() ? ", stopping" : "");
  for (const std::string& part :
       {processes_text(status, colour), instances_text(status, colour), vips_text(status, colour),
        scripts_text(status, colour), servers_text(status, colour)}) {
    if (!part.empty()) out += "\n" + part;
  }
  for (const proto::ProcessStatus& process : status.processes()) {
    if (const std::string line = lateness_text(process); !line.empty()) out += "\n" + line;
  }
  return out;
}

std::string text(const proto::Happening& event, Colour colour) {
  return fmt::format("{}  {}\n", local_time(event.time(), true), event_line(event, colour));
}

std::string json(const google::protobuf::Message& message, Layout layout) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = layout == Layout::Indented;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string out;
  if (!google::protobuf::util::MessageToJsonString(message, &out, options).ok()) return "{}\n";
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace holdfast::control
