#include "core/config/schema/global_lvs.h"

#include <limits>

namespace holdfast::config {

namespace {

using G = GlobalDefs;

constexpr std::int64_t kUnsigned = 4294967295;
constexpr const char* kTimeouts = "tcp N, tcpfin N or udp N";

std::optional<std::uint32_t>* timeout_named(LvsTimeouts& timeouts, const std::string& word) {
  if (word == "tcp") return &timeouts.tcp_s;
  if (word == "tcpfin") return &timeouts.tcp_fin_s;
  return word == "udp" ? &timeouts.udp_s : nullptr;
}

void read_timeouts(G& globals, const Node& node, Context& context) {
  if (mandatory_word(node, 1, kTimeouts, context.diagnostics) == nullptr) return;
  for (std::size_t at = 1; at < node.words.size(); at += 2) {
    std::optional<std::uint32_t>* timeout = timeout_named(globals.lvs_timeouts, node.words[at]);
    if (timeout == nullptr) {
      context.diagnostics.error(location_of(node, at),
                                fmt::format("Unknown option {} specified for lvs_timeouts", node.words[at]), kTimeouts);
      return;
    }
    const auto value = parse_integer(node, at + 1, 0, 2678400, context.diagnostics);
    if (value) *timeout = static_cast<std::uint32_t>(*value);
  }
}

void write_timeouts(const G& globals, std::vector<Node>& lines) {
  Node line = made_node("lvs_timeouts");
  const auto add = [&line](const char* word, const std::optional<std::uint32_t>& value) {
    if (value) line.words.insert(line.words.end(), {word, std::to_string(*value)});
  };
  add("tcp", globals.lvs_timeouts.tcp_s);
  add("tcpfin", globals.lvs_timeouts.tcp_fin_s);
  add("udp", globals.lvs_timeouts.udp_s);
  if (line.words.size() > 1) lines.push_back(std::move(line));
}

/// Words behind the interface: options with a value, or the instance and then the id without their words.
class SyncDaemonReader {
 public:
  SyncDaemonReader(const Node& node, Diagnostics& diagnostics) : node_(node), diagnostics_(diagnostics) {}

  std::optional<LvsSyncDaemon> read() {
    const std::string* interface = mandatory_word(node_, 1, "an interface, then options", diagnostics_);
    if (interface == nullptr) return std::nullopt;
    daemon_.interface = *interface;
    daemon_.at = node_.at;
    for (at_ = 2; at_ < node_.words.size(); ++at_) {
      if (!read_option(node_.words[at_])) return std::nullopt;
    }
    return daemon_;
  }

 private:
  template <class T>
  bool number(std::optional<T>& value, std::int64_t least, std::int64_t most) {
    const auto given = parse_integer(node_, at_, least, most, diagnostics_);
    if (given) value = static_cast<T>(*given);
    return given.has_value();
  }

  bool read_option(const std::string& word) {
    if (word == "id") return ++at_, number(daemon_.id, 0, 255);
    if (word == "maxlen") return ++at_, number(daemon_.max_length, 1, 65507);
    if (word == "port") return ++at_, number(daemon_.port, 1, 65535);
    if (word == "ttl") return ++at_, number(daemon_.ttl, 1, 255);
    if (word == "group") return ++at_, read_group();
    if (word == "inst") ++at_;
    if (!daemon_.vrrp_instance.empty() && word != "inst") return number(daemon_.id, 0, 255);
    const std::string* name = mandatory_word(node_, at_, "the name of a vrrp_instance", diagnostics_);
    if (name != nullptr) daemon_.vrrp_instance = *name;
    return name != nullptr;
  }

  bool read_group() {
    const std::string* word = mandatory_word(node_, at_, "a multicast address", diagnostics_);
    if (word == nullptr) return false;
    daemon_.group = IpAddress::parse(*word);
    if (daemon_.group && daemon_.group->is_multicast()) return true;
    diagnostics_.error(location_of(node_, at_), fmt::format("address '{}' is not a multicast address", *word),
                       "a multicast address");
    return false;
  }

