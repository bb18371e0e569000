#include "core/config/schema/sync_group.h"

#include <algorithm>

#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"
#include "core/config/schema/vrrp_instance_lists.h"

namespace holdfast::config {

namespace {

using G = SyncGroupDraft;

void read_members(G& group, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  if (group.members_given) {
    context.diagnostics.error(node.at, fmt::format("Sync group {} has a second block group - ignoring", group.name),
                              "all members in one block");
    return;
  }
  group.members_given = true;
  if (node.children.empty()) {
    context.diagnostics.warning(node.at, fmt::format("Warning - sync group {} has empty group block", group.name),
                                "the names of its instances, one a line");
  }
  for (const Node& line : node.children) {
    for (std::size_t at = 0; at < line.words.size(); ++at) {
      group.given_members.push_back({line.words[at], location_of(line, at)});
    }
  }
}

void write_members(const G& group, std::vector<Node>& lines) {
  lines.push_back(word_list("group", group.members));
}

void read_scripts(G& group, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    const TrackEntry entry = read_track_entry(line, TrackKind::Script, context.diagnostics);
    if (context.scripts.contains(entry.name)) {
      group.track_scripts.push_back({entry.name, entry.weight, entry.reverse, line.at});
    } else {
      context.diagnostics.error(line.at, fmt::format("track script {} not found, ignoring...", entry.name),
                                "the name of a vrrp_script");
    }
  }
}

void read_interfaces(G& group, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    const TrackEntry entry = read_track_entry(line, TrackKind::Interface, context.diagnostics);
    const int weight = std::clamp(entry.weight.value_or(0), -253, 253);
    group.track_interfaces.push_back({entry.name, weight, entry.reverse.value_or(false), line.at});
  }
}

void check_bfd_tracks(G&, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) read_track_entry(line, TrackKind::Bfd, context.diagnostics);
}

void read_files(G& group, const Node& node, Context& context) {
  read_tracked(node, TrackKind::File, group.track_files, context.diagnostics);
}

void read_processes(G& group, const Node& node, Context& context) {
  read_tracked(node, TrackKind::Process, group.track_processes, context.diagnostics);
}

Row<G> list(std::string keyword, void (*read)(G&, const Node&, Context&),
            std::function<void(const G&, std::vector<Node>&)> write, std::string doc, std::string since) {
  return as_block(
      special<G>(std::move(keyword), "a block of names", read, std::move(write), std::move(doc), std::move(since)));
}

/// The first of two counts (behaviour.md a.1).
Row<G> notify(std::string keyword, ScriptCommand NotifyScripts::*member, std::string doc, std::string since) {
  auto read = [member](G& group, const Node& node, Context& context) {
    auto command = Script{}.parse(node, context.diagnostics);
    if (!command) return;
    if ((group.notify.*member).empty()) group.notify.*member = *std::move(command);  // a second one: lint_groups
  };
  auto write = [member, keyword](const G& group, std::vector<Node>& lines) {
    if (!(group.notify.*member).empty()) lines.push_back(made_node(keyword, Script{}.format(group.notify.*member)));
  };
  return special<G>(keyword, Script{}, read, write, std::move(doc), std::move(since));
}

Row<G> choice(std::string keyword, std::optional<bool> SyncGroup::*member, std::string doc, std::string since) {
  auto read = [member](G& group, const Node& node, Context& context) {
    if (const auto value = Boolean{}.parse(node, context.diagnostics)) group.*member = *value;
  };
  auto write = [member, keyword](const G& group, std::vector<Node>& lines) {
    if (group.*member) lines.push_back(made_node(keyword, Boolean{}.format(*(group.*member))));
  };
  return special<G>(keyword, Boolean{}, read, write, std::move(doc), std::move(since));
}

void read_weighing(G& group, const Node& node, Context& context) {
  remark_surplus(node, 1, context.diagnostics);
  group.members_may_weigh = true;
}

void write_weighing(const G& group, std::vector<Node>& lines) {
  if (group.members_may_weigh) lines.push_back(made_node("sync_group_tracking_weight"));
}

}  // namespace

const Schema<G>& vrrp_sync_group_schema() {
  const auto scripts = [](const G& group, std::vector<Node>& lines) { write_tracks(group.track_scripts, lines); };
  const auto interfaces = [](const G& group, std::vector<Node>& lines) { write_tracks(group.track_interfaces, lines); };
  const auto files = [](const G& group, std::vector<Node>& lines) {
    write_tracked("track_file", group.track_files, lines);
  };
  const auto processes = [](const G& group, std::vector<Node>& lines) {
    write_tracked("track_process", group.track_processes, lines);
  };
  static const Schema<G> schema{
      "vrrp_sync_group",
      "Instances that are master together or not at all.",
      {list("group", read_members, write_members, "The instances.", "0.6.4"),
       list("track_interface", read_interfaces, interfaces, "Interfaces that every member tracks.", "2.0.0"),
       list("track_script", read_scripts, scripts, "Scripts that every member tracks.", "2.0.0"),
       list("track_file", read_files, files, "Files that do.", "2.0.0"),
       list("track_process", read_processes, processes, "Processes that do.", "2.0.11"),
       not_yet(list("track_bfd", check_bfd_tracks, {}, "BFD sessions that do.", "2.0.0")),
       notify("notify_backup", &NotifyScripts::backup, "Run when the group becomes backup.", "0.6.4"),
       notify("notify_master", &NotifyScripts::master, "Run when it becomes master.", "0.6.4"),
       notify("notify_fault", &NotifyScripts::fault, "Run on a fault.", "0.6.4"),
       notify("notify_stop", &NotifyScripts::stop, "Run on stop.", "2.0.0"),
       notify("notify", &NotifyScripts::any, "Run on every change, with four arguments.", "1.1.2"),
       choice("smtp_alert", &SyncGroup::smtp_alert, "Mail every change.", "1.0.0"),
       special<G>("global_tracking", Flag{}, read_weighing, {}, "Older spelling of sync_group_tracking_weight.",
                  "1.2.3")
           .now("sync_group_tracking_weight"),
       special<G>("sync_group_tracking_weight", Flag{}, read_weighing, write_weighing,
                  "Weights of the members' own trackers count.", "2.0.0"),
       choice("notify_priority_changes", &SyncGroup::notify_priority_changes,
              "Default of the members' notify_priority_changes.", "2.2.0")}};
  return schema;
}

}  // namespace holdfast::config
