// What instances of a scenario track and share: scripts, files, processes, delays and groups of interfaces, made of key=value
// words. Used by scenario.cpp. Absent: instances, sync groups and static entries (scenario_config.h).
#pragma once

#include <string>

#include "core/config/config.h"
#include "test/vrrp/logic/scenario_words.h"

namespace holdfast::test {

config::ScriptCommand command(const std::string& path);

/// Replaces the script of this name; without command= it runs /bin/NAME.
void edit_script(config::Config& config, const std::string& name, const Keys& keys);
/// Replaces the track_file of this name; without path= it is /NAME.
void edit_file(config::Config& config, const std::string& name, const Keys& keys);
/// Replaces the vrrp_track_process of this name; without command= it is NAME.
void edit_process(config::Config& config, const std::string& name, const Keys& keys);
/// interface_up_down_delays of one interface.
void edit_delay(config::Config& config, const std::string& interface, const Keys& keys);
/// One more garp_group of these interfaces.
void edit_garp_group(config::Config& config, const std::string& interfaces, const Keys& keys);

}  // namespace holdfast::test
