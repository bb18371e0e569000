#include "core/config/schema/virtual_server.h"

#include <algorithm>
#include <array>

#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using V = VirtualServerDraft;

constexpr std::array<std::string_view, 14> kSchedulers{"rr", "wrr", "lc",  "wlc",   "lblc", "sh", "mh",
                                                       "dh", "fo",  "ovf", "lblcr", "sed",  "nq", "twos"};
constexpr std::uint32_t kDefaultPersistence = 360;  // seconds
constexpr std::size_t kLongestEngine = 15;          // IP_VS_PENAME_MAXLEN without the terminator

std::string_view protocol_word(Protocol protocol) {
  return protocol == Protocol::Tcp ? "tcp" : protocol == Protocol::Udp ? "udp" : "sctp";
}

struct SchedulerName {
  using Value = std::string;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
    if (word == nullptr) return std::nullopt;
    remark_surplus(node, 2, diagnostics);
    if (std::find(kSchedulers.begin(), kSchedulers.end(), *word) != kSchedulers.end()) return *word;
    diagnostics.error(location_of(node, 1), fmt::format("Invalid lvs_scheduler '{}' - ignoring", *word), describe(),
                      std::string(nearest(*word, {kSchedulers.begin(), kSchedulers.end()})));
    return std::nullopt;
  }
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return join({kSchedulers.begin(), kSchedulers.end()}, ", "); }
  Form form() const { return {Form::Kind::Choice, false, {}, {}, {}, {kSchedulers.begin(), kSchedulers.end()}}; }
};

struct ProtocolName {
  using Value = Protocol;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
    if (word == nullptr) return std::nullopt;
    remark_surplus(node, 2, diagnostics);
    if (*word == "TCP") return Protocol::Tcp;
    if (*word == "UDP") return Protocol::Udp;
    if (*word == "SCTP") return Protocol::Sctp;
    diagnostics.error(location_of(node, 1), fmt::format("Unknown protocol {} - ignoring", *word), describe());
    return std::nullopt;
  }
  std::vector<std::string> format(Value value) const {
    return {value == Protocol::Tcp ? "TCP" : value == Protocol::Udp ? "UDP" : "SCTP"};
  }
  std::string describe() const { return "TCP, UDP or SCTP"; }
  Form form() const { return {Form::Kind::Choice, false, {}, {}, {}, {"TCP", "UDP", "SCTP"}}; }
};

void read_family(V& server, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "inet or inet6", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  if (*word != "inet" && *word != "inet6") {
    context.diagnostics.error(location_of(node, 1), fmt::format("unknown address family {}", *word), "inet or inet6");
    return;
  }
  const Family family = *word == "inet" ? Family::IPv4 : Family::IPv6;
  if (server.given_family && *server.given_family != family) {
    context.diagnostics.error(location_of(node, 1),
                              fmt::format("Virtual server specified family {} conflicts with server family", *word),
                              "the family of its addresses");
    return;
  }
  server.given_family = family;
}

/// A group of marks has the family of its first real server anyway, and then lets others in.
void write_family(const V& server, std::vector<Node>& lines) {
  if (!server.by_mark) return;
  const auto& reals = server.real_servers;
  const Family usual = reals.empty() ? Family::IPv4 : reals.front().address.family();
  if (server.group.empty() || server.family != usual)
    lines.push_back(made_node("ip_family", {server.family == Family::IPv4 ? "inet" : "inet6"}));
}

/// sh-port and its like: a scheduler flag that only one scheduler has.
Row<V> scheduler_flag(std::string keyword, std::string_view scheduler, int flag, std::string doc, std::string since) {
  const auto read = [scheduler, flag, keyword](V& server, const Node& node, Context& context) {
    Flag{}.parse(node, context.diagnostics);
    if (server.given_scheduler != scheduler) {
      context.diagnostics.error(node.at, fmt::format("{} only applies to {} scheduler - ignoring", keyword, scheduler),
                                fmt::format("a line `lb_algo {}`", scheduler));
      return;
    }
    server.scheduler_flags |= 1U << (flag - 1);
  };
  return special<V>(std::move(keyword), Flag{}, read, {}, std::move(doc), std::move(since));
}

