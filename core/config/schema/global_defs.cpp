// All of global_defs. A row with a member is honoured by some process; `validated` rows are checked and give one note.
#include "core/config/schema/global_lvs.h"
#include "core/config/schema/schemas.h"

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

void read_notification_email(G&, const Node& node, Context& context) {
  if (node.children.empty()) context.diagnostics.warning(node.at, "Warning - empty notification_email block");
}

void read_smtp_server(G&, const Node& node, Context& context) {
  const std::string* server =
      mandatory_word(node, 1, "an address or host name, then perhaps a port", context.diagnostics);
  if (server == nullptr || node.words.size() == 2) return;
  parse_integer(node, 2, 1, 65535, context.diagnostics);
  remark_surplus(node, 3, context.diagnostics);
}

void read_rx_bufs_policy(G&, const Node& node, Context& context) {
  const std::string* first = mandatory_word(node, 1, "MTU, ADVERT, or a number of bytes", context.diagnostics);
  if (first == nullptr) return;
  if (!first->empty() && first->front() >= '0' && first->front() <= '9') {
    parse_integer(node, 1, 0, kInt, context.diagnostics);
    return;
  }
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    if (node.words[at] == "MTU" || node.words[at] == "ADVERT") continue;
    context.diagnostics.error(location_of(node, at), fmt::format("vrrp_rx_bufs_policy {} invalid", node.words[at]),
                              "MTU, ADVERT, or a number of bytes");
  }
}

void read_extra_if(G&, const Node& node, Context& context) {
  const std::size_t at = node.words.size() > 1 && node.words[1] == "all" ? 2 : 1;
  parse_integer(node, at, 1, 86400, context.diagnostics);
}

void read_include_check(G&, const Node& node, Context& context) {
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
}

