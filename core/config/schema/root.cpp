// What may stand at the root. Blocks that this version skips whole give one note per kind.
#include <algorithm>
#include <fmt/format.h>
#include <type_traits>

#include "core/config/lint.h"
#include "core/config/lint_globals.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/root_lvs.h"
#include "core/config/schema/root_watch.h"
#include "core/config/schema/routing_lists.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using C = Config;

/// The name of a block, or nothing when it is missing or taken (both reported).
const std::string* block_name(const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 1, "a name", context.diagnostics);
  if (name != nullptr) remark_surplus(node, 2, context.diagnostics);
  return name;
}

void read_global_defs(C& config, const Node& node, Context& context) {
  for (const Node& line : node.children) {
    if (lint_global_line(line, context)) read_line(global_defs_schema(), line, config.global_defs, context);
  }
}

void write_global_defs(const C& config, std::vector<Node>& lines) {
  Node node = made_node("global_defs");
  node.block = true;
  node.children = write_lines(global_defs_schema(), config.global_defs);
  lines.push_back(std::move(node));
}

void read_script(C& config, const Node& node, Context& context) {
  const std::string* name = block_name(node, context);
  VrrpScript script;
  script.at = node.at;
  if (name != nullptr) script.name = *name;
  read_lines(vrrp_script_schema(), node.children, script, context);
  if (name == nullptr) return;
  if (context.scripts.contains(*name)) {
    context.diagnostics.remark(node.at, fmt::format("vrrp_script {} already defined - ignoring", *name));
  } else if (script.script.empty()) {
    context.diagnostics.error(node.at, fmt::format("No script set for vrrp_script {} - removing", *name),
                              "a line `script`");
  } else {
    context.scripts.insert(*name);
    config.vrrp_scripts.push_back(std::move(script));
  }
}

void write_scripts(const C& config, std::vector<Node>& lines) {
  for (const VrrpScript& script : config.vrrp_scripts) {
    Node node = made_node("vrrp_script", {script.name});
    node.block = true;
    node.at = script.at;
    node.children = write_lines(vrrp_script_schema(), script);
    lines.push_back(std::move(node));
  }
}

void read_instance(C& config, const Node& node, Context& context) {
  InstanceDraft draft = begin_instance(config, node);
  const bool named = node.words.size() == 2;
  if (!named) {
    context.diagnostics.error(node.at, "vrrp_instance must have a name, of one word - skipping",
                              "vrrp_instance NAME {");
  } else if (context.instances.contains(node.words[1])) {
    context.diagnostics.error(node.at,
                              fmt::format("vrrp_instance {} already defined - ignoring the whole block", node.words[1]),
                              "a name of its own");
    return;
  } else {
    context.instances.insert(node.words[1]);
  }
  read_lines(vrrp_instance_schema(), node.children, draft, context);
  if (!named) return;
  context.drafts.push_back(std::make_unique<InstanceDraft>(std::move(draft)));
}

/// The name of a group; keepalived goes on without a group that has none or a taken one (both reported).
const std::string* group_name(const Node& node, Context& context) {
  const std::string& keyword = node.words.front();
  if (node.words.size() != 2) {
    context.diagnostics.error(node.at, fmt::format("{} must have a name - skipping", keyword), keyword + " NAME {");
    return nullptr;
  }
  const auto [other, is_new] = context.named.emplace(keyword + " " + node.words[1], node.at);
  if (is_new) return &node.words[1];
  context.diagnostics.error(node.at, fmt::format("{} {} already defined - ignoring", keyword, node.words[1]),
                            fmt::format("a name of its own (the first is on line {})", other->second.line));
  return nullptr;
}

void read_sync_group(C&, const Node& node, Context& context) {
  const std::string* name = group_name(node, context);
  if (name == nullptr) return;
  SyncGroupDraft group;
  group.at = node.at;
  group.node = &node;
  group.name = *name;
  read_lines(vrrp_sync_group_schema(), node.children, group, context);
  context.groups.push_back(std::move(group));
}

void read_track_group(C& config, const Node& node, Context& context) {
  const std::string* name = group_name(node, context);
  if (name == nullptr) return;
  const Node* first = nullptr;
  for (const Node& line : node.children) {
    if (line.words.front() != "group") continue;
    if (first == nullptr) {
      first = &line;
      continue;
    }
    context.diagnostics.error(line.at, fmt::format("track_group {} has a second block group - ignoring", node.words[1]),
                              "all members in one block");
  }
  TrackGroup group;
  group.name = *name;
  group.at = node.at;
  read_lines(track_group_schema(), node.children, group, context);
  config.track_groups.push_back(std::move(group));
}

