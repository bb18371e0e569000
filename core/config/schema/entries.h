// Lines of list blocks, which have no keyword of their own: addresses, tracked objects, routes, rules, names. One
// function per kind reads a line (and says what is wrong with it), one writes it. Used by the schemas of the blocks
// that hold such lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/virtual_address.h"
#include "core/config/schema/vrrp_instance.h"

namespace holdfast::config {

enum class EntryPlace : std::uint8_t { Instance, Static };

/// A line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress; nothing when there is no address in it.
std::optional<VirtualAddress> read_address_entry(const Node& node, EntryPlace place, Diagnostics& diagnostics);
Node write_address_entry(const VirtualAddress& entry);

/// `NAME [weight N [reverse|noreverse]]`, the form of every track_* line.
struct TrackEntry {
  std::string name;
  std::optional<int> weight;
  std::optional<bool> reverse;
};
enum class TrackKind : std::uint8_t { Interface, Script, File, Process, Bfd };
inline constexpr TrackKind kTrackKinds[] = {TrackKind::Interface, TrackKind::Script, TrackKind::File,
                                            TrackKind::Process, TrackKind::Bfd};
class OptionTable;
class LineOptions;
const OptionTable& track_table(TrackKind kind);
TrackEntry read_track_entry(const Node& node, TrackKind kind, Diagnostics& diagnostics);
Node write_track_entry(const TrackEntry& entry);

/// A line of virtual_routes or static_routes, virtual_rules or static_rules: each option and its value are
/// checked through the tables of option_table.h, then what they say together (lint_routes.h). Names are taken as they are
/// written; whether the machine knows them is asked by machine_routes.h, which reads the lines once more.
/// Nothing when the line cannot be used (reported).
std::optional<Route> read_route(const Node& node, EntryPlace place, Diagnostics& diagnostics);
std::optional<Rule> read_rule(const Node& node, EntryPlace place, Diagnostics& diagnostics);
/// The options of such a line; nothing when one of its words could not be read (reported).
std::optional<LineOptions> read_route_entry(const Node& node, EntryPlace place, Diagnostics& diagnostics);
std::optional<LineOptions> read_rule_entry(const Node& node, EntryPlace place, Diagnostics& diagnostics);

/// What errors there are among the diagnostics from the one with this number on.
bool has_errors_since(const Diagnostics& diagnostics, std::size_t first);

/// Every line of a list block that must not open a block itself.
void check_no_blocks(const Node& list, Diagnostics& diagnostics);

}  // namespace holdfast::config