Row<G> checked(std::string keyword, Shape shape, void (*read)(G&, const Node&, Context&), std::string doc,
               std::string since) {
  return not_yet(special<G>(std::move(keyword), std::move(shape), read, {}, std::move(doc), std::move(since)));
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
      inside<G>(
          "dynamic_interfaces", Choice{{"allow_if_changes"}, true},
          [](G& g, const std::string&) { g.dynamic_interfaces = true; },
          [](const G& g) {
            return g.dynamic_interfaces ? std::optional<std::string>("allow_if_changes") : std::nullopt;
          },
          "An interface may be missing at start; the instance waits for it.", "2.0.0"),
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
      field<G>("vrrp_skip_check_adv_addr", &G::skip_check_adv_addr, Boolean{}, "Default of skip_check_adv_addr.",
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
      validated<G>("process_names", Flag{}, "Name the processes keepalived_vrrp, keepalived_lvs and keepalived_bfd.",
                   "2.0.16"),
      validated<G>("process_name", name, "Kernel name of the watchdog.", "2.0.16"),
      validated<G>("vrrp_process_name", name, "Kernel name of the vrrp process.", "2.0.16"),
      validated<G>("checker_process_name", name, "Kernel name of the checker process.", "2.2.0"),
      validated<G>("lvs_process_name", name, "Older spelling of checker_process_name.", "2.0.16")
          .now("checker_process_name"),
      validated<G>("bfd_process_name", name, "Kernel name of the bfd process.", "2.0.16"),
      validated<G>("use_symlink_paths", Boolean{}, "Keep script paths as written instead of resolving links.", "2.3.0"),
      validated<G>("set_supplementary_groups", Boolean{}, "Give scripts the supplementary groups of their user.",
                   "2.4.4"),
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
      validated<G>("vrrp_netlink_cmd_rcv_bufs", Integer{0, kInt},
                   "Receive buffer of the command netlink socket, bytes.", "2.0.0")
          .in("bytes"),
      validated<G>("vrrp_netlink_cmd_rcv_bufs_force", Boolean{}, "Exceed the system's limit for that buffer.", "2.0.0"),
      validated<G>("vrrp_netlink_monitor_rcv_bufs", Integer{0, kInt},
                   "Receive buffer of the monitor netlink socket, bytes.", "2.0.0")
          .in("bytes"),
      validated<G>("vrrp_netlink_monitor_rcv_bufs_force", Boolean{}, "Exceed the system's limit for that buffer.",
                   "2.0.0"),
      validated<G>("process_monitor_rcv_bufs", Integer{0, kInt}, "Receive buffer of the process monitor, bytes.",
                   "2.0.11")
          .in("bytes"),
      validated<G>("process_monitor_rcv_bufs_force", Boolean{}, "Exceed the system's limit for that buffer.", "2.0.11"),
      validated<G>("lvs_netlink_cmd_rcv_bufs", Integer{0, kInt},
                   "Receive buffer of the checker's command socket, bytes.", "2.0.0")
          .in("bytes"),
      validated<G>("lvs_netlink_cmd_rcv_bufs_force", Boolean{}, "Exceed the system's limit for that buffer.", "2.0.0"),
      validated<G>("lvs_netlink_monitor_rcv_bufs", Integer{0, kInt},
                   "Receive buffer of the checker's monitor socket, bytes.", "2.0.0")
          .in("bytes"),
      validated<G>("lvs_netlink_monitor_rcv_bufs_force", Boolean{}, "Exceed the system's limit for that buffer.",
                   "2.0.0"),
      checked("vrrp_rx_bufs_policy", "MTU, ADVERT, or a number of bytes", read_rx_bufs_policy,
              "Size of the advert sockets' buffers.", "2.0.3")
          .in("bytes"),
      validated<G>("vrrp_rx_bufs_multiplier", Integer{1, kInt}, "Factor on the size of those buffers.", "2.0.3"),
      validated<G>("random_seed", Integer{0, kUnsigned}, "Seed of ${_RANDOM}.", "2.0.15"),
      field<G>("reload_check_config", &G::reload_check_config, OptionalWord{"a log file, or nothing"},
               "Check a configuration before a reload uses it, which is always done here; what is wrong goes to this "
               "file too.",
               "2.2.0"),
      field<G>("reload_time_file", &G::reload_time_file, path, "File with the time of the next reload.", "2.1.0"),
      field<G>("reload_repeat", &G::reload_repeat, Flag{}, "Keep the reload_time_file after use.", "2.1.0"),
      field<G>("reload_file", &G::reload_file, OptionalWord{"a path, or nothing for that of the pid file in .reload"},
               "File that exists while a reload reads the configuration.", "2.2.0"),
      checked("include_check", "read, match, wildcard_match, brace_match", read_include_check,
              "Which failed includes are errors.", "2.2.0"),
      field<G>("config_save_dir", &G::config_save_dir, path, "Folder for copies of the configuration read.", "2.2.3"),
      validated<G>("tmp_config_directory", path, "Folder for the children's copy of the configuration.", "2.2.0"),
      validated<G>("data_use_instance", Boolean{}, "Put instance and namespace into the names of dump files.", "2.2.3"),
      validated<G>("json_version", Integer{1, 2}, "Shape of the JSON dump.", "2.2.8"),
      validated<G>("iproute_usr_dir", path, "Folder of iproute2's own name files.", "2.3.2"),
      validated<G>("iproute_etc_dir", path, "Folder of the administrator's name files.", "2.3.2"),
      validated<G>("state_dump_file", path, "Where the data dump goes.", "2.3.3"),
      validated<G>("stats_dump_file", path, "Where the statistics go.", "2.3.3"),
      validated<G>("json_dump_file", path, "Where the JSON dump goes.", "2.3.3"),
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
      validated<G>("notification_email_from", WordList{"a mail address", 1, 100}, "Sender of mails.", "0.5.3"),
      checked("smtp_server", "an address or host name, then perhaps a port", read_smtp_server,
              "Where mails are handed in.", "0.5.3"),
      validated<G>("smtp_helo_name", Word{"a host name"}, "Name given to the mail server.", "1.2.20"),
      validated<G>("smtp_connect_timeout", Seconds{Duration::zero(), seconds(4294), 0},
                   "Seconds to wait for the mail server.", "0.5.3"),
      as_block(checked("notification_email", "a block of mail addresses", read_notification_email, "Who gets mails.",
                       "0.5.3")),
      not_yet(field<G>("smtp_alert", &G::smtp_alert, Boolean{}, "Default of every smtp_alert.", "2.0.0")),
      validated<G>("smtp_alert_vrrp", Boolean{}, "Default of smtp_alert of instances and groups.", "2.0.0"),
      not_yet(field<G>("smtp_alert_checker", &G::smtp_alert_checker, Boolean{},
                       "Default of smtp_alert of virtual and real servers.", "2.0.0")),
      validated<G>("no_email_faults", Flag{}, "No mail when an instance faults.", "2.0.0"),
      validated<G>("no_checker_emails", Boolean{}, "No mail from the checker.", "2.0.0"),
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
      validated<G>("default_interface", Word{"an interface name", 15}, "Interface of static addresses without dev.",
                   "1.2.24"),
      validated<G>("disable_local_igmp", Flag{}, "Do not join the multicast group on the local stack.", "2.2.0"),
      checked("vrrp_garp_extra_if", all, read_extra_if, "Period of extra gratuitous ARPs on other interfaces, seconds.",
              "2.2.3"),
      checked("vrrp_vmac_garp_intvl", all, read_extra_if, "Older spelling of vrrp_garp_extra_if.", "2.2.0")
          .now("vrrp_garp_extra_if"),
      validated<G>("vrrp_iptables", WordList{"names of the input and output chains", 0, 2},
                   "Use iptables for no_accept.", "1.2.20"),
      validated<G>("vrrp_ipsets", WordList{"up to six set names", 0, 6}, "Use ipsets with iptables.", "1.2.20"),
      validated<G>("nftables", WordList{"a table name, or nothing", 0, 1}, "Use nftables for no_accept.", "2.0.11"),
      validated<G>("nftables_priority", Integer{-2147483648, kInt}, "Priority of the nftables chains.", "2.0.11"),
      validated<G>("nftables_ifindex", Flag{}, "Match interfaces by index.", "2.0.11"),
      validated<G>("nftables_counters", Flag{}, "Add counters to nftables rules.", "2.0.11"),
      validated<G>("vrrp_strict", Boolean{}, "Default of strict_mode.", "1.2.20"),
      validated<G>("vrrp_delay_after_boot", Seconds{Duration::zero(), seconds(4294), 6},
                   "As vrrp_startup_delay, counted from boot.", "2.4.0"),
      validated<G>("vmac_prefix", Word{"a short name", 14}, "Start of the names of VMAC interfaces.", "2.2.0"),
      validated<G>("vmac_addr_prefix", Word{"a short name", 14}, "The same for VMACs of single addresses.", "2.2.0"),
  };
}

}  // namespace

const Schema<GlobalDefs>& global_defs_schema() {
  static const Schema<G> schema = [] {
    std::vector<Row<G>> rows = honoured_rows();
    for (auto* more : {process_rows, message_rows, vrrp_rows, global_lvs_rows}) {
      std::vector<Row<G>> found = more();
      rows.insert(rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    return Schema<G>{"global_defs", "Settings of the whole daemon.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