void write_track_groups(const C& config, std::vector<Node>& lines) {
  for (const TrackGroup& group : config.track_groups) {
    Node node = made_node("track_group", {group.name});
    node.block = true;
    node.at = group.at;
    node.children = write_lines(track_group_schema(), group);
    lines.push_back(std::move(node));
  }
}

void write_instances(const C& config, std::vector<Node>& lines) {
  for (const VrrpInstance& instance : config.vrrp_instances) {
    Node node = made_node("vrrp_instance", {instance.name});
    node.block = true;
    node.at = instance.at;
    node.children = write_lines(vrrp_instance_schema(), draft_of(instance));
    lines.push_back(std::move(node));
  }
}

void write_groups(const C& config, std::vector<Node>& lines) {
  for (const SyncGroup& group : config.sync_groups) {
    Node node = made_node("vrrp_sync_group", {group.name});
    node.block = true;
    node.at = group.at;
    SyncGroupDraft draft;
    static_cast<SyncGroup&>(draft) = group;
    node.children = write_lines(vrrp_sync_group_schema(), draft);
    lines.push_back(std::move(node));
  }
}

void read_static_addresses(C& config, const Node& node, Context& context) {
  read_addresses(node, config.static_addresses, context.diagnostics);
}
void write_static_addresses(const C& config, std::vector<Node>& lines) {
  write_addresses("static_ipaddress", config.static_addresses, lines);
}
void read_static_routes(C& config, const Node& node, Context& context) {
  read_routes(node, EntryPlace::Static, config.static_routes, context.diagnostics);
}
void write_static_routes(const C& config, std::vector<Node>& lines) {
  write_routes("static_routes", config.static_routes, lines);
}
void read_static_rules(C& config, const Node& node, Context& context) {
  read_rules(node, EntryPlace::Static, config.static_rules, context.diagnostics);
}
void write_static_rules(const C& config, std::vector<Node>& lines) {
  write_rules("static_rules", config.static_rules, lines);
}

void read_bfd(C&, const Node& node, Context& context) {
  constexpr std::size_t kLongest = 31;
  const std::string* name = block_name(node, context);
  if (name != nullptr && name->size() > kLongest) {
    context.diagnostics.error(location_of(node, 1), fmt::format("BFD name {} too long", *name), "at most 31 octets");
    return;
  }
  if (name != nullptr && !context.bfd_instances.insert(*name).second) {
    context.diagnostics.error(node.at, fmt::format("BFD {} already specified", *name), "a name of its own");
    return;
  }
  const std::size_t before = context.diagnostics.list().size();
  Unused unused;
  read_lines(bfd_instance_schema(), node.children, unused, context);
  std::vector<KeptLine> neighbors;
  for (const Node& line : node.children) {
    if (line.words.front() != "neighbor_ip" && line.words.front() != "neighbour_ip") continue;
    if (auto kept = line_to_keep(line, context.diagnostics, before)) neighbors.push_back(*std::move(kept));
  }
  if (name != nullptr && neighbors.empty()) {
    context.diagnostics.error(
        node.at,
        fmt::format("Configuration error: BFD instance {} has no neighbor address set, disabling instance", *name),
        "a line `neighbor_ip`");
  }
}

/// A root keyword whose value is a member of GlobalDefs.
Row<C> namespace_with_ipsets() {
  const auto keep = [](C& config, bool given) { config.global_defs.firewall.namespace_with_ipsets = given; };
  const auto value = [](const C& config) {
    return config.global_defs.firewall.namespace_with_ipsets ? std::optional(true) : std::nullopt;
  };
  return inside<C>("namespace_with_ipsets", Flag{}, keep, value, "Accepted; Holdfast uses no ipsets.", "1.3.0");
}

template <class T, class Codec>
Row<C> daemon_setting(std::string keyword, T GlobalDefs::*member, Codec codec, std::string doc, std::string since) {
  const Row<GlobalDefs> inner = field<GlobalDefs>(keyword, member, codec, doc, since);
  const auto read = [inner, member](C& config, const Node& node, Context& context) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!(config.global_defs.*member).empty() && node.words.size() > 1) {
        const std::string text = fmt::format("Duplicate {} definition {} - ignoring", node.words[0], node.words[1]);
        return context.diagnostics.warning(node.at, text, "one such line");
      }
    }
    inner.read(config.global_defs, node, context);
  };
  const auto write = [inner](const C& config, std::vector<Node>& nodes) { inner.write(config.global_defs, nodes); };
  return special<C>(std::move(keyword), codec, read, write, std::move(doc), std::move(since));
}