  const Node& node_;
  Diagnostics& diagnostics_;
  LvsSyncDaemon daemon_;
  std::size_t at_ = 0;
};

void read_sync_daemon(G& globals, const Node& node, Context& context) {
  auto daemon = SyncDaemonReader(node, context.diagnostics).read();
  if (!daemon) return;
  if (globals.lvs_sync_daemon) {
    context.diagnostics.error(
        node.at,
        fmt::format("lvs_sync_daemon has already been specified as {} - ignoring", globals.lvs_sync_daemon->interface),
        "one line lvs_sync_daemon");
    return;
  }
  globals.lvs_sync_daemon = std::move(daemon);
}

void write_sync_daemon(const G& globals, std::vector<Node>& lines) {
  if (!globals.lvs_sync_daemon) return;
  const LvsSyncDaemon& daemon = *globals.lvs_sync_daemon;
  Node line = made_node("lvs_sync_daemon", {daemon.interface});
  const auto add = [&line](const char* word, std::string value) {
    line.words.insert(line.words.end(), {word, std::move(value)});
  };
  if (!daemon.vrrp_instance.empty()) add("inst", daemon.vrrp_instance);
  if (daemon.id) add("id", std::to_string(*daemon.id));
  if (daemon.max_length) add("maxlen", std::to_string(*daemon.max_length));
  if (daemon.port) add("port", std::to_string(*daemon.port));
  if (daemon.ttl) add("ttl", std::to_string(*daemon.ttl));
  if (daemon.group) add("group", daemon.group->text());
  lines.push_back(std::move(line));
}

Row<G> flush_on_stop(std::string keyword, bool writes, std::string doc, std::string since) {
  const auto set = [](G& globals, const std::string& word) {
    globals.lvs_flush_on_stop = word == "VS" ? LvsFlushOnStop::VirtualServers : LvsFlushOnStop::Everything;
  };
  Row<G> row = inside<G>(
      keyword, Choice{{"VS"}, true}, set, [](const G&) { return std::optional<std::string>(); }, std::move(doc),
      std::move(since));
  row.write = [keyword, writes](const G& globals, std::vector<Node>& lines) {
    if (!writes || globals.lvs_flush_on_stop == LvsFlushOnStop::Off) return;
    lines.push_back(made_node(keyword));
    if (globals.lvs_flush_on_stop == LvsFlushOnStop::VirtualServers) lines.back().words.emplace_back("VS");
  };
  return row;
}

std::vector<Row<G>> process_rows() {
  return {
      field<G>("checker_priority", &G::checker_priority, Integer{-20, 19}, "Nice value of the checker process.",
               "1.2.20"),
      field<G>("checker_no_swap", &G::checker_no_swap, Flag{}, "Lock the memory of the checker process.", "1.2.20"),
      field<G>("checker_rt_priority", &G::checker_rt_priority, Integer{1, 99},
               "Realtime priority of the checker process.", "2.0.0"),
      field<G>("checker_cpu_affinity", &G::checker_cpu_affinity, IntegerList{0, 4095},
               "Processors the checker process may run on.", "2.0.17"),
      field<G>("checker_rlimit_rttime", &G::checker_rlimit_rttime, Microseconds{1, kUnsigned},
               "Longest realtime burst of the checker process, microseconds.", "2.1.0"),
      inside<G>(
          "checker_rlimit_rtime", Microseconds{1, kUnsigned}, [](G& g, Duration d) { g.checker_rlimit_rttime = d; },
          [](const G&) { return std::optional<Duration>(); }, "Older spelling of checker_rlimit_rttime.", "2.0.0")
          .now("checker_rlimit_rttime"),
  };
}

std::vector<Row<G>> check_rows() {
  return {
      field<G>("checker_log_all_failures", &G::checker_log_all_failures, Boolean{},
               "Log each failed check, not only changes.", "2.0.11"),
      field<G>("rs_init_notifies", &G::rs_init_notifies, Boolean{},
               "Run real servers' notify scripts for their first state.", "2.0.0"),
      field<G>("checker_merge", &G::checker_merge, Boolean{},
               "Run checks that are the same once for all their servers (only in Holdfast).", "holdfast"),
      field<G>("check_deadline", &G::check_deadline, Seconds{milliseconds(1), microseconds(kUnsigned), 6},
               "Seconds that one whole check may take; by default four times connect_timeout, at least 1 (only in "
               "Holdfast).",
               "holdfast"),
  };
}

std::vector<Row<G>> table_rows() {
  return {
      special<G>("lvs_timeouts", kTimeouts, read_timeouts, write_timeouts, "IPVS connection timeouts, seconds.",
                 "1.2.24")
          .in("s"),
      field<G>("lvs_flush", &G::lvs_flush, Flag{}, "Empty the IPVS table at start.", "1.2.23"),
      flush_on_stop("lvs_flush_on_stop", true, "Empty the IPVS table at stop.", "2.2.0"),
      flush_on_stop("lvs_flush_onstop", false, "Older spelling of lvs_flush_on_stop.", "2.0.15")
          .now("lvs_flush_on_stop"),
      special<G>("lvs_sync_daemon", "an interface, then options", read_sync_daemon, write_sync_daemon,
                 "The IPVS connection synchronisation daemon.", "1.2.20"),
      field<G>("ipvs_reconcile_interval", &G::ipvs_reconcile_interval, Seconds{Duration::zero(), seconds(86400), 6},
               "Seconds between two comparisons of the kernel's table with the desired one; 0 = never (only in "
               "Holdfast).",
               "holdfast"),
  };
}

/// A member of GlobalDefs::marks.
template <class T>
Row<G> mark_number(std::string keyword, T MarksSettings::*member, Integer codec, std::string doc) {
  const auto set = [member](G& globals, std::int64_t value) { globals.marks.*member = static_cast<T>(value); };
  const auto get = [member](const G& globals) { return std::optional<std::int64_t>(globals.marks.*member); };
  return inside<G>(std::move(keyword), codec, set, get, std::move(doc), "2.2.2");
}

std::vector<Row<G>> marks_rows() {
  const auto set = [](G& globals, std::string table) { globals.marks.nftables = std::move(table); };
  const auto get = [](const G& globals) { return globals.marks.nftables; };
  return {
      inside<G>("nftables_ipvs", OptionalWord{"a table name, or nothing"}, set, get,
                "Serve each virtual_server_group of addresses by one firewall mark, set by this table of nftables.",
                "2.2.2"),
      mark_number("nftables_ipvs_priority", &MarksSettings::priority, Integer{-2147483648, 2147483647},
                  "Priority of its chain (hook input)."),
      mark_number("nftables_ipvs_start_fwmark", &MarksSettings::start, Integer{1, kUnsigned},
                  "First firewall mark used."),
  };
}

}  // namespace

std::vector<Row<GlobalDefs>> global_lvs_rows() {
  std::vector<Row<G>> rows = process_rows();
  for (auto* more : {check_rows, table_rows, marks_rows}) {
    std::vector<Row<G>> found = more();
    rows.insert(rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return rows;
}

}  // namespace holdfast::config
