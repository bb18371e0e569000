#include "core/config/schema/vrrp_instance_lists.h"

#include <algorithm>

#include "core/config/grammar.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/routing_lists.h"

namespace holdfast::config {

using I = InstanceDraft;

Node list_node(std::string keyword) {
  Node node = made_node(std::move(keyword));
  node.block = true;
  return node;
}

Node word_list(std::string keyword, const std::vector<std::string>& words) {
  Node node = list_node(std::move(keyword));
  for (const std::string& word : words) {
    if (grammar().opens_block(word) && !node.children.empty()) {
      node.children.back().words.push_back(word);
    } else {
      node.children.push_back(made_node(word));
    }
  }
  return node;
}

bool family_fits(I& instance, const IpAddress& address) {
  if (!instance.given_family) {
    instance.given_family = address.family();
    instance.family_witness = address;
  }
  return *instance.given_family == address.family();
}

void read_addresses(I& instance, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    auto entry = read_address_entry(line, EntryPlace::Instance, context.diagnostics);
    if (!entry) continue;
    if (!family_fits(instance, entry->prefix.address)) {
      context.diagnostics.error(line.at,
                                fmt::format("({}) address family must match VRRP instance [{}] - ignoring",
                                            instance.name, line.words.front()),
                                fmt::format("an address of the family of {}", instance.family_witness.text()));
      continue;
    }
    instance.virtual_addresses.push_back(*std::move(entry));
  }
}

void read_excluded(I& instance, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    auto entry = read_address_entry(line, EntryPlace::Instance, context.diagnostics);
    if (entry) instance.excluded_addresses.push_back(*std::move(entry));
  }
}

void write_advertised(const I& instance, std::vector<Node>& lines) {
  write_addresses("virtual_ipaddress", instance.virtual_addresses, lines);
}

void write_excluded(const I& instance, std::vector<Node>& lines) {
  write_addresses("virtual_ipaddress_excluded", instance.excluded_addresses, lines);
}

void read_track_script(I& instance, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    const TrackEntry entry = read_track_entry(line, TrackKind::Script, context.diagnostics);
    if (context.scripts.contains(entry.name)) {
      instance.track_scripts.push_back({entry.name, entry.weight, entry.reverse, line.at});
    } else {
      context.diagnostics.error(line.at,
                                fmt::format("({}) track script {} not found, ignoring...", instance.name, entry.name),
                                "the name of a vrrp_script");
    }
  }
}

void write_tracked(const std::string& keyword, const std::vector<TrackedObject>& tracks, std::vector<Node>& lines) {
  if (tracks.empty()) return;
  Node node = list_node(keyword);
  for (const TrackedScript& script : tracks) {
    node.children.push_back(write_track_entry({script.name, script.weight, script.reverse}));
    node.children.back().at = script.at;
  }
  lines.push_back(std::move(node));
}

void write_tracks(const std::vector<TrackedScript>& tracks, std::vector<Node>& lines) {
  write_tracked("track_script", tracks, lines);
}

void read_tracked(const Node& node, TrackKind kind, Few<TrackedObject>& tracks, Diagnostics& diagnostics) {
  check_no_blocks(node, diagnostics);
  for (const Node& line : node.children) {
    TrackEntry entry = read_track_entry(line, kind, diagnostics);
    tracks.push_back({std::move(entry.name), entry.weight, entry.reverse, line.at});
  }
}

void read_track_file_list(I& instance, const Node& node, Context& context) {
  read_tracked(node, TrackKind::File, instance.track_files, context.diagnostics);
}
void write_track_file_list(const I& instance, std::vector<Node>& lines) {
  write_tracked("track_file", instance.track_files, lines);
}
void read_track_process_list(I& instance, const Node& node, Context& context) {
  read_tracked(node, TrackKind::Process, instance.track_processes, context.diagnostics);
}
void write_track_process_list(const I& instance, std::vector<Node>& lines) {
  write_tracked("track_process", instance.track_processes, lines);
}

void read_garp_extra(GarpSettings& garp, const Node& node, int least, Diagnostics& diagnostics) {
  const bool all = node.words.size() > 1 && node.words[1] == "all";
  const auto period = parse_integer(node, all ? 2 : 1, least, 86400, diagnostics);
  if (!period) return;
  garp.extra_on_all = all;
  garp.extra_interval = seconds(*period);
}

Node write_garp_extra(std::string keyword, const GarpSettings& garp) {
  Node node = made_node(std::move(keyword));
  if (garp.extra_on_all) node.words.emplace_back("all");
  node.words.push_back(format_seconds(garp.extra_interval));
  return node;
}

void write_track_script(const I& instance, std::vector<Node>& lines) {
  write_tracks(instance.track_scripts, lines);
}

void read_track_interface(I& instance, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    const TrackEntry entry = read_track_entry(line, TrackKind::Interface, context.diagnostics);
    const int weight = std::clamp(entry.weight.value_or(0), -253, 253);
    if (weight != entry.weight.value_or(0)) {
      context.diagnostics.warning(
          line.at, fmt::format("({}) weight for {} cannot be +/-254. Setting to {}", instance.name, entry.name, weight),
          "-253..253");
    }
    instance.track_interfaces.push_back({entry.name, weight, entry.reverse.value_or(false), line.at});
  }
}

void write_tracks(const std::vector<TrackedInterface>& tracks, std::vector<Node>& lines) {
  if (tracks.empty()) return;
  Node node = list_node("track_interface");
  for (const TrackedInterface& track : tracks) {
    node.children.push_back(write_track_entry({track.interface, track.weight, track.reverse}));
    node.children.back().at = track.at;
  }
  lines.push_back(std::move(node));
}

void write_track_interface(const I& instance, std::vector<Node>& lines) {
  write_tracks(instance.track_interfaces, lines);
}

void check_track_bfd(I&, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) read_track_entry(line, TrackKind::Bfd, context.diagnostics);
}

void read_virtual_routes(I& instance, const Node& node, Context& context) {
  instance.virtual_routes.change(
      [&](std::vector<Route>& list) { read_routes(node, EntryPlace::Instance, list, context.diagnostics); });
}

void write_virtual_routes(const I& instance, std::vector<Node>& lines) {
  write_routes("virtual_routes", instance.virtual_routes, lines);
}

void read_virtual_rules(I& instance, const Node& node, Context& context) {
  instance.virtual_rules.change(
      [&](std::vector<Rule>& list) { read_rules(node, EntryPlace::Instance, list, context.diagnostics); });
}

void write_virtual_rules(const I& instance, std::vector<Node>& lines) {
  write_rules("virtual_rules", instance.virtual_rules, lines);
}

}  // namespace holdfast::config
