// The blocks of a vrrp_instance that are lists of lines: addresses, trackers, routes and rules. Rows of vrrp_instance.cpp name
// these functions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/schema/schemas.h"

namespace holdfast::config {

/// An empty block, to be filled with lines.
Node list_node(std::string keyword);

/// The first address of an instance decides its family; later ones must be of it (behaviour.md d.2).
bool family_fits(InstanceDraft& instance, const IpAddress& address);

void read_addresses(InstanceDraft& instance, const Node& node, Context& context);
void read_excluded(InstanceDraft& instance, const Node& node, Context& context);
std::function<void(const InstanceDraft&, std::vector<Node>&)> write_addresses(
    std::string keyword, std::vector<VirtualAddress> VrrpInstance::*member);
void read_track_script(InstanceDraft& instance, const Node& node, Context& context);
void write_track_script(const InstanceDraft& instance, std::vector<Node>& lines);
void read_track_interface(InstanceDraft& instance, const Node& node, Context& context);
void write_track_interface(const InstanceDraft& instance, std::vector<Node>& lines);
/// The block of a list of trackers; nothing when it is empty.
void write_tracks(const std::vector<TrackedScript>& tracks, std::vector<Node>& lines);
void write_tracks(const std::vector<TrackedInterface>& tracks, std::vector<Node>& lines);
void check_track_list(InstanceDraft& instance, const Node& node, Context& context);
void check_routes(InstanceDraft& instance, const Node& node, Context& context);
void check_rules(InstanceDraft& instance, const Node& node, Context& context);

}  // namespace holdfast::config
