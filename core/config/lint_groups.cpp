#include "core/config/lint_groups.h"

#include <fmt/format.h>

#include "core/config/block_lines.h"
#include "core/config/codec.h"

namespace holdfast::config {

namespace {

constexpr std::string_view kStaticLists[] = {"static_ipaddress", "static_routes", "static_rules"};

/// "track_script" is about a "script".
std::string_view subject_of(std::string_view list) {
  return list.substr(std::string_view("track_").size());
}

class GroupLint {
 public:
  GroupLint(const Tree& tree, const TrackerWeights& weights, Context& context)
      : tree_(tree), weights_(weights), context_(context) {
    for (const VrrpInstance& instance : context.config.vrrp_instances) instances_.emplace(instance.name, &instance);
    for (const Node& root : tree.roots) {
      if (root.words.front() == "vrrp_instance" && root.words.size() > 1) blocks_.emplace(root.words[1], &root);
    }
  }

  void run() {
    for (const SyncGroupDraft& group : context_.groups) check_group(group);
    check_static_entries();
  }

 private:
  void check_group(const SyncGroupDraft& group) {
    const BlockLines lines(*group.node);
    check_words(group, lines);
    const bool weighted = lines.has("sync_group_tracking_weight") || lines.has("global_tracking");
    bool has_owner = false;
    for (const SyncGroupDraft::Member& member : group.given_members) {
      const auto instance = instances_.find(member.name);
      const auto block = blocks_.find(member.name);
      if (instance == instances_.end() || block == blocks_.end()) continue;
      has_owner = has_owner || instance->second->owner();
      if (!seen_.insert(member.name).second) continue;
      const BlockLines own(*block->second);
      if (!weighted && !instance->second->owner()) check_weights(group, *instance->second, own);
      check_twice(group, lines, *instance->second, own);
    }
    if (has_owner) check_owner(group, lines);
  }

  void check_words(const SyncGroupDraft& group, const BlockLines& lines) {
    std::unordered_set<std::string_view> notifies;
    for (const Node& line : group.node->children) {
      const std::string& keyword = line.words.front();
      if (!keyword.starts_with("notify") || keyword == "notify_priority_changes") continue;
      if (notifies.insert(keyword).second) continue;
      context_.diagnostics.warning(
          line.at, fmt::format("sync group {}: {} script already specified - ignoring", group.name, keyword),
          "one line for each kind");
    }
    if (!lines.has("global_tracking")) return;
    context_.diagnostics.warning(lines.at("global_tracking"),
                                 fmt::format("({}) global_tracking is deprecated", group.name),
                                 "track_interface, track_script or track_file in the group itself");
  }

  void check_weights(const SyncGroupDraft& group, const VrrpInstance& instance, const BlockLines& lines) {
    for (const std::string_view list : kTrackerLists) {
      for (const Node* line : lines.entries(list)) {
        const TrackerWeights::Weight weight = weights_.of(list, *line);
        if (weight.value == 0) continue;
        report_weight(group, instance, list, *line, weight);
      }
    }
  }

  void report_weight(const SyncGroupDraft& group, const VrrpInstance& instance, std::string_view list, const Node& line,
                     const TrackerWeights::Weight& weight) {
    std::string text = fmt::format("({}) ignoring weight of tracked {} {} due to SYNC group {}{}", instance.name,
                                   subject_of(list), line.words.front(), group.name, origin_of(weight));
    std::string mend = fmt::format(
        "weight 0, so that it faults the group, or sync_group_tracking_weight in {}, or "
        "the {} in the group's own block {}",
        group.name, subject_of(list), list);
    // keepalived says nothing of processes
    if (list == "track_process") {
      context_.diagnostics.advise(line.at, std::move(text), std::move(mend));
    } else {
      context_.diagnostics.warning(line.at, std::move(text), std::move(mend));
    }
  }

  /// What the group tracks its members track: saying so in both is once too often.
  void check_twice(const SyncGroupDraft& group, const BlockLines& lines, const VrrpInstance& instance,
                   const BlockLines& own) {
    for (const std::string_view list : kTrackerLists) {
      std::unordered_set<std::string_view> names;
      for (const Node* line : own.entries(list)) names.insert(line->words.front());
      if (list == "track_interface" && instance.track_primary) names.insert(instance.interface);
      for (const Node* line : lines.entries(list)) {
        if (names.contains(line->words.front())) report_twice(group, instance, list, *line);
      }
    }
  }

  void report_twice(const SyncGroupDraft& group, const VrrpInstance& instance, std::string_view list,
                    const Node& line) {
    std::string text = fmt::format("({}) {} {} is configured on VRRP instance and sync group {}", instance.name, list,
                                   line.words.front(), group.name);
    std::string mend = "it in the group or in its members";
    if (list == "track_interface") {
      context_.diagnostics.warning(line.at, std::move(text), std::move(mend));
    } else {
      context_.diagnostics.advise(line.at, std::move(text), std::move(mend));
    }
  }

  void check_owner(const SyncGroupDraft& group, const BlockLines& lines) {
    for (const std::string_view list : kTrackerLists) {
      for (const Node* line : lines.entries(list)) {
        const TrackerWeights::Weight weight = weights_.of(list, *line);
        if (weight.value == 0) continue;
        context_.diagnostics.warning(
            line->at,
            fmt::format("({}) Cannot have weighted track {} '{}' with member having priority 255 - clearing weight{}",
                        group.name, subject_of(list), line->words.front(), origin_of(weight)),
            "weight 0, or a priority below 255 in every member");
      }
    }
  }

  void check_static_entries() {
    for (const Node& root : tree_.roots) {
      for (const std::string_view list : kStaticLists) {
        if (root.words.front() != list) continue;
        for (const Node& line : root.children) check_track_group(line);
      }
    }
  }

  void check_track_group(const Node& line) {
    for (std::size_t at = 1; at + 1 < line.words.size(); ++at) {
      if (line.words[at] != "track_group") continue;
      if (context_.named.contains("track_group " + line.words[at + 1])) continue;
      context_.diagnostics.error(location_of(line, at + 1), fmt::format("track_group {} not found", line.words[at + 1]),
                                 "the name of a track_group");
    }
  }

  const Tree& tree_;
  const TrackerWeights& weights_;
  Context& context_;
  std::unordered_map<std::string_view, const VrrpInstance*> instances_;
  std::unordered_map<std::string_view, const Node*> blocks_;
  std::unordered_set<std::string_view> seen_;  ///< members: of the first group that names them
};

}  // namespace

void lint_groups(const Tree& tree, const TrackerWeights& weights, Context& context) {
  GroupLint(tree, weights, context).run();
}

std::string origin_of(const TrackerWeights::Weight& weight) {
  if (weight.definition == nullptr) return {};
  return fmt::format(" (weight {} is from line {})", weight.value, weight.definition->at.line);
}

}  // namespace holdfast::config