void read_hashed(V& server, const Node& node, Context& context) {
  Flag{}.parse(node, context.diagnostics);
  server.hashed = server.given_scheduler == "sh";
  if (server.hashed) return;
  context.diagnostics.warning(node.at, "hashed only applies to sh scheduler - ignoring", "a line `lb_algo sh`");
}

void write_hashed(const V& server, std::vector<Node>& lines) {
  if (server.hashed) lines.push_back(made_node("hashed"));
}

Row<V> plain_flag(int flag) {
  const auto read = [flag](V& server, const Node& node, Context& context) {
    Flag{}.parse(node, context.diagnostics);
    server.scheduler_flags |= 1U << (flag - 1);
  };
  const auto write = [flag](const V& server, std::vector<Node>& lines) {
    if ((server.scheduler_flags >> (flag - 1) & 1U) != 0) lines.push_back(made_node(fmt::format("flag-{}", flag)));
  };
  return special<V>(fmt::format("flag-{}", flag), Flag{}, read, write, fmt::format("Scheduler flag {}.", flag),
                    "1.3.0");
}

void read_persistence_timeout(V& server, const Node& node, Context& context) {
  const auto value = OptionalInteger{1, 2678400, kDefaultPersistence}.parse(node, context.diagnostics);
  if (value) server.persistence_timeout_s = static_cast<std::uint32_t>(*value);
}

void write_persistence_timeout(const V& server, std::vector<Node>& lines) {
  if (server.persistence_timeout_s == 0) return;
  lines.push_back(made_node("persistence_timeout", {std::to_string(server.persistence_timeout_s)}));
}

/// A dotted netmask, or a prefix length, which lint_lvs turns into a mask when the service is IPv4.
void read_granularity(V& server, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "a netmask, or a prefix length", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  const bool may_be_v4 = !server.given_family || *server.given_family == Family::IPv4;
  const auto mask = IpAddress::parse(*word);
  if (mask && mask->is_v4() && may_be_v4) {
    server.persistence_granularity = mask->v4_value();
    return;
  }
  const bool number = !word->empty() && word->find_first_not_of("0123456789") == std::string::npos;
  const int most = server.given_family == Family::IPv4 ? 32 : 128;
  if (number && word->size() < 4 && std::stoi(*word) >= 1 && std::stoi(*word) <= most) {
    server.persistence_granularity = static_cast<std::uint32_t>(std::stoi(*word));
    return;
  }
  const bool v6 = server.given_family == Family::IPv6;
  if (!v6 && number) {
    return context.diagnostics.advise(location_of(node, 1),
                                      fmt::format("persistence_granularity {} is no netmask and does not count", *word),
                                      "a netmask");
  }
  context.diagnostics.error(
      location_of(node, 1),
      fmt::format("Invalid {} persistence_granularity specified - {}", v6 ? "IPv6" : "IPv4", *word),
      v6 ? "a prefix length 1..128" : "a netmask");
}

void write_granularity(const V& server, std::vector<Node>& lines) {
  if (!server.persistence_granularity) return;
  const std::uint32_t value = *server.persistence_granularity;
  const bool v6 = server.family == Family::IPv6;
  lines.push_back(made_node("persistence_granularity", {v6 ? std::to_string(value) : IpAddress::v4(value).text()}));
}

struct EngineName {
  using Value = std::string;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
    if (word == nullptr) return std::nullopt;
    remark_surplus(node, 2, diagnostics);
    if (word->size() <= kLongestEngine) return *word;
    diagnostics.warning(location_of(node, 1), fmt::format("persistence_name too long, truncating - {}", *word));
    return word->substr(0, kLongestEngine);
  }
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return "a name, such as sip"; }
  Form form() const { return {Form::Kind::Word}; }
};

/// The first of several scripts counts (behaviour.md a.1).
Row<V> first_script(std::string keyword, Rare<ScriptCommand> VirtualServer::*member, std::string doc,
                    std::string since) {
  Row<V> row = field<V>(keyword, member, Script{}, std::move(doc), std::move(since));
  row.read = [member, keyword](V& server, const Node& node, Context& context) {
    auto command = Script{}.parse(node, context.diagnostics);
    if (!command) return;
    if ((server.*member).empty()) {
      server.*member = *std::move(command);
      return;
    }
    context.diagnostics.warning(node.at,
                                fmt::format("{} script already specified - ignoring {}", keyword, node.words[1]));
  };
  return row;
}

