#include "core/config/machine.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/grammar.h"
#include "core/config/machine_blocks.h"
#include "core/config/machine_interfaces.h"
#include "core/config/machine_processors.h"
#include "core/config/machine_routes.h"
#include "core/config/machine_scopes.h"
#include "core/config/packed.h"
#include "core/config/routing_numbers.h"

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
  bool of_checker = false;
  bool unseen = true;  ///< not a vrrp_script: keepalived's -t does not look whether it is there
};

/// Blocks of the checker by their place: names are no keys there.
class PlaceIndex {
 public:
  explicit PlaceIndex(const Tree& tree) {
    for (const Node& root : tree.roots) {
      if (root.words.front() == "virtual_server") blocks_.emplace(key(root.at), &root);
    }
  }
  const Node* find(const Location& at) const {
    const auto found = blocks_.find(key(at));
    return found == blocks_.end() ? nullptr : found->second;
  }

 private:
  static std::uint64_t key(const Location& at) {
    return std::uint64_t{at.file} << 48 | std::uint64_t{at.column} << 32 | at.line;
  }
  std::unordered_map<std::uint64_t, const Node*> blocks_;
};

/// Finds the lines of a block by their places. What is asked for comes in the order of the lines.
class LineCursor {
 public:
  explicit LineCursor(const Node* block) : block_(block) {}
  const Node* find(const Location& at) {
    if (block_ == nullptr) return nullptr;
    while (next_ < block_->children.size()) {
      const Node& child = block_->children[next_++];
      if (child.at == at) return &child;
    }
    return nullptr;
  }

 private:
  const Node* block_;
  std::size_t next_ = 0;
};

class MachineLint {
 public:
  MachineLint(const Tree& tree, Config& config, const Machine& machine, Diagnostics& diagnostics)
      : tree_(tree),
        config_(config),
        machine_(machine),
        diagnostics_(diagnostics),
        instances_(index_blocks(tree, "vrrp_instance")),
        scripts_(index_blocks(tree, "vrrp_script")),
        groups_(index_blocks(tree, "vrrp_sync_group")) {}

  void run() {
    std::vector<Use> uses = scripts();
    const bool any_script = !uses.empty();
    check_default_user(uses, any_script);
    for (const Use& use : uses) check_script(use);
    if (any_script && !config_.global_defs.enable_script_security) report_security(uses);
    drop_empty_scripts();
    drop_empty_checks();
  }

 private:
  std::vector<Use> scripts() {
    std::vector<Use> uses;
    const auto add = [&](ScriptCommand& command, std::string what, Location at) {
      if (!command.empty()) uses.push_back({&command, std::move(what), at});
    };
    for (VrrpScript& script : config_.vrrp_scripts) {
      add(script.script, "track script " + script.name, line_in(find_block(scripts_, script.name), "script", 1));
      if (!script.script.empty()) uses.back().unseen = false;
    }
    for (VrrpInstance& instance : config_.vrrp_instances) {
      if (instance.notify.usual()) continue;
      add_notify_scripts(instance.notify.own(), find_block(instances_, instance.name), uses);
    }
    for (SyncGroup& group : config_.sync_groups) {
      add_notify_scripts(group.notify, find_block(groups_, group.name), uses);
    }
    add_checker_scripts(uses);
    add(config_.global_defs.startup_script, "startup script", in_globals(tree_, "startup_script"));
    for (const auto& [fifo, keyword] : {std::pair(&config_.global_defs.notify_fifo, "notify_fifo_script"),
                                        {&config_.global_defs.vrrp_notify_fifo, "vrrp_notify_fifo_script"},
                                        {&config_.global_defs.lvs_notify_fifo, "lvs_notify_fifo_script"}}) {
      add(fifo->script, "notify fifo script", in_globals(tree_, keyword));
    }
    add(config_.global_defs.shutdown_script, "shutdown script", in_globals(tree_, "shutdown_script"));
    return uses;
  }

  static void add_notify_scripts(NotifyScripts& scripts, const Node* block, std::vector<Use>& uses) {
    const auto add = [&](ScriptCommand& command, std::string_view keyword) {
      if (command.empty()) return;
      uses.push_back({&command, "notify script " + command.argv.front(), line_in(block, keyword, 1)});
    };
    add(scripts.master, "notify_master");
    add(scripts.backup, "notify_backup");
    add(scripts.fault, "notify_fault");
    add(scripts.stop, "notify_stop");
    add(scripts.deleted, "notify_deleted");
    add(scripts.any, "notify");
    add(scripts.master_rx_lower_pri, "notify_master_rx_lower_pri");
  }

  static bool runs_scripts(const VirtualServer& server) {
    return !server.quorum_up.empty() || !server.quorum_down.empty() ||
           std::ranges::any_of(server.real_servers, [](const RealServer& real) {
             return !real.notify_up.empty() || !real.notify_down.empty() ||
                    std::ranges::any_of(
                        real.checks, [](const Check& check) { return std::holds_alternative<MiscCheck>(*check.kind); });
           });
  }

  /// Made when it is first needed.
  const PlaceIndex& servers() {
    if (!servers_) servers_.emplace(tree_);
    return *servers_;
  }