Row<C> ipvs_namespace() {
  const auto read = [](C& config, const Node& node, Context& context) {
    std::string& name = config.global_defs.daemon.net_namespace_ipvs;
    const auto value = Word{"a name"}.parse(node, context.diagnostics);
    if (!value) return;
    if (name.empty()) {
      name = *value;
    } else {
      context.diagnostics.warning(node.at, fmt::format("Duplicate net_namespace_ipvs definition {} - ignoring", *value),
                                  "one such line");
    }
  };
  const auto write = [](const C& config, std::vector<Node>& lines) {
    const std::string& name = config.global_defs.daemon.net_namespace_ipvs;
    if (!name.empty()) lines.push_back(made_node("net_namespace_ipvs", {name}));
  };
  return special<C>("net_namespace_ipvs", Word{"a name"}, read, write,
                    "Network namespace whose IPVS table is kept; the checks are made in that of the daemon.", "2.1.0");
}

}  // namespace

const Schema<Config>& root_schema() {
  using G = GlobalDefs;
  static const Schema<C> schema{
      "",
      "The root of the configuration.",
      {
          daemon_setting("instance", &G::instance, Word{"a name"},
                         "Name that keeps several daemons on a machine apart.", "1.2.24"),
          daemon_setting("net_namespace", &G::net_namespace, Word{"a name"}, "Network namespace to work in.", "1.2.24"),
          daemon_setting("use_pid_dir", &G::use_pid_dir, Flag{}, "Put pid files into a folder of their own.", "1.2.24"),
          daemon_setting("child_wait_time", &G::child_wait_time, Seconds{Duration::zero(), seconds(86400), 0},
                         "Seconds to wait for the children at stop.", "2.0.0"),
          ipvs_namespace(),
          namespace_with_ipsets(),
          field<C>("linkbeat_use_polling", &C::linkbeat_use_polling, Flag{}, "Poll interfaces' carriers.", "1.1.18"),
          as_block(special<C>("global_defs", "a block", read_global_defs, write_global_defs,
                              "Settings of the whole daemon.", "0.5.3")),
          as_block(special<C>("vrrp_script", "a name and a block", read_script, write_scripts,
                              "A command that tells up from down.", "1.1.13")),
          as_block(special<C>("vrrp_instance", "a name and a block", read_instance, write_instances,
                              "One virtual router.", "0.5.3")),
          as_block(special<C>("vrrp_sync_group", "a name and a block", read_sync_group, write_groups,
                              "Instances that are master together or not at all.", "0.6.1")),
          as_block(special<C>("track_group", "a name and a block", read_track_group, write_track_groups,
                              "Instances that static entries fault.", "2.0.3")),
          as_block(special<C>("vrrp_track_process", "a name and a block", read_track_process, write_track_processes,
                              "A number of processes that moves a priority.", "2.0.11")),
          as_block(special<C>("garp_group", "a block", read_garp_group, write_garp_groups,
                              "Interfaces that share a delay between gratuitous ARPs.", "1.2.21")),
          as_block(special<C>("static_ipaddress", "a block", read_static_addresses, write_static_addresses,
                              "Addresses that stay.", "1.1.0")),
          as_block(special<C>("static_routes", "a block", read_static_routes, write_static_routes, "Routes that stay.",
                              "1.0.1")),
          as_block(special<C>("static_rules", "a block", read_static_rules, write_static_rules, "Rules that stay.",
                              "1.2.20")),
          as_block(special<C>("linkbeat_interfaces", "a block", read_linkbeat, write_linkbeat,
                              "Interfaces whose carrier is polled.", "2.0.13")),
          as_block(special<C>("interface_up_down_delays", "a block", read_interface_delays, write_interface_delays,
                              "Seconds before a change of an interface counts.", "2.2.3")),
          as_block(special<C>("track_file", "a name and a block", read_track_file, write_track_files,
                              "A file whose number moves a priority or a weight.", "2.1.0")),
          as_block(special<C>("vrrp_track_file", "a name and a block", read_track_file, {},
                              "Older spelling of track_file.", "2.0.0"))
              .now("track_file"),
          as_block(special<C>("SSL", "a block", read_ssl, write_ssl, "Certificates of SSL_GET.", "0.5.3")),
          as_block(special<C>("virtual_server_group", "a name and a block", read_server_group, write_server_groups,
                              "Addresses of a balanced service.", "1.0.2")),
          as_block(special<C>("virtual_server", "ADDRESS [PORT], fwmark N or group NAME, and a block",
                              read_virtual_server, write_virtual_servers, "A balanced service.", "0.5.3")),
          as_block(not_yet(special<C>("bfd_instance", "a name and a block", read_bfd, {}, "A BFD session.", "2.0.0"))),
      }};
  return schema;
}

}  // namespace holdfast::config