void read_quorum(V& server, const Node& node, Context& context) {
  remark_surplus(node, 2, context.diagnostics);
  const auto value = parse_integer(node, 1, 1, 2147483647, context.diagnostics);
  if (value) server.quorum = static_cast<int>(*value);
}

void read_sorry_server(V& server, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "an address, then perhaps a port", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 3, context.diagnostics);
  const auto address = IpAddress::parse(*word);
  if (!address) {
    context.diagnostics.error(location_of(node, 1), fmt::format("Invalid sorry server IP address {} - skipping", *word),
                              "an IP address");
    return;
  }
  std::uint16_t port = 0;
  if (node.words.size() > 2 && node.words[2] != "0") {
    const auto given = parse_integer(node, 2, 1, 65535, context.diagnostics);
    if (!given) return;
    port = static_cast<std::uint16_t>(*given);
  }
  server.sorry_server = SorryServer{*address, port, {}};
}

void write_sorry_server(const V& server, std::vector<Node>& lines) {
  if (!server.sorry_server) return;
  lines.push_back(made_node("sorry_server", {server.sorry_server->address.text()}));
  if (server.sorry_server->port != 0) lines.back().words.push_back(std::to_string(server.sorry_server->port));
}

void read_real_server(V& server, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "an address, then perhaps a port", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 3, context.diagnostics);
  RealServerDraft real;
  real.at = node.at;
  const auto address = IpAddress::parse(*word);
  std::optional<std::int64_t> port = 0;
  if (node.words.size() > 2 && node.words[2] != "0") port = parse_integer(node, 2, 1, 65535, context.diagnostics);
  if (!address) {
    context.diagnostics.error(location_of(node, 1),
                              fmt::format("Invalid real server ip address/port {} - skipping",
                                          join({node.words.begin() + 1, node.words.end()}, "/")),
                              "an address, then perhaps a port");
  }
  if (!address || !port) return;
  real.address = *address;
  real.port = static_cast<std::uint16_t>(*port);
  read_lines(real_server_schema(), node.children, real, context);
  server.drafts.push_back(std::move(real));
}

void write_real_servers(const V& server, std::vector<Node>& lines) {
  for (const RealServerDraft& real : server.drafts) {
    Node node = made_node("real_server", {real.address.text()});
    if (real.port != 0) node.words.push_back(std::to_string(real.port));
    node.block = true;
    node.at = real.at;
    node.children = write_lines(real_server_schema(), real);
    lines.push_back(std::move(node));
  }
}

std::vector<Row<V>> scheduling_rows() {
  using S = VirtualServer;
  return {
      special<V>("ip_family", Choice{{"inet", "inet6"}}, read_family, write_family,
                 "Family of a firewall mark's service.", "1.2.20"),
      field<V>("lb_algo", &V::given_scheduler, SchedulerName{}, "Scheduler.", "0.5.3"),
      inside<V>(
          "lvs_sched", SchedulerName{}, [](V& v, std::string name) { v.given_scheduler = std::move(name); },
          [](const V&) { return std::optional<std::string>(); }, "The same as lb_algo.", "1.1.5"),
      special<V>("hashed", Flag{}, read_hashed, write_hashed, "The kernel's flag of that name (scheduler sh).",
                 "1.3.0"),
      field<V>("ops", &S::one_packet, Flag{}, "One packet scheduling; only for UDP.", "1.2.8"),
      plain_flag(1),
      plain_flag(2),
      plain_flag(3),
      scheduler_flag("sh-port", "sh", 2, "Scheduler sh hashes the port too.", "1.3.0"),
      scheduler_flag("sh-fallback", "sh", 1, "Scheduler sh goes on to another server.", "1.3.0"),
      scheduler_flag("mh-port", "mh", 2, "Scheduler mh hashes the port too.", "2.0.20"),
      scheduler_flag("mh-fallback", "mh", 1, "Scheduler mh goes on to another server.", "2.0.20"),
      field<V>("lb_kind", &V::given_method, Forwards{}, "How packets reach the real servers.", "0.5.3"),
      inside<V>(
          "lvs_method", Forwards{}, [](V& v, const ForwardingMethod& method) { v.given_method = method; },
          [](const V&) { return std::optional<ForwardingMethod>(); }, "The same as lb_kind.", "1.1.5"),
      field<V>("persistence_engine", &S::persistence_engine, EngineName{}, "The kernel's engine, such as sip.",
               "1.2.20"),
      special<V>("persistence_timeout", OptionalInteger{1, 2678400, kDefaultPersistence}, read_persistence_timeout,
                 write_persistence_timeout, "Seconds for which a client stays at a server.", "0.5.3")
          .in("s"),
      special<V>("persistence_granularity", "a netmask, or a prefix length of IPv6", read_granularity,
                 write_granularity, "Clients that count as one.", "0.5.7"),
      field<V>("protocol", &V::given_protocol, ProtocolName{}, "TCP, UDP or SCTP.", "0.5.3"),
  };
}

