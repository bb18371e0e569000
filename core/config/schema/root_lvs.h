// How the root's blocks of the checker become members of Config, and back: track_file, SSL, virtual_server_group,
// virtual_server. root.cpp names these functions in its rows.
#pragma once

#include <vector>

#include "core/config/context.h"

namespace holdfast::config {

void read_track_file(Config& config, const Node& node, Context& context);
void write_track_files(const Config& config, std::vector<Node>& lines);
void read_ssl(Config& config, const Node& node, Context& context);
void write_ssl(const Config& config, std::vector<Node>& lines);
void read_server_group(Config& config, const Node& node, Context& context);
void write_server_groups(const Config& config, std::vector<Node>& lines);
void read_virtual_server(Config& config, const Node& node, Context& context);
void write_virtual_servers(const Config& config, std::vector<Node>& lines);

}  // namespace holdfast::config
