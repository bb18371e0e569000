// All of global_defs. A row with a member is honoured by some process; `validated` rows are checked and give one note.
#include "core/config/schema/global_daemon.h"
#include "core/config/schema/global_firewall.h"
#include "core/config/schema/global_lvs.h"
#include "core/config/schema/global_mail.h"
#include "core/config/schema/schemas.h"
#include "core/config/schema/vrrp_instance_lists.h"

namespace holdfast::config {

namespace {

using G = GlobalDefs;

constexpr std::int64_t kInt = 2147483647;
constexpr std::int64_t kUnsigned = 4294967295;

template <class T>
std::optional<std::int64_t> as_integer(const std::optional<T>& value) {
  return value ? std::optional<std::int64_t>(*value) : std::nullopt;
}

void read_script_user(G& globals, const Node& node, Context& context) {
  const std::string* user = mandatory_word(node, 1, "a user, then perhaps a group", context.diagnostics);
  if (user == nullptr) return;
  globals.script_user = *user;
  globals.script_group = node.words.size() > 2 ? node.words[2] : std::string();
  remark_surplus(node, 3, context.diagnostics);
}

void write_script_user(const G& globals, std::vector<Node>& lines) {
  if (globals.script_user.empty()) return;
  lines.push_back(made_node("script_user", {globals.script_user}));
  if (!globals.script_group.empty()) lines.back().words.push_back(globals.script_group);
}

void read_min_garp(G& globals, const Node& node, Context& context) {
  if (!Boolean{}.parse(node, context.diagnostics).value_or(false)) return;
  globals.garp.delay = Duration::zero();
  globals.garp.repeat = 1;
  globals.garp.refresh = Duration::zero();
  globals.garp.refresh_repeat = 1;
}

void read_rx_bufs_policy(G& globals, const Node& node, Context& context) {
  const std::string* first = mandatory_word(node, 1, "MTU, ADVERT, or a number of bytes", context.diagnostics);
  if (first == nullptr) return;
  if (!first->empty() && first->front() >= '0' && first->front() <= '9') {
    const auto octets = parse_integer(node, 1, 0, kInt, context.diagnostics);
    if (octets) globals.advert_buffers.octets = static_cast<std::uint32_t>(*octets);
    return;
  }
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    if (node.words[at] == "MTU") globals.advert_buffers.by_mtu = true;
    if (node.words[at] == "ADVERT") globals.advert_buffers.by_advert = true;
    if (node.words[at] == "MTU" || node.words[at] == "ADVERT") continue;
    context.diagnostics.error(location_of(node, at), fmt::format("vrrp_rx_bufs_policy {} invalid", node.words[at]),
                              "MTU, ADVERT, or a number of bytes");
  }
}

void write_rx_bufs_policy(const G& globals, std::vector<Node>& lines) {
  const AdvertBuffers& buffers = globals.advert_buffers;
  std::vector<std::string> words;
  if (buffers.by_mtu) words.emplace_back("MTU");
  if (buffers.by_advert) words.emplace_back("ADVERT");
  if (!words.empty()) lines.push_back(made_node("vrrp_rx_bufs_policy", std::move(words)));
  if (buffers.octets) lines.push_back(made_node("vrrp_rx_bufs_policy", {std::to_string(*buffers.octets)}));
}

Row<G> buffer_size(std::string keyword, BufferSize G::*member, std::string doc) {
  return inside<G>(
             std::move(keyword), Integer{0, kInt},
             [member](G& g, std::int64_t octets) { (g.*member).octets = static_cast<std::uint32_t>(octets); },
             [member](const G& g) { return as_integer((g.*member).octets); }, std::move(doc), "2.0.0")
      .in("bytes");
}

Row<G> buffer_force(std::string keyword, BufferSize G::*member) {
  return inside<G>(
      std::move(keyword), Boolean{}, [member](G& g, bool force) { (g.*member).force = force; },
      [member](const G& g) { return (g.*member).force ? std::optional(true) : std::nullopt; },
      "Exceed the system's limit for that buffer.", "2.0.0");
}

void read_dynamic_interfaces(G& globals, const Node& node, Context& context) {
  const auto word = Choice{{"allow_if_changes"}, true}.parse(node, context.diagnostics);
  if (!word) return;
  globals.dynamic_interfaces = true;
  globals.interfaces_may_change = !word->empty();
}

void write_dynamic_interfaces(const G& globals, std::vector<Node>& lines) {
  if (!globals.dynamic_interfaces) return;
  lines.push_back(made_node("dynamic_interfaces"));
  if (globals.interfaces_may_change) lines.back().words.emplace_back("allow_if_changes");
}

void read_extra_if(G& globals, const Node& node, Context& context) {
  read_garp_extra(globals.garp, node, 1, context.diagnostics);
}

void write_extra_if(const G& globals, std::vector<Node>& lines) {
  if (globals.garp.extra_interval > Duration::zero())
    lines.push_back(write_garp_extra("vrrp_garp_extra_if", globals.garp));
}

std::vector<Row<G>> honoured_rows() {
  using D = Duration;
  return {
      field<G>("router_id", &G::router_id, Word{"a name"},
               "Name of this machine in logs and mails; the host name when not given.", "1.1.8"),
      special<G>("script_user", "a user, then perhaps a group", read_script_user, write_script_user,
                 "Whom scripts run as that name nobody.", "1.3.0"),
      field<G>("enable_script_security", &G::enable_script_security, Flag{},
               "Refuse scripts that run as root and that somebody other than root may change.", "1.3.0"),
      field<G>("startup_script", &G::startup_script, Script{}, "Run before anything starts.", "2.1.0"),
      field<G>("shutdown_script", &G::shutdown_script, Script{}, "Run after everything stopped.", "2.1.0"),
      field<G>("startup_script_timeout", &G::startup_script_timeout, Seconds{seconds(1), seconds(1000), 0},
               "Longest time the startup script may take, seconds.", "2.1.0"),
      field<G>("shutdown_script_timeout", &G::shutdown_script_timeout, Seconds{seconds(1), seconds(1000), 0},
               "Longest time the shutdown script may take, seconds.", "2.1.0"),
      field<G>("max_auto_priority", &G::max_auto_priority, OptionalInteger{-1, 99, 99},
               "Realtime priority up to which a late process raises itself; -1 = never.", "2.1.0"),
      field<G>("vrrp_rt_priority", &G::vrrp_rt_priority, Integer{1, 99}, "Realtime priority of the vrrp process.",
               "2.0.0"),
      field<G>("vrrp_priority", &G::vrrp_priority, Integer{-20, 19}, "Nice value of the vrrp process.", "1.2.20"),
      field<G>("vrrp_no_swap", &G::vrrp_no_swap, Flag{}, "Lock the memory of the vrrp process.", "1.2.20"),
      field<G>("vrrp_cpu_affinity", &G::vrrp_cpu_affinity, IntegerList{0, 4095},
               "Processors the vrrp process may run on.", "2.0.17"),
      field<G>("vrrp_rlimit_rttime", &G::vrrp_rlimit_rttime, Microseconds{1, kUnsigned},
               "Longest realtime burst of the vrrp process, microseconds.", "2.1.0"),
      inside<G>(
          "vrrp_rlimit_rtime", Microseconds{1, kUnsigned}, [](G& g, D d) { g.vrrp_rlimit_rttime = d; },
          [](const G&) { return std::optional<D>(); }, "Older spelling of vrrp_rlimit_rttime.", "2.0.0")
          .now("vrrp_rlimit_rttime"),
      field<G>("vrrp_startup_delay", &G::vrrp_startup_delay, Seconds{D::zero(), seconds(4294), 6},
               "Seconds for which every instance stays a backup after start.", "2.0.14"),
      field<G>("log_unknown_vrids", &G::log_unknown_vrids, Flag{},
               "Log adverts of virtual routers that are not configured.", "2.0.16"),
      special<G>(
          "dynamic_interfaces", Choice{{"allow_if_changes"}, true}, read_dynamic_interfaces, write_dynamic_interfaces,
          "An interface may be missing at start; the instance waits for it. allow_if_changes: it may come back as one "
          "of another kind.",
          "2.0.0"),
      inside<G>(
          "vrrp_garp_master_delay", Seconds{D::zero(), seconds(4294), 0}, [](G& g, D d) { g.garp.delay = d; },
          [](const G& g) { return std::optional(g.garp.delay); }, "Default of garp_master_delay.", "1.2.20"),
      inside<G>(
          "vrrp_garp_master_repeat", Count{}, [](G& g, std::int64_t n) { g.garp.repeat = static_cast<int>(n); },
          [](const G& g) { return std::optional<std::int64_t>(g.garp.repeat); }, "Default of garp_master_repeat.",
          "1.2.20"),
      inside<G>(
          "vrrp_garp_master_refresh", Seconds{D::zero(), seconds(4294967), 0}, [](G& g, D d) { g.garp.refresh = d; },
          [](const G& g) { return std::optional(g.garp.refresh); }, "Default of garp_master_refresh.", "1.2.20"),
      inside<G>(
          "vrrp_garp_master_refresh_repeat", Count{},
          [](G& g, std::int64_t n) { g.garp.refresh_repeat = static_cast<int>(n); },
          [](const G& g) { return std::optional<std::int64_t>(g.garp.refresh_repeat); },
          "Default of garp_master_refresh_repeat.", "1.2.20"),
      inside<G>(
          "vrrp_garp_lower_prio_delay", Seconds{D::zero(), seconds(4294), 0},
          [](G& g, D d) { g.garp.lower_prio_delay = d; }, [](const G& g) { return g.garp.lower_prio_delay; },
          "Default of garp_lower_prio_delay.", "1.2.20"),
      inside<G>(
          "vrrp_garp_lower_prio_repeat", Integer{0, kInt},
          [](G& g, std::int64_t n) { g.garp.lower_prio_repeat = static_cast<int>(n); },
          [](const G& g) { return as_integer(g.garp.lower_prio_repeat); }, "Default of garp_lower_prio_repeat.",
          "1.2.20"),
      inside<G>(
          "vrrp_garp_interval", Interval{"vrrp_garp_interval"}, [](G& g, D d) { g.garp.interval = d; },
          [](const G& g) { return g.garp.interval > D::zero() ? std::optional(g.garp.interval) : std::nullopt; },
          "Least time between two gratuitous ARPs on an interface, seconds.", "1.2.21"),
      inside<G>(
          "vrrp_gna_interval", Interval{"vrrp_gna_interval"}, [](G& g, D d) { g.garp.gna_interval = d; },
          [](const G& g) {
            return g.garp.gna_interval > D::zero() ? std::optional(g.garp.gna_interval) : std::nullopt;
          },
          "Least time between two unsolicited neighbour adverts, seconds.", "1.2.21"),
      special<G>("vrrp_min_garp", Boolean{}, read_min_garp, {},
                 "One gratuitous ARP per address, no second burst, no refresh.", "2.0.12"),
      field<G>("vrrp_down_timer_adverts", &G::down_timer_adverts, Integer{1, 100}, "Default of down_timer_adverts.",
               "2.2.3"),
      field<G>("vrrp_skip_check_adv_addr", &G::skip_check_adv_addr, Switch{}, "Default of skip_check_adv_addr.",
               "1.2.20"),
      field<G>("v3_checksum_as_v2", &G::v3_checksum_as_v2, Boolean{}, "Default of the instances' v3_checksum_as_v2.",
               "2.2.8"),
      field<G>("vrrp_version", &G::vrrp_version, Integer{2, 3}, "Default of version.", "1.2.20"),
      field<G>("vrrp_mcast_group4", &G::mcast_group4, Address{Address::Kind::MulticastV4},
               "IPv4 group that adverts are sent to.", "1.2.10"),
      field<G>("vrrp_mcast_group6", &G::mcast_group6, Address{Address::Kind::MulticastV6},
               "IPv6 group that adverts are sent to.", "1.2.10"),
      field<G>("vrrp_check_unicast_src", &G::check_unicast_source, Flag{}, "Default of check_unicast_src.", "1.2.20"),
      field<G>("vrrp_lower_prio_no_advert", &G::lower_prio_no_advert, Boolean{}, "Default of lower_prio_no_advert.",
               "1.2.20"),
      field<G>("vrrp_higher_prio_send_advert", &G::higher_prio_send_advert, Boolean{},
               "Default of higher_prio_send_advert.", "1.3.5"),
      field<G>("vrrp_owner_ignore_adverts", &G::owner_ignore_adverts, Boolean{}, "Default of owner_ignore_adverts.",
               "2.3.3"),
      field<G>("vrrp_notify_priority_changes", &G::notify_priority_changes, Boolean{},
               "Default of notify_priority_changes.", "2.0.16"),
      field<G>("umask", &G::umask, FileMode{}, "File mode creation mask.", "2.0.9"),
      field<G>("orphan_grace", &G::orphan_grace, Seconds{D::zero(), seconds(86400), 3},
               "How long the children serve on when the watchdog is gone, seconds (only in Holdfast).", "holdfast"),
      field<G>("vip_lifetime", &G::vip_lifetime, Seconds{D::zero(), seconds(86400), 0},
               "Kernel lifetime of VIPs that the vrrp process renews; 0 = forever, seconds (only in Holdfast).",
               "holdfast"),
  };
}

std::vector<Row<G>> process_rows() {
  const Word path{"a path"};
  const Word name{"a name of up to 15 octets"};
  return {
      validated<G>("bfd_process_name", name, "Kernel name of the bfd process.", "2.0.16"),
      field<G>("min_auto_priority_delay", &G::min_auto_priority_delay, Microseconds{1, 10000000},
               "Lateness of a timer that raises the priority under max_auto_priority, microseconds.", "2.1.0"),
      validated<G>("bfd_priority", Integer{-20, 19}, "Nice value of the bfd process.", "2.0.0"),
      validated<G>("bfd_no_swap", Flag{}, "Lock the memory of the bfd process.", "2.0.0"),
      validated<G>("bfd_rt_priority", Integer{1, 99}, "Realtime priority of the bfd process.", "2.0.0"),
      validated<G>("bfd_cpu_affinity", IntegerList{0, 4095}, "Processors the bfd process may run on.", "2.0.17"),
      validated<G>("bfd_rlimit_rttime", Integer{1, kUnsigned},
                   "Longest realtime burst of the bfd process, microseconds.", "2.1.0")
          .in("us"),
      validated<G>("bfd_rlimit_rtime", Integer{1, kUnsigned}, "Older spelling of bfd_rlimit_rttime.", "2.0.0")
          .in("us")
          .now("bfd_rlimit_rttime"),
      buffer_size("vrrp_netlink_cmd_rcv_bufs", &G::netlink_commands,
                  "Receive buffer of the command netlink socket, bytes."),
      buffer_force("vrrp_netlink_cmd_rcv_bufs_force", &G::netlink_commands),
      buffer_size("vrrp_netlink_monitor_rcv_bufs", &G::netlink_monitor,
                  "Receive buffer of the monitor netlink socket, bytes."),
      buffer_force("vrrp_netlink_monitor_rcv_bufs_force", &G::netlink_monitor),
      field<G>("process_monitor_rcv_bufs", &G::process_monitor_rcv_bufs, Integer{0, kInt},
               "Receive buffer of the process monitor, bytes.", "2.0.11")
          .in("bytes"),
      field<G>("process_monitor_rcv_bufs_force", &G::process_monitor_rcv_bufs_force, Boolean{},
               "Exceed the system's limit for that buffer.", "2.0.11"),
      special<G>("vrrp_rx_bufs_policy", "MTU, ADVERT, or a number of bytes", read_rx_bufs_policy, write_rx_bufs_policy,
                 "Size of the advert sockets' buffers.", "2.0.3")
          .in("bytes"),
      inside<G>(
          "vrrp_rx_bufs_multiplier", Integer{1, kInt},
          [](G& g, std::int64_t n) { g.advert_buffers.multiplier = static_cast<int>(n); },
          [](const G& g) { return std::optional<std::int64_t>(g.advert_buffers.multiplier); },
          "Factor on the size of those buffers.", "2.0.3"),
      field<G>("reload_check_config", &G::reload_check_config, OptionalWord{"a log file, or nothing"},
               "Check a configuration before a reload uses it, which is always done here; what is wrong goes to this "
               "file too.",
               "2.2.0"),
      field<G>("reload_time_file", &G::reload_time_file, path, "File with the time of the next reload.", "2.1.0"),
      field<G>("reload_repeat", &G::reload_repeat, Flag{}, "Keep the reload_time_file after use.", "2.1.0"),
      field<G>("reload_file", &G::reload_file, OptionalWord{"a path, or nothing for that of the pid file in .reload"},
               "File that exists while a reload reads the configuration.", "2.2.0"),
      field<G>("config_save_dir", &G::config_save_dir, path, "Folder for copies of the configuration read.", "2.2.3"),
      field<G>("json_version", &G::json_version, Integer{1, 2}, "Shape of the JSON dump.", "2.2.8"),
  };
}

Row<G> pipe(std::string keyword, NotifyFifo G::*member, std::string doc) {
  const WordList words{"a path, then user and group", 1, 3};
  auto read = [member, words](G& globals, const Node& node, Context& context) {
    const auto value = words.parse(node, context.diagnostics);
    if (!value) return;
    NotifyFifo& fifo = globals.*member;
    fifo.path = value->at(0);
    fifo.user = value->size() > 1 ? value->at(1) : std::string{};
    fifo.group = value->size() > 2 ? value->at(2) : std::string{};
  };
  auto write = [member, keyword](const G& globals, std::vector<Node>& lines) {
    const NotifyFifo& fifo = globals.*member;
    if (fifo.path.empty()) return;
    Node node = made_node(keyword, {fifo.path});
    for (const std::string* word : {&fifo.user, &fifo.group}) {
      if (!word->empty()) node.words.push_back(*word);
    }
    lines.push_back(std::move(node));
  };
  return special<G>(keyword, words, read, write, std::move(doc), "1.3.6");
}

Row<G> reader(std::string keyword, NotifyFifo G::*member, std::string doc) {
  auto read = [member](G& globals, const Node& node, Context& context) {
    if (auto command = Script{}.parse(node, context.diagnostics)) (globals.*member).script = *std::move(command);
  };
  auto write = [member, keyword](const G& globals, std::vector<Node>& lines) {
    const ScriptCommand& command = (globals.*member).script;
    if (!command.empty()) lines.push_back(made_node(keyword, Script{}.format(command)));
  };
  return special<G>(keyword, Script{}, read, write, std::move(doc), "1.3.6");
}

std::vector<Row<G>> message_rows() {
  return {
      pipe("notify_fifo", &G::notify_fifo, "Pipe that gets every event."),
      reader("notify_fifo_script", &G::notify_fifo, "Program that reads that pipe."),
      pipe("vrrp_notify_fifo", &G::vrrp_notify_fifo, "Pipe that gets VRRP events."),
      reader("vrrp_notify_fifo_script", &G::vrrp_notify_fifo, "Program that reads that pipe."),
      pipe("lvs_notify_fifo", &G::lvs_notify_fifo, "Pipe that gets LVS events."),
      reader("lvs_notify_fifo_script", &G::lvs_notify_fifo, "Program that reads that pipe."),
      field<G>("fifo_write_vrrp_states_on_reload", &G::fifo_write_vrrp_states_on_reload, Flag{},
               "Write all states to the pipe after a reload.", "2.2.5"),
      validated<G>("snmp_socket", WordList{"an AgentX address, or nothing", 0, 1},
                   "Where the SNMP master agent listens.", "1.2.20"),
      validated<G>("enable_traps", Flag{}, "Send SNMP traps.", "1.2.5"),
      validated<G>("enable_snmp_vrrp", Flag{}, "Serve the KEEPALIVED-MIB of VRRP.", "2.0.0"),
      validated<G>("enable_snmp_keepalived", Flag{}, "Older spelling of enable_snmp_vrrp.", "1.2.20")
          .now("enable_snmp_vrrp"),
      validated<G>("enable_snmp_rfc", Flag{}, "Serve both VRRP MIBs of the RFCs.", "1.2.20"),
      validated<G>("enable_snmp_rfcv2", Flag{}, "Serve the MIB of RFC 2787.", "1.2.20"),
      validated<G>("enable_snmp_rfcv3", Flag{}, "Serve the MIB of RFC 6527.", "1.2.20"),
      validated<G>("enable_snmp_checker", Flag{}, "Serve the KEEPALIVED-MIB of the checker.", "1.2.20"),
      validated<G>("snmp_vs_stats_update_interval", Seconds{milliseconds(1), seconds(30), 6},
                   "Age of virtual servers' SNMP figures, seconds.", "2.3.0"),
      validated<G>("snmp_rs_stats_update_interval", Seconds{milliseconds(1), seconds(30), 6},
                   "Age of real servers' SNMP figures, seconds.", "2.3.0"),
      validated<G>("enable_dbus", Flag{}, "Serve D-Bus.", "1.3.0"),
      validated<G>("dbus_service_name", Word{"a D-Bus name"}, "Name on the bus.", "1.3.7"),
      validated<G>("dbus_no_interface_name", Word{"a path element"}, "Word for an instance without interface.",
                   "2.3.0"),
  };
}

std::vector<Row<G>> vrrp_rows() {
  const Shape all{"integer 1..86400, perhaps after the word all", {Form::Kind::Integer, false, "1", "86400", "s"}};
  return {
      field<G>("default_interface", &G::default_interface, Word{"an interface name", 15},
               "Interface of static addresses without dev.", "1.2.24"),
      field<G>("disable_local_igmp", &G::disable_local_igmp, Flag{},
               "No IGMP reports of 224.0.0.0/24 while the daemon runs.", "2.2.0"),
      special<G>("vrrp_garp_extra_if", all, read_extra_if, write_extra_if,
                 "Period of extra gratuitous ARPs on other interfaces, seconds.", "2.2.3"),
      special<G>("vrrp_vmac_garp_intvl", all, read_extra_if, {}, "Older spelling of vrrp_garp_extra_if.", "2.2.0")
          .now("vrrp_garp_extra_if"),
      field<G>("vrrp_strict", &G::vrrp_strict, Switch{}, "Default of strict_mode.", "1.2.20"),
      field<G>("vrrp_delay_after_boot", &G::vrrp_delay_after_boot, Seconds{Duration::zero(), seconds(4294), 6},
               "As vrrp_startup_delay, counted from boot.", "2.4.0"),
      inside<G>(
          "vmac_prefix", Word{"a short name", 14}, [](G& g, const std::string& name) { g.vmac_prefix = name; },
          [](const G& g) { return std::optional(g.vmac_prefix); },  // also an empty one, which is not the default
          "Start of the names of VMAC interfaces.", "2.2.0"),
      field<G>("vmac_addr_prefix", &G::vmac_addr_prefix, Word{"a short name", 14},
               "The same for VMACs of single addresses.", "2.2.0"),
  };
}

}  // namespace

const Schema<GlobalDefs>& global_defs_schema() {
  static const Schema<G> schema = [] {
    std::vector<Row<G>> rows = honoured_rows();
    for (auto* more : {process_rows, global_daemon_rows, global_mail_rows, message_rows, vrrp_rows,
                       global_firewall_rows, global_lvs_rows}) {
      std::vector<Row<G>> found = more();
      rows.insert(rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    return Schema<G>{"global_defs", "Settings of the whole daemon.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
