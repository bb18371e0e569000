// What the tests of core/config share: a configuration from text, the text of what is wrong with it, and a machine that
// has everything but what a test takes away.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/config/load.h"
#include "core/config/machine.h"
#include "core/config/render.h"

namespace holdfast::config {

inline Loaded load_text(const std::string& text, LoadOptions options = {}) {
  return load(MemoryFileSystem().add("k.conf", text), "k.conf", options);
}

/// The first line of each rendered diagnostic at or over a severity.
inline std::vector<std::string> messages(const Loaded& loaded, Severity at_least = Severity::Warning) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : loaded.diagnostics.list()) {
    if (diagnostic.severity < at_least) continue;
    const std::string text = render(diagnostic, loaded);
    lines.push_back(text.substr(0, text.find('\n')));
  }
  return lines;
}

inline bool mentions(const Loaded& loaded, const std::string& part) {
  const std::vector<std::string> all = messages(loaded, Severity::Note);
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

/// A vrrp_instance I with what it needs, and `lines` after that.
inline std::string instance(const std::string& lines, const std::string& addresses = "10.0.0.1") {
  return "vrrp_instance I {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress {\n  " + addresses + "\n }\n" +
         lines + "\n}\n";
}

class FakeMachine : public Machine {
 public:
  std::set<std::string> missing_interfaces, missing_users, missing_groups;
  std::set<std::string> loopbacks, without_multicast;
  std::set<IpAddress> own_addresses;
  std::map<std::string, std::string> drivers;                   ///< of interfaces; the others are "veth"
  std::map<std::string, std::vector<std::string>> route_names;  ///< texts of iproute2's files by table
  std::set<std::string> missing_scripts, plain_files, insecure_scripts;

  bool interface_exists(const std::string& name) const override { return !missing_interfaces.contains(name); }
  bool is_loopback(const std::string& name) const override { return loopbacks.contains(name); }
  bool supports_multicast(const std::string& name) const override { return !without_multicast.contains(name); }
  std::string driver_of(const std::string& name) const override {
    if (missing_interfaces.contains(name)) return {};
    const auto known = drivers.find(name);
    return known == drivers.end() ? "veth" : known->second;
  }
  std::set<IpAddress> addresses() const override { return own_addresses; }
  int processors() const override { return 2; }
  std::optional<std::uint8_t> ip_protocol(const std::string& name) const override {
    if (name == "tcp") return 6;
    return name == "udp" ? std::optional<std::uint8_t>(17) : std::nullopt;
  }
  std::vector<std::string> route_name_files(const std::string& table, const RouteNameFolders& folders) const override {
    const auto found = route_names.find(folders.own + "/" + table);
    return found == route_names.end() ? std::vector<std::string>{} : found->second;
  }
  bool user_exists(const std::string& name) const override { return !missing_users.contains(name); }
  bool group_exists(const std::string& name) const override { return !missing_groups.contains(name); }
  ScriptState script_state(const ScriptCommand& script, bool check_security) const override {
    const std::string& program = script.argv.front();
    if (missing_scripts.contains(program) || program.starts_with('"')) return ScriptState::Missing;
    if (plain_files.contains(program)) return ScriptState::NotExecutable;
    return check_security && insecure_scripts.contains(program) ? ScriptState::Insecure : ScriptState::Usable;
  }
};

}  // namespace holdfast::config