std::vector<Row<V>> health_rows() {
  using S = VirtualServer;
  return {
      field<V>("ha_suspend", &S::ha_suspend, Flag{}, "Check only while the address is on this host.", "1.0.0"),
      field<V>("smtp_alert", &V::given_smtp_alert, Boolean{}, "Mail when quorum is gained or lost.", "2.0.0"),
      field<V>("virtualhost", &S::virtualhost, Text{"virtual server virtualhost"},
               "Default of its checks' virtualhost.", "0.5.8"),
      not_yet(field<V>("snmp_name", &S::snmp_name, Text{"virtual server snmp_name"}, "Its name in SNMP.", "2.2.3")),
      field<V>("alpha", &S::alpha, Switch{}, "Its servers are down until their checks succeed.", "1.1.16"),
      field<V>("omega", &S::omega, Switch{}, "Run the scripts of loss at stop.", "1.1.16"),
      first_script("quorum_up", &S::quorum_up, "Run when enough servers are healthy.", "1.1.16"),
      first_script("quorum_down", &S::quorum_down, "Run when too few are.", "1.1.16"),
      special<V>(
          "quorum", Integer{1, 2147483647}, read_quorum,
          [](const V& v, std::vector<Node>& lines) {
            lines.push_back(made_node("quorum", {std::to_string(v.quorum)}));
          },
          "Weight that must be healthy.", "1.1.16"),
      field<V>("hysteresis", &S::hysteresis, Integer{0, 2147483647}, "Weight that must be gained or lost on top.",
               "1.1.16"),
      field<V>("weight", &V::weight, ServerWeight{1}, "Default of the real servers' weight.", "1.3.7"),
      field<V>("inhibit_on_failure", &V::inhibit_on_failure, Flag{}, "Default of the real servers'.", "1.3.7"),
      special<V>("sorry_server", "an address, then perhaps a port", read_sorry_server, write_sorry_server,
                 "Serves while the quorum is lost.", "0.5.3"),
      field<V>("sorry_server_inhibit", &S::sorry_server_inhibit, Flag{}, "Weight 0 instead of removal.", "1.2.13"),
      field<V>("sorry_server_lvs_method", &V::given_sorry_method, Forwards{},
               "How packets reach it; by default as the others.", "1.3.6"),
  };
}

}  // namespace

const Schema<VirtualServerDraft>& virtual_server_schema() {
  static const Schema<V> schema = [] {
    std::vector<Row<V>> rows = scheduling_rows();
    append(rows, health_rows());
    append(rows, timing_rows<V>(1, "1.3.7"));
    append(rows, network_timing_rows<V>());
    rows.push_back(as_block(special<V>("real_server", "an address, then perhaps a port, and a block", read_real_server,
                                       write_real_servers, "A server of it.", "0.5.3")));
    return Schema<V>{"virtual_server", "A service that several servers share.", std::move(rows)};
  }();
  return schema;
}

std::string describe(const VirtualServer& server) {
  if (server.fwmark) return fmt::format("FWM {}", *server.fwmark);
  if (!server.group.empty()) return fmt::format("[{}]:{}", server.group, server.port);
  return fmt::format("[{}]:{}:{}", server.address ? server.address->text() : "", protocol_word(server.protocol),
                     server.port);
}

std::string describe(const RealServer& server, const VirtualServer& owner) {
  return fmt::format("[{}]:{}:{}", server.address.text(), owner.fwmark ? "none" : protocol_word(owner.protocol),
                     server.port);
}

}  // namespace holdfast::config
