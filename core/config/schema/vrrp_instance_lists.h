// The blocks of a vrrp_instance that are lists of lines: addresses, trackers, routes and rules. Rows of vrrp_instance.cpp name
// these functions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

/// An empty block, to be filled with lines.
Node list_node(std::string keyword);
/// A block of which every word is an entry, one a line. One that is also the head of a block stands behind the entry before it, as
/// it did when it was read: at the head of a line it would open that block.
Node word_list(std::string keyword, const std::vector<std::string>& words);

/// The first address of an instance decides its family; later ones must be of it (behaviour.md d.2).
bool family_fits(InstanceDraft& instance, const IpAddress& address);

void read_addresses(InstanceDraft& instance, const Node& node, Context& context);
void read_excluded(InstanceDraft& instance, const Node& node, Context& context);
void write_advertised(const InstanceDraft& instance, std::vector<Node>& lines);
void write_excluded(const InstanceDraft& instance, std::vector<Node>& lines);
void read_track_script(InstanceDraft& instance, const Node& node, Context& context);
void write_track_script(const InstanceDraft& instance, std::vector<Node>& lines);
void read_track_interface(InstanceDraft& instance, const Node& node, Context& context);
void write_track_interface(const InstanceDraft& instance, std::vector<Node>& lines);
/// The block of a list of trackers; nothing when it is empty.
void write_tracks(const std::vector<TrackedScript>& tracks, std::vector<Node>& lines);
void write_tracks(const std::vector<TrackedInterface>& tracks, std::vector<Node>& lines);
/// track_file and track_process; what they name is looked up when everything is read (lint.h).
void read_tracked(const Node& node, TrackKind kind, Few<TrackedObject>& tracks, Diagnostics& diagnostics);
void write_tracked(const std::string& keyword, const std::vector<TrackedObject>& tracks, std::vector<Node>& lines);
void read_track_file_list(InstanceDraft& instance, const Node& node, Context& context);
void write_track_file_list(const InstanceDraft& instance, std::vector<Node>& lines);
void read_track_process_list(InstanceDraft& instance, const Node& node, Context& context);
void write_track_process_list(const InstanceDraft& instance, std::vector<Node>& lines);
/// garp_extra_if: `[all] SECONDS`.
void read_garp_extra(GarpSettings& garp, const Node& node, int least, Diagnostics& diagnostics);
Node write_garp_extra(std::string keyword, const GarpSettings& garp);
void check_track_bfd(InstanceDraft& instance, const Node& node, Context& context);
void read_virtual_routes(InstanceDraft& instance, const Node& node, Context& context);
void write_virtual_routes(const InstanceDraft& instance, std::vector<Node>& lines);
void read_virtual_rules(InstanceDraft& instance, const Node& node, Context& context);
void write_virtual_rules(const InstanceDraft& instance, std::vector<Node>& lines);

}  // namespace holdfast::config
