#include "test/vrrp/logic/scenario_objects.h"

#include <stdexcept>

namespace holdfast::test {

config::ScriptCommand command(const std::string& path) {
  return {{path}, "", ""};
}

void edit_script(config::Config& config, const std::string& name, const Keys& keys) {
  config::VrrpScript script;
  script.name = name;
  script.script = command("/bin/" + script.name);
  for (const auto& [key, value] : keys) {
    if (key == "interval")
      script.interval = duration(value);
    else if (key == "weight")
      script.weight = number(value);
    else if (key == "rise")
      script.rise = number(value);
    else if (key == "fall")
      script.fall = number(value);
    else if (key == "init_fail")
      script.init_fail = true;
    else if (key == "reverse")
      script.reverse = true;
    else if (key == "command")
      script.script = command(value);
    else
      throw std::runtime_error("unknown key " + key);
  }
  std::erase_if(config.vrrp_scripts, [&](const auto& s) { return s.name == script.name; });
  config.vrrp_scripts.push_back(script);
}

void edit_file(config::Config& config, const std::string& name, const Keys& keys) {
  config::TrackFile file;
  file.name = name;
  file.path = "/" + name;
  for (const auto& [key, value] : keys) {
    if (key == "path")
      file.path = value;
    else if (key == "weight")
      file.weight = number(value);
    else if (key == "reverse")
      file.reverse = true;
    else
      throw std::runtime_error("unknown key " + key);
  }
  std::erase_if(config.track_files, [&](const auto& f) { return f.name == name; });
  config.track_files.push_back(file);
}

void edit_process(config::Config& config, const std::string& name, const Keys& keys) {
  config::TrackProcess process;
  process.name = process.process = name;
  for (const auto& [key, value] : keys) {
    if (key == "command")
      process.process = value;
    else if (key == "weight")
      process.weight = number(value);
    else if (key == "reverse")
      process.reverse = true;
    else if (key == "quorum")
      process.quorum = number(value);
    else if (key == "max")
      process.quorum_max = number(value);
    else if (key == "fork_delay")
      process.fork_delay = duration(value);
    else if (key == "terminate_delay")
      process.terminate_delay = duration(value);
    else
      throw std::runtime_error("unknown key " + key);
  }
  std::erase_if(config.track_processes, [&](const auto& p) { return p.name == name; });
  config.track_processes.push_back(process);
}

void edit_delay(config::Config& config, const std::string& interface, const Keys& keys) {
  std::erase_if(config.interface_delays, [&](const auto& d) { return d.interface == interface; });
  config.interface_delays.push_back({interface, duration(keys.at("down")), duration(keys.at("up")), {}});
}

void edit_garp_group(config::Config& config, const std::string& interfaces, const Keys& keys) {
  const Duration interval = duration(keys.at("interval"));
  config.garp_groups.push_back({interval, interval, split(interfaces, ','), {}});
}

}  // namespace holdfast::test
