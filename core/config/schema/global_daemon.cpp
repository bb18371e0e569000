#include "core/config/schema/global_daemon.h"

#include <fmt/format.h>

namespace holdfast::config {

namespace {

using G = GlobalDefs;
using D = DaemonSettings;

constexpr std::int64_t kInt = 2147483647;
constexpr std::int64_t kUnsigned = 4294967295;
constexpr std::size_t kLongestProcessName = 15;  // octets, of the kernel

/// A row of DaemonSettings as one of GlobalDefs.
Row<G> of_daemon(const Row<D>& inner) {
  Row<G> row;
  static_cast<RowInfo&>(row) = inner;
  row.read = [inner](G& globals, const Node& node, Context& context) { inner.read(globals.daemon, node, context); };
  row.write = [inner](const G& globals, std::vector<Node>& lines) {
    if (inner.write) inner.write(globals.daemon, lines);
  };
  return row;
}

template <class T, class Codec>
Row<G> setting(std::string keyword, T D::*member, Codec codec, std::string doc, std::string since) {
  return of_daemon(field<D>(std::move(keyword), member, codec, std::move(doc), std::move(since)));
}

/// lint_global_line says when it is too long.
Row<G> name_row(std::string keyword, std::string ProcessNames::*member, std::string doc, std::string since) {
  return inside<G>(
      std::move(keyword), Word{"a name of up to 15 octets"},
      [member](G& globals, const std::string& name) {
        globals.daemon.names.*member = name.substr(0, kLongestProcessName);
      },
      [member](const G& globals) {
        const std::string& name = globals.daemon.names.*member;
        return name.empty() ? std::nullopt : std::optional(name);
      },
      std::move(doc), std::move(since));
}

std::vector<Row<G>> name_rows() {
  Row<G> older =
      name_row("lvs_process_name", &ProcessNames::checker, "Older spelling of checker_process_name.", "2.0.16")
          .now("checker_process_name");
  older.write = nullptr;
  Row<G> standard = special<G>(
      "process_names", Flag{},
      [](G& globals, const Node& node, Context& context) {
        globals.daemon.names.standard = Flag{}.parse(node, context.diagnostics).value_or(false);
      },
      [](const G& globals, std::vector<Node>& lines) {
        if (globals.daemon.names.standard) lines.push_back(made_node("process_names"));
      },
      "Name the children keepalived_vrrp and keepalived_lvs, as ps and top show them.", "2.0.16");
  return {std::move(standard),
          name_row("process_name", &ProcessNames::watchdog,
                   "Kernel name of the watchdog, and of children that have no other.", "2.0.16"),
          name_row("vrrp_process_name", &ProcessNames::vrrp, "Kernel name of the vrrp process.", "2.0.16"),
          name_row("checker_process_name", &ProcessNames::checker, "Kernel name of the checker process.", "2.2.0"),
          std::move(older)};
}

Row<G> place_row(std::string keyword, std::string DumpPlaces::*member, std::string doc) {
  return inside<G>(
      std::move(keyword), Word{"a path"},
      [member](G& globals, const std::string& path) { globals.daemon.dumps.*member = path; },
      [member](const G& globals) {
        const std::string& path = globals.daemon.dumps.*member;
        return path.empty() ? std::nullopt : std::optional(path);
      },
      std::move(doc), "2.3.3");
}

std::vector<Row<G>> place_rows() {
  return {
      inside<G>(
          "data_use_instance", Boolean{}, [](G& globals, bool on) { globals.daemon.dumps.use_instance = on; },
          [](const G& globals) { return std::optional(globals.daemon.dumps.use_instance); },
          "Put network namespace and instance into the names of the data dumps.", "2.2.3"),
      place_row("state_dump_file", &DumpPlaces::state,
                "Where the data dumps go: a path, a folder (with / at its end), or a name below the temporary folder. "
                "_check and _parent are put before what follows its last dot."),
      place_row("stats_dump_file", &DumpPlaces::stats, "Where the statistics go, in the same way."),
      place_row("json_dump_file", &DumpPlaces::json, "Where the JSON dump goes, in the same way."),
      setting("tmp_config_directory", &D::tmp_config_directory, Word{"a path"},
              "Folder for the children's copy of the configuration. There is none here: they get it over a socket.",
              "2.2.0"),
      setting("iproute_usr_dir", &D::iproute_usr_dir, Word{"a path"},
              "Folder of iproute2's own names of tables, protocols, scopes and the like.", "2.3.2"),
      setting("iproute_etc_dir", &D::iproute_etc_dir, Word{"a path"},
              "Folder of the administrator's names; they count before the others.", "2.3.2"),
  };
}

void read_include_check(G& globals, const Node& node, Context& context) {
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    std::string_view mode = node.words[at];
    const bool prefixed = mode.starts_with('+') || mode.starts_with('-');
    if (prefixed) mode.remove_prefix(1);
    const bool known = mode == "read" || mode == "match" || mode == "wildcard_match" || mode == "brace_match";
    if (!known || (at > 1 && !prefixed)) {
      context.diagnostics.error(location_of(node, at), fmt::format("Unknown include_check type '{}'", node.words[at]),
                                "read, match, wildcard_match or brace_match, with + or - from the second on");
    }
  }
  globals.daemon.include_checks.obey(std::span(node.words).subspan(1));
}

void write_include_check(const G& globals, std::vector<Node>& lines) {
  if (std::vector<std::string> words = globals.daemon.include_checks.words(); !words.empty())
    lines.push_back(made_node("include_check", std::move(words)));
}

std::vector<Row<G>> reading_rows() {
  return {
      setting("random_seed", &D::random_seed, Integer{0, kUnsigned},
              "Seed of ${_RANDOM}: it gives the same numbers at each reading.", "2.0.15"),
      special<G>("include_check", "read, match, wildcard_match, brace_match", read_include_check, write_include_check,
                 "Which failed includes are errors.", "2.2.0"),
      setting("use_symlink_paths", &D::use_symlink_paths, Boolean{},
              "Run scripts by the path that is written (so also without the line), not by what its symbolic links "
              "lead to.",
              "2.3.0"),
      setting("set_supplementary_groups", &D::set_supplementary_groups, Boolean{},
              "Give scripts the supplementary groups of their user, those of /etc/group.", "2.4.4"),
  };
}

Row<G> octets_row(std::string keyword, ReceiveBuffer D::*buffer, std::string doc) {
  return inside<G>(
             std::move(keyword), Integer{0, kInt},
             [buffer](G& globals, std::int64_t octets) {
               (globals.daemon.*buffer).octets = static_cast<std::uint32_t>(octets);
             },
             [buffer](const G& globals) {
               const auto& octets = (globals.daemon.*buffer).octets;
               return octets ? std::optional<std::int64_t>(*octets) : std::nullopt;
             },
             std::move(doc), "2.0.0")
      .in("bytes");
}

Row<G> force_row(std::string keyword, ReceiveBuffer D::*buffer) {
  return inside<G>(
      std::move(keyword), Boolean{}, [buffer](G& globals, bool on) { (globals.daemon.*buffer).force = on; },
      [buffer](const G& globals) { return std::optional((globals.daemon.*buffer).force); },
      "Exceed the system's limit for that buffer.", "2.0.0");
}

std::vector<Row<G>> buffer_rows() {
  return {octets_row("lvs_netlink_cmd_rcv_bufs", &D::lvs_netlink_cmd,
                     "Receive buffer of the checker's IPVS sockets, bytes; 0 = as we choose."),
          force_row("lvs_netlink_cmd_rcv_bufs_force", &D::lvs_netlink_cmd),
          octets_row("lvs_netlink_monitor_rcv_bufs", &D::lvs_netlink_monitor,
                     "Receive buffer of the checker's socket for addresses (ha_suspend), bytes; 0 = as we choose."),
          force_row("lvs_netlink_monitor_rcv_bufs_force", &D::lvs_netlink_monitor)};
}

}  // namespace

std::vector<Row<GlobalDefs>> global_daemon_rows() {
  std::vector<Row<G>> rows = name_rows();
  for (auto* more : {place_rows, reading_rows, buffer_rows}) {
    std::vector<Row<G>> found = more();
    rows.insert(rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return rows;
}

}  // namespace holdfast::config
