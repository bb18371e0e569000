// How the root's blocks about tracked processes and interfaces become members of Config, and back: vrrp_track_process,
// garp_group, linkbeat_interfaces, interface_up_down_delays. The rows stand in root.cpp.
#pragma once

#include <vector>

#include "core/config/context.h"

namespace holdfast::config {

void read_track_process(Config& config, const Node& node, Context& context);
void write_track_processes(const Config& config, std::vector<Node>& lines);
/// Without a delay of its own a group is dropped; an interface stays in the first group that names it.
void read_garp_group(Config& config, const Node& node, Context& context);
void write_garp_groups(const Config& config, std::vector<Node>& lines);
void read_linkbeat(Config& config, const Node& node, Context& context);
void write_linkbeat(const Config& config, std::vector<Node>& lines);
void read_interface_delays(Config& config, const Node& node, Context& context);
void write_interface_delays(const Config& config, std::vector<Node>& lines);

}  // namespace holdfast::config
