#include "core/config/schema/root_watch.h"

#include <algorithm>

#include "core/config/schema/entries.h"
#include "core/config/schema/line_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

Node block(std::string keyword, std::vector<std::string> values, const Location& at, std::vector<Node> children) {
  Node node = made_node(std::move(keyword), std::move(values));
  node.block = true;
  node.at = at;
  node.children = std::move(children);
  return node;
}

const char* method_word(LinkbeatMethod method) {
  switch (method) {
    case LinkbeatMethod::FirstThatWorks:
      return "";
    case LinkbeatMethod::Mii:
      return "MII";
    case LinkbeatMethod::Ethtool:
      return "ETHTOOL";
    case LinkbeatMethod::Ioctl:
      return "IOCTL";
  }
  return "";
}

LinkbeatMethod method_from(const std::string& word) {
  for (const LinkbeatMethod method : {LinkbeatMethod::Mii, LinkbeatMethod::Ethtool, LinkbeatMethod::Ioctl}) {
    if (word == method_word(method)) return method;
  }
  return LinkbeatMethod::FirstThatWorks;
}

/// What is said of an interface last counts.
template <class T>
void keep(std::vector<T>& list, T value) {
  const auto old = std::ranges::find(list, value.interface, &T::interface);
  if (old == list.end()) {
    list.push_back(std::move(value));
  } else {
    *old = std::move(value);
  }
}

void read_delay(Config& config, const Node& line, Context& context) {
  const Seconds delay = interface_delay();
  remark_surplus(line, 3, context.diagnostics);
  if (line.words.size() < 2) {
    context.diagnostics.advise(line.at,
                               fmt::format("no delay is given for {}: the line changes nothing", line.words[0]),
                               "seconds down and perhaps seconds up");
    return;
  }
  InterfaceDelay read;
  read.interface = line.words[0];
  read.at = line.at;
  const auto down = parse_seconds(line, 1, delay.least, delay.most, delay.places, context.diagnostics);
  if (down) read.down = read.up = *down;
  if (line.words.size() > 2) {
    const auto up = parse_seconds(line, 2, delay.least, delay.most, delay.places, context.diagnostics);
    read.up = up.value_or(Duration::zero());
  }
  keep(config.interface_delays, std::move(read));
}

}  // namespace

void read_track_process(Config& config, const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 1, "a name", context.diagnostics);
  if (name != nullptr) remark_surplus(node, 2, context.diagnostics);
  TrackProcess process;
  process.at = node.at;
  if (name != nullptr) process.name = *name;
  bool weighted = false;
  for (const Node& line : node.children) {
    const bool weight = line.words.front() == "weight";
    if (weight && std::exchange(weighted, true)) continue;  // the first counts; said by lint_definitions
    read_line(vrrp_track_process_schema(), line, process, context);
  }
  if (name == nullptr) return;
  if (!context.named.emplace("vrrp_track_process " + *name, node.at).second) {
    context.diagnostics.remark(node.at, fmt::format("{} {} already defined - ignoring", node.words.front(), *name));
  } else if (!process.process.empty()) {  // said by lint_definitions
    config.track_processes.push_back(std::move(process));
  }
}

void write_track_processes(const Config& config, std::vector<Node>& lines) {
  for (const TrackProcess& process : config.track_processes) {
    lines.push_back(
        block("vrrp_track_process", {process.name}, process.at, write_lines(vrrp_track_process_schema(), process)));
  }
}

void read_garp_group(Config& config, const Node& node, Context& context) {
  GarpGroup group;
  group.at = node.at;
  read_lines(garp_group_schema(), node.children, group, context);
  if (group.garp_interval == Duration::zero() && group.gna_interval == Duration::zero()) return;
  std::vector<std::string> own;
  for (const std::string& interface : group.interfaces) {
    const auto has = [&](const GarpGroup& other) { return std::ranges::count(other.interfaces, interface) > 0; };
    if (std::ranges::none_of(config.garp_groups, has) && std::ranges::count(own, interface) == 0)
      own.push_back(interface);
  }
  group.interfaces = std::move(own);
  if (!group.interfaces.empty()) config.garp_groups.push_back(std::move(group));
}

void write_garp_groups(const Config& config, std::vector<Node>& lines) {
  for (const GarpGroup& group : config.garp_groups)
    lines.push_back(block("garp_group", {}, group.at, write_lines(garp_group_schema(), group)));
}

void read_linkbeat(Config& config, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    LinkbeatInterface read;
    read.interface = line.words.front();
    read.at = line.at;
    if (line.words.size() > 1) {
      if (!linkbeat_method().parse(line, context.diagnostics)) continue;
      read.method = method_from(line.words[1]);
    }
    keep(config.linkbeat_interfaces, std::move(read));
  }
}

void write_linkbeat(const Config& config, std::vector<Node>& lines) {
  if (config.linkbeat_interfaces.empty()) return;
  std::vector<Node> children;
  for (const LinkbeatInterface& linkbeat : config.linkbeat_interfaces) {
    children.push_back(made_node(linkbeat.interface));
    if (linkbeat.method != LinkbeatMethod::FirstThatWorks)
      children.back().words.emplace_back(method_word(linkbeat.method));
  }
  lines.push_back(block("linkbeat_interfaces", {}, {}, std::move(children)));
}

void read_interface_delays(Config& config, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) read_delay(config, line, context);
}

void write_interface_delays(const Config& config, std::vector<Node>& lines) {
  if (config.interface_delays.empty()) return;
  std::vector<Node> children;
  for (const InterfaceDelay& delay : config.interface_delays) {
    children.push_back(made_node(delay.interface, {format_seconds(delay.down), format_seconds(delay.up)}));
  }
  lines.push_back(block("interface_up_down_delays", {}, {}, std::move(children)));
}

}  // namespace holdfast::config
