#include "core/config/machine.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/grammar.h"

namespace holdfast::config {

namespace {

constexpr std::string_view kDefaultUser = "keepalived_script";

/// The first block of a keyword with each name.
using BlockIndex = std::unordered_map<std::string_view, const Node*>;

BlockIndex index_blocks(const Tree& tree, std::string_view keyword) {
  BlockIndex index;
  for (const Node& root : tree.roots) {
    if (root.words.front() == keyword && root.words.size() > 1) index.emplace(root.words[1], &root);
  }
  return index;
}

const Node* find_block(const BlockIndex& index, const std::string& name) {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

/// The first line `keyword` of a block, the block itself, or nowhere.
Location line_in(const Node* block, std::string_view keyword, std::size_t word = 0) {
  if (block == nullptr) return {};
  for (const Node& line : block->children) {
    if (line.words.front() != keyword) continue;
    Location at = line.at;
    if (word < line.columns.size()) at.column = line.columns[word];
    return at;
  }
  return block->at;
}

Location in_globals(const Tree& tree, std::string_view keyword) {
  for (const Node& root : tree.roots) {
    if (root.words.front() != "global_defs") continue;
    const auto line = std::find_if(root.children.begin(), root.children.end(),
                                   [&](const Node& child) { return child.words.front() == keyword; });
    if (line != root.children.end()) return line->at;
  }
  return {};
}

/// One script wherever it stands, with the words messages use for it.
struct Use {
  ScriptCommand* command;
  std::string what;  ///< "track script S", "notify script F"
  Location at;
};

class MachineLint {
 public:
  MachineLint(const Tree& tree, Config& config, const Machine& machine, Diagnostics& diagnostics)
      : tree_(tree),
        config_(config),
        machine_(machine),
        diagnostics_(diagnostics),
        instances_(index_blocks(tree, "vrrp_instance")),
        scripts_(index_blocks(tree, "vrrp_script")) {}

  void run() {
    check_interfaces();
    std::vector<Use> uses = scripts();
    const bool any_script = !uses.empty() || unused_scripts();
    check_default_user(uses, any_script);
    for (const Use& use : uses) check_script(use);
    drop_empty_scripts();
    const bool kept = unused_scripts() || !scripts().empty();
    if (any_script && kept && !config_.global_defs.enable_script_security) report_security();
  }

 private:
  void check_interfaces() {
    bool missing = false;
    for (const VrrpInstance& instance : config_.vrrp_instances) {
      const Node* block = find_block(instances_, instance.name);
      if (!machine_.interface_exists(instance.interface)) {
        missing = true;
        diagnostics_.warning(line_in(block, "interface", 1),
                             fmt::format("WARNING - interface {} for vrrp_instance {} doesn't exist",
                                         instance.interface, instance.name));
      }
      for (const TrackedInterface& track : instance.track_interfaces) check_tracked(instance, track);
    }
    if (missing && !config_.global_defs.dynamic_interfaces) {
      diagnostics_.add(
          {Severity::Fatal, ErrorClass::FatalError, {}, "Non-existent interface specified in configuration", {}, {}});
    }
  }

  void check_tracked(const VrrpInstance& instance, const TrackedInterface& track) {
    if (machine_.interface_exists(track.interface)) return;
    diagnostics_.warning(track.at,
                         fmt::format("WARNING - interface {} for track_interface of vrrp_instance {} doesn't exist",
                                     track.interface, instance.name));
  }

  std::vector<Use> scripts() {
    std::vector<Use> uses;
    const auto add = [&](ScriptCommand& command, std::string what, Location at) {
      if (!command.empty()) uses.push_back({&command, std::move(what), at});
    };
    for (VrrpScript& script : config_.vrrp_scripts) {
      add(script.script, "track script " + script.name, line_in(find_block(scripts_, script.name), "script", 1));
    }
    for (VrrpInstance& instance : config_.vrrp_instances) {
      const Node* block = find_block(instances_, instance.name);
      const auto notify = [&](ScriptCommand& command, std::string_view keyword) {
        if (!command.empty()) add(command, "notify script " + command.argv.front(), line_in(block, keyword, 1));
      };
      notify(instance.notify.master, "notify_master");
      notify(instance.notify.backup, "notify_backup");
      notify(instance.notify.fault, "notify_fault");
      notify(instance.notify.stop, "notify_stop");
      notify(instance.notify.deleted, "notify_deleted");
      notify(instance.notify.any, "notify");
      notify(instance.notify.master_rx_lower_pri, "notify_master_rx_lower_pri");
    }
    add(config_.global_defs.startup_script, "startup script", in_globals(tree_, "startup_script"));
    add(config_.global_defs.shutdown_script, "shutdown script", in_globals(tree_, "shutdown_script"));
    return uses;
  }

  /// Scripts of blocks that this version only validates: keepalived would run them, so its security notice applies.
  bool unused_scripts() const {
    return std::any_of(tree_.roots.begin(), tree_.roots.end(), [this](const Node& root) {
      return root.words.front() == "vrrp_sync_group" && has_member(root) &&
             std::any_of(root.children.begin(), root.children.end(),
                         [](const Node& line) { return grammar().holds_script(line.words.front()); });
    });
  }

  bool has_member(const Node& group) const {
    for (const Node& line : group.children) {
      if (line.words.front() != "group") continue;
      for (const Node& member : line.children) {
        if (instances_.contains(member.words.front())) return true;
      }
    }
    return false;
  }

  /// behaviour.md a.5, h.4: script_user, else keepalived_script, else the daemon's own user unless security is on.
  void check_default_user(std::vector<Use>& uses, bool any_script) {
    GlobalDefs& globals = config_.global_defs;
    if (!globals.script_user.empty()) check_named_user();
    if (!globals.script_user.empty()) return;
    if (machine_.user_exists(std::string(kDefaultUser))) {
      globals.script_user = kDefaultUser;
      return;
    }
    if (!any_script) return;
    if (!globals.enable_script_security) {
      diagnostics_.remark(
          {}, "WARNING - default user 'keepalived_script' for script execution does not exist - please create.");
      return;
    }
    for (const Use& use : uses) {
      if (!use.command->user.empty()) continue;
      diagnostics_.error(
          use.at, fmt::format("Unable to set default user keepalived_script for script, {} - removing", use.what),
          "script_user in global_defs, or a user keepalived_script on this machine");
      *use.command = {};
    }
    std::erase_if(uses, [](const Use& use) { return use.command->empty(); });
  }

  void check_named_user() {
    GlobalDefs& globals = config_.global_defs;
    const Location at = in_globals(tree_, "script_user");
    if (!machine_.user_exists(globals.script_user)) {
      diagnostics_.error(at,
                         fmt::format("Unable to resolve default script username '{}' - ignoring", globals.script_user),
                         "a user of this machine");
      globals.script_user.clear();
      globals.script_group.clear();
    } else if (!globals.script_group.empty() && !machine_.group_exists(globals.script_group)) {
      diagnostics_.error(at,
                         fmt::format("Unable to resolve default script group '{}' - ignoring", globals.script_group),
                         "a group of this machine");
      globals.script_group.clear();
    }
  }

  void check_script(const Use& use) {
    ScriptCommand& command = *use.command;
    const bool user_known = command.user.empty() || machine_.user_exists(command.user);
    const bool group_known = command.group.empty() || machine_.group_exists(command.group);
    if (!user_known || !group_known) {
      diagnostics_.error(use.at, fmt::format("Invalid user/group for {} - disabling", use.what),
                         "a user and group of this machine");
      command = {};
      return;
    }
    const bool security = config_.global_defs.enable_script_security;
    switch (machine_.script_state(command, true)) {
      case Machine::ScriptState::Usable:
        return;
      case Machine::ScriptState::Insecure:
        insecure_ = true;
        if (!security) return;
        diagnostics_.add({Severity::Error,
                          ErrorClass::ScriptSecurity,
                          use.at,
                          fmt::format("Disabling {} due to insecure", use.what),
                          "a program, in folders, that only root may change",
                          {}});
        break;
      case Machine::ScriptState::Missing:
        diagnostics_.error(use.at, fmt::format("Disabling {} since not found/accessible", use.what),
                           "a program that exists");
        break;
      case Machine::ScriptState::NotExecutable:
        diagnostics_.error(use.at, fmt::format("Disabling {} since not found/accessible", use.what),
                           "a program with execute permission for the user it runs as");
        break;
    }
    command = {};
  }

  void drop_empty_scripts() {
    std::erase_if(config_.vrrp_scripts, [&](const VrrpScript& script) {
      if (!script.script.empty()) return false;
      for (VrrpInstance& instance : config_.vrrp_instances) {
        std::erase_if(instance.track_scripts, [&](const TrackedScript& track) { return track.name == script.name; });
      }
      return true;
    });
  }

  void report_security() {
    std::string text = "SECURITY VIOLATION - scripts are being executed but script_security not enabled.";
    if (insecure_) text += " There are insecure scripts.";
    diagnostics_.add({Severity::Warning, ErrorClass::ScriptSecurity, {}, std::move(text), {}, {}});
  }

  const Tree& tree_;
  Config& config_;
  const Machine& machine_;
  Diagnostics& diagnostics_;
  BlockIndex instances_, scripts_;
  bool insecure_ = false;
};

}  // namespace

void lint_machine(const Tree& tree, Config& config, const Machine& machine, Diagnostics& diagnostics) {
  MachineLint(tree, config, machine, diagnostics).run();
  diagnostics.sort();
}

}  // namespace holdfast::config