  void add_checker_scripts(std::vector<Use>& uses) {
    const auto add = [&uses](Rare<ScriptCommand>& command, const char* kind, const Node* block,
                             std::string_view keyword) {
      if (command.empty()) return;
      uses.push_back({&command.own(), kind + command->argv.front(), line_in(block, keyword, 1), true});
    };
    Unpacker unpacker;
    for (VirtualServer& server : config_.virtual_servers) {
      if (!runs_scripts(server)) continue;
      const Node* found = servers().find(server.at);
      const Node* block = found == nullptr ? nullptr : &unpacker.open(*found);
      add(server.quorum_up, "quorum script ", block, "quorum_up");
      add(server.quorum_down, "quorum script ", block, "quorum_down");
      LineCursor reals(block);
      for (RealServer& real : server.real_servers) {
        const Node* inner = reals.find(real.at);
        LineCursor checks(inner);
        add(real.notify_up, "notify script ", inner, "notify_up");
        add(real.notify_down, "notify script ", inner, "notify_down");
        for (Check& check : real.checks) {
          if (!std::holds_alternative<MiscCheck>(*check.kind)) continue;
          ScriptCommand& command = std::get<MiscCheck>(check.kind.own()).command;
          if (command.empty()) continue;
          const Location at = line_in(checks.find(check.at), "misc_path", 1);
          uses.push_back({&command, "misc script " + command.argv.front(), at, true});
        }
      }
    }
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
    if (!machine_.user_exists(user_name_of(globals.script_user))) {
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
    const bool user_known = command.user.empty() || machine_.user_exists(user_name_of(command.user));
    const bool group_known = command.group.empty() || machine_.group_exists(command.group);
    if (!user_known || !group_known) {
      complain(use, fmt::format("Invalid user/group for {} - disabling", use.what), "a user and group of this machine");
      command = {};
      return;
    }
    const bool security = config_.global_defs.enable_script_security;
    switch (machine_.script_state(command, true)) {
      case Machine::ScriptState::Usable:
        return;
      case Machine::ScriptState::Insecure:
        (use.of_checker ? insecure_in_checker_ : insecure_) = true;
        if (!security) return;
        diagnostics_.add({Severity::Error,
                          ErrorClass::ScriptSecurity,
                          use.at,
                          fmt::format("Disabling {} due to insecure", use.what),
                          "a program, in folders, that only root may change",
                          {}});
        break;
      case Machine::ScriptState::Missing:
        disable(use, "a program that exists");
        break;
      case Machine::ScriptState::NotExecutable:
        disable(use, "a program with execute permission for the user it runs as");
        break;
    }
    command = {};
  }

  void disable(const Use& use, const char* expected) {
    complain(use, fmt::format("Disabling {} since not found/accessible", use.what), expected);
  }

  void complain(const Use& use, std::string what, const char* expected) {
    diagnostics_.add({use.unseen ? Severity::Warning : Severity::Error,
                      use.unseen ? ErrorClass::None : ErrorClass::General,
                      use.at,
                      std::move(what),
                      expected,
                      {}});
  }

  void drop_empty_scripts() {
    std::erase_if(config_.vrrp_scripts, [&](const VrrpScript& script) {
      if (!script.script.empty()) return false;
      for (VrrpInstance& instance : config_.vrrp_instances) {
        instance.track_scripts.erase_if([&](const TrackedScript& track) { return track.name == script.name; });
      }
      for (SyncGroup& group : config_.sync_groups) {
        group.track_scripts.erase_if([&](const TrackedScript& track) { return track.name == script.name; });
      }
      return true;
    });
  }

  /// A MISC_CHECK whose program cannot be run is none (its server is not down for it).
  void drop_empty_checks() {
    for (VirtualServer& server : config_.virtual_servers) {
      for (RealServer& real : server.real_servers) {
        std::erase_if(real.checks, [](const Check& check) {
          const auto* misc = std::get_if<MiscCheck>(&*check.kind);
          return misc != nullptr && misc->command.empty();
        });
      }
    }
  }

  /// keepalived's vrrp and checker each say it for their own.
  void report_security(const std::vector<Use>& uses) {
    const auto kept = [&uses](bool of_checker) {
      return std::any_of(uses.begin(), uses.end(),
                         [&](const Use& use) { return use.of_checker == of_checker && !use.command->empty(); });
    };
    if (kept(false)) report_security("", insecure_);
    if (kept(true)) report_security("check ", insecure_in_checker_);
  }

  void report_security(std::string_view whose, bool insecure) {
    std::string text =
        fmt::format("SECURITY VIOLATION - {}scripts are being executed but script_security not enabled.", whose);
    if (insecure) text += " There are insecure scripts.";
    diagnostics_.add({Severity::Warning, ErrorClass::ScriptSecurity, {}, std::move(text), {}, {}});
  }

  const Tree& tree_;
  Config& config_;
  const Machine& machine_;
  Diagnostics& diagnostics_;
  BlockIndex instances_, scripts_, groups_;
  std::optional<PlaceIndex> servers_;
  bool insecure_ = false, insecure_in_checker_ = false;
};

}  // namespace

void lint_machine(const Tree& tree, Config& config, const Machine& machine, Diagnostics& diagnostics) {
  const bool in_routes = lint_routes_on(machine, tree, config, diagnostics);
  RouteNames names(machine, route_name_folders(tree));
  lint_scopes_on(names, tree, diagnostics);
  const bool in_blocks = lint_blocks_on(machine, tree, config, diagnostics);
  lint_interfaces(tree, config, machine, in_routes || in_blocks, diagnostics);
  lint_processors(machine, tree, config, diagnostics);
  MachineLint(tree, config, machine, diagnostics).run();
  diagnostics.sort();
}

}  // namespace holdfast::config
