#include "core/config/schema/root_lvs.h"

#include <limits>

#include "core/config/lint_lvs.h"
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

/// False when a block of this kind and name was read before; the first counts.
bool first_of_name(std::string_view kind, const std::string& name, const Node& node, Context& context) {
  if (context.named.emplace(fmt::format("{} {}", kind, name), node.at).second) return true;
  context.diagnostics.remark(node.at, fmt::format("{} {} already defined - ignoring", kind, name));
  return false;
}

bool read_mark(VirtualServerDraft& server, const Node& node, Context& context) {
  if (mandatory_word(node, 2, "integer 1..4294967295", context.diagnostics) == nullptr) return false;
  remark_surplus(node, 3, context.diagnostics);
  const auto mark = parse_integer(node, 2, 1, std::numeric_limits<std::uint32_t>::max(), context.diagnostics);
  if (mark) server.fwmark = static_cast<std::uint32_t>(*mark);
  return mark.has_value();
}

bool read_group_name(VirtualServerDraft& server, const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 2, "the name of a virtual_server_group", context.diagnostics);
  if (name == nullptr) return false;
  remark_surplus(node, 3, context.diagnostics);
  server.group = *name;
  return true;
}

bool read_address(VirtualServerDraft& server, const Node& node, Context& context) {
  remark_surplus(node, 3, context.diagnostics);
  server.address = IpAddress::parse(node.words[1]);
  std::optional<std::int64_t> port = 0;
  if (node.words.size() > 2 && node.words[2] != "0") port = parse_integer(node, 2, 1, 65535, context.diagnostics);
  if (!server.address) {
    const bool with_port = node.words.size() > 2;
    context.diagnostics.error(
        location_of(node, 1),
        fmt::format("Invalid virtual server IP address{} {}{} - skipping", with_port ? "/port" : "", node.words[1],
                    with_port ? "/" + node.words[2] : ""),
        "ADDRESS [PORT], fwmark N or group NAME");
  }
  if (!server.address || !port) return false;
  server.given_family = server.address->family();
  server.port = static_cast<std::uint16_t>(*port);
  return true;
}

/// What the service is reached by; false when that cannot be told, which is reported.
bool read_heading(VirtualServerDraft& server, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "ADDRESS [PORT], fwmark N or group NAME", context.diagnostics);
  if (word == nullptr) return false;
  if (*word == "fwmark") return read_mark(server, node, context);
  if (*word == "group") return read_group_name(server, node, context);
  return read_address(server, node, context);
}

/// Read before the rest of the block, so that the scheduler's flags may stand anywhere in it.
bool names_scheduler(const Node& line) {
  return line.words.front() == "lb_algo" || line.words.front() == "lvs_sched";
}

std::vector<std::string> heading(const VirtualServer& server) {
  if (server.fwmark) return {"fwmark", std::to_string(*server.fwmark)};
  if (!server.group.empty()) return {"group", server.group};
  std::vector<std::string> words{server.address->text()};
  if (server.port != 0) words.push_back(std::to_string(server.port));
  return words;
}

}  // namespace

void read_track_file(Config& config, const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 1, "a name", context.diagnostics);
  TrackFile file;
  file.at = node.at;
  if (name != nullptr) file.name = *name;
  remark_surplus(node, 2, context.diagnostics);
  bool weighted = false;
  for (const Node& line : node.children) {
    const bool weight = line.words.front() == "weight";
    if (weight && weighted) continue;  // the first counts; said by lint_definitions
    weighted = weighted || weight;
    read_line(track_file_schema(), line, file, context);
  }
  if (name == nullptr) return;
  if (file.path.empty()) {
    context.diagnostics.error(node.at, fmt::format("No file set for track_file {} - ignoring", *name), "a line `file`");
  } else if (first_of_name("track_file", *name, node, context)) {
    config.track_files.push_back(std::move(file));
  }
}

void write_track_files(const Config& config, std::vector<Node>& lines) {
  for (const TrackFile& file : config.track_files) {
    lines.push_back(block("track_file", {file.name}, file.at, write_lines(track_file_schema(), file)));
  }
}

void read_ssl(Config& config, const Node& node, Context& context) {
  if (context.tls_client_read) {
    context.diagnostics.warning(node.at, "SSL context already specified - replacing");
    config.tls_client = {};
  }
  context.tls_client_read = true;
  read_lines(ssl_schema(), node.children, config.tls_client, context);
}

void write_ssl(const Config& config, std::vector<Node>& lines) {
  if (config.tls_client == TlsClient{}) return;
  lines.push_back(block("SSL", {}, {}, write_lines(ssl_schema(), config.tls_client)));
}

void read_server_group(Config& config, const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 1, "a name", context.diagnostics);
  if (name == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  VirtualServerGroup group;
  group.name = *name;
  group.at = node.at;
  read_group(group, node, context);
  if (group.entries.empty() || !first_of_name("virtual_server_group", *name, node, context)) return;
  config.virtual_server_groups.push_back(std::move(group));
}

void write_server_groups(const Config& config, std::vector<Node>& lines) {
  for (const VirtualServerGroup& group : config.virtual_server_groups) {
    lines.push_back(block("virtual_server_group", {group.name}, group.at, write_group(group)));
  }
}

void read_virtual_server(Config&, const Node& node, Context& context) {
  VirtualServerDraft server;
  server.at = node.at;
  if (!read_heading(server, node, context)) return;
  for (const bool scheduler : {true, false}) {
    for (const Node& line : node.children) {
      if (names_scheduler(line) == scheduler) read_line(virtual_server_schema(), line, server, context);
    }
  }
  close_virtual_server(std::move(server), context);
}

void write_virtual_servers(const Config& config, std::vector<Node>& lines) {
  for (const VirtualServer& server : config.virtual_servers) {
    lines.push_back(
        block("virtual_server", heading(server), server.at, write_lines(virtual_server_schema(), draft_of(server))));
  }
}

}  // namespace holdfast::config
