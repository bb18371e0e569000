// Blocks that are read and validated but not used in this version: groups, tracked files and processes.
#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using U = Unused;

void check_names(U&, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  if (!node.children.empty()) return;
  context.diagnostics.warning(node.at, fmt::format("Warning - empty block {}", node.words.front()),
                              "names, one a line");
}

void read_members(SyncGroupDraft& group, const Node& node, Context& context) {
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
      group.members.push_back({line.words[at], location_of(line, at)});
    }
  }
}

void check_tracks(SyncGroupDraft&, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  const std::string& keyword = node.words.front();
  const TrackKind kind = keyword == "track_interface" ? TrackKind::Interface
                         : keyword == "track_script"  ? TrackKind::Script
                         : keyword == "track_file"    ? TrackKind::File
                         : keyword == "track_bfd"     ? TrackKind::Bfd
                                                      : TrackKind::Process;
  for (const Node& line : node.children) read_track_entry(line, kind, context.diagnostics);
}

void check_script_tracks(SyncGroupDraft& group, const Node& node, Context& context) {
  check_tracks(group, node, context);
  for (const Node& line : node.children) {
    if (context.scripts.contains(line.words.front())) continue;
    context.diagnostics.error(line.at, fmt::format("track script {} not found, ignoring...", line.words.front()),
                              "the name of a vrrp_script");
  }
}

template <int limit>
void check_weight(U&, const Node& node, Context& context) {
  parse_integer(node, 1, -limit, limit, context.diagnostics);
  if (node.words.size() > 2 && node.words[2] != "reverse") {
    context.diagnostics.error(location_of(node, 2), fmt::format("unknown weight option '{}'", node.words[2]),
                              "reverse, or nothing");
  }
}

template <class S>
Row<S> checked(std::string keyword, Shape shape, void (*read)(S&, const Node&, Context&), std::string doc,
               std::string since) {
  return not_yet(special<S>(std::move(keyword), std::move(shape), read, {}, std::move(doc), std::move(since)));
}

template <class S>
Row<S> list(std::string keyword, void (*read)(S&, const Node&, Context&), std::string doc, std::string since) {
  return as_block(checked<S>(std::move(keyword), "a block of names", read, std::move(doc), std::move(since)));
}

}  // namespace

const Schema<SyncGroupDraft>& vrrp_sync_group_schema() {
  using G = SyncGroupDraft;
  static const Schema<G> schema{
      "vrrp_sync_group",
      "Instances that change together.",
      {list<G>("group", read_members, "The instances.", "0.6.4"),
       list<G>("track_interface", check_tracks, "Interfaces that fault all of them.", "2.0.0"),
       list<G>("track_script", check_script_tracks, "Scripts that do.", "2.0.0"),
       list<G>("track_file", check_tracks, "Files that do.", "2.0.0"),
       list<G>("track_process", check_tracks, "Processes that do.", "2.0.11"),
       list<G>("track_bfd", check_tracks, "BFD sessions that do.", "2.0.0"),
       validated<G>("notify_backup", Script{}, "Run when the group becomes backup.", "0.6.4"),
       validated<G>("notify_master", Script{}, "Run when it becomes master.", "0.6.4"),
       validated<G>("notify_fault", Script{}, "Run on a fault.", "0.6.4"),
       validated<G>("notify_stop", Script{}, "Run on stop.", "2.0.0"),
       validated<G>("notify", Script{}, "Run on every change, with four arguments.", "1.1.2"),
       validated<G>("smtp_alert", Boolean{}, "Mail every change.", "1.0.0"),
       validated<G>("global_tracking", Flag{}, "Older spelling of sync_group_tracking_weight.", "1.2.3")
           .now("sync_group_tracking_weight"),
       validated<G>("sync_group_tracking_weight", Flag{}, "Members may have weighted trackers.", "2.0.0"),
       validated<G>("notify_priority_changes", Boolean{}, "Also tell pipes of priority changes.", "2.2.0")}};
  return schema;
}

const Schema<Unused>& track_group_schema() {
  static const Schema<U> schema{"track_group",
                                "Instances that static entries fault.",
                                {list<U>("group", check_names, "The instances.", "2.0.3")}};
  return schema;
}

const Schema<Unused>& garp_group_schema() {
  const Seconds delay{Duration::zero(), microseconds(4'294'967'295), 6};
  static const Schema<U> schema{
      "garp_group",
      "Interfaces that share a delay between gratuitous ARPs.",
      {validated<U>("garp_interval", delay, "Least time between two gratuitous ARPs, seconds.", "1.2.21"),
       validated<U>("gna_interval", delay, "The same for neighbour adverts.", "1.2.21"),
       validated<U>("interface", Word{"an interface name", 15}, "One interface.", "1.2.21"),
       list<U>("interfaces", check_names, "Several.", "1.2.21")}};
  return schema;
}

const Schema<Unused>& vrrp_track_process_schema() {
  const Seconds delay{microseconds(1), seconds(3600), 6};
  static const Schema<U> schema{
      "vrrp_track_process",
      "A number of processes that moves a priority.",
      {validated<U>("process", WordList{"a program, then its parameters", 1, 1000}, "Which processes count.", "2.0.11"),
       validated<U>("param_match", Choice{{"initial", "partial"}, true}, "How parameters are compared.", "2.0.16"),
       checked<U>("weight", Shape{"integer -254..254, then perhaps reverse", Integer{-254, 254}.form()},
                  check_weight<254>, "Added to the priority.", "2.0.11")
           .in("prio"),
       validated<U>("quorum", Integer{1, 65535}, "Fewest processes.", "2.0.11"),
       validated<U>("quorum_max", Integer{0, 65535}, "Most processes.", "2.0.16"),
       validated<U>("delay", delay, "Both delays, seconds.", "2.0.11"),
       validated<U>("terminate_delay", delay, "Delay after an end, seconds.", "2.0.16"),
       validated<U>("fork_delay", delay, "Delay after a start, seconds.", "2.0.16"),
       validated<U>("full_command", Flag{}, "Compare the path instead of the name.", "2.0.11")}};
  return schema;
}

}  // namespace holdfast::config
