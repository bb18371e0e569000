// vrrp_instance. Rows keep what was said in a draft; lint.cpp makes it final.
#include <algorithm>

#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/schemas.h"
#include "core/config/schema/vrrp_instance_lists.h"
#include "core/config/schema/vrrp_transport_rows.h"
#include "core/config/settle_vmacs.h"

namespace holdfast::config {

namespace {

using I = InstanceDraft;
using D = Duration;

constexpr std::int64_t kInt = 2147483647;
constexpr std::int64_t kUnsigned = 4294967295;

template <class Codec, class Set, class Get>
Row<I> inside(std::string keyword, Codec codec, Set set, Get get, std::string doc, std::string since) {
  auto read = [codec, set](I& instance, const Node& node, Context& context) {
    if (auto value = codec.parse(node, context.diagnostics)) set(instance, *std::move(value));
  };
  auto write = [codec, get, keyword](const I& instance, std::vector<Node>& lines) {
    if (const auto value = get(instance)) lines.push_back(made_node(keyword, codec.format(*value)));
  };
  return special<I>(keyword, codec, read, write, std::move(doc), std::move(since));
}

/// `first` wins: a second one is reported and ignored (behaviour.md a.1).
Row<I> notify(std::string keyword, ScriptCommand NotifyScripts::*member, std::string doc, std::string since) {
  auto read = [member](I& instance, const Node& node, Context& context) {
    auto command = Script{}.parse(node, context.diagnostics);
    if (!command) return;
    if (!((*instance.notify).*member).empty()) {
      context.diagnostics.warning(
          node.at, fmt::format("({}) {} script already specified - ignoring", instance.name, node.words.front()));
      return;
    }
    instance.notify.own().*member = *std::move(command);
  };
  auto write = [member, keyword](const I& instance, std::vector<Node>& lines) {
    if (!((*instance.notify).*member).empty())
      lines.push_back(made_node(keyword, Script{}.format((*instance.notify).*member)));
  };
  return special<I>(keyword, Script{}, read, write, std::move(doc), std::move(since));
}

void read_state(I& instance, const Node& node, Context& context) {
  const std::string* state = mandatory_word(node, 1, "MASTER or BACKUP", context.diagnostics);
  if (state == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  const bool master = *state == "MASTER";
  if (!master && *state != "BACKUP") {
    context.diagnostics.error(location_of(node, 1),
                              fmt::format("({}) unknown state '{}', defaulting to BACKUP", instance.name, *state),
                              "MASTER or BACKUP");
  }
  if (!master && instance.given_state.value_or(false)) {
    context.diagnostics.warning(
        node.at, fmt::format("({}) state previously set as MASTER - ignoring BACKUP", instance.name), "one line state");
    return;
  }
  instance.given_state = master;
}

void write_state(const I& instance, std::vector<Node>& lines) {
  if (instance.given_state) lines.push_back(made_node("state", {*instance.given_state ? "MASTER" : "BACKUP"}));
}

void read_notify_deleted(I& instance, const Node& node, Context& context) {
  instance.notify_deleted = true;
  if (node.words.size() == 1) return;
  auto command = Script{}.parse(node, context.diagnostics);
  if (!command) return;
  if (instance.notify->deleted.empty()) {
    instance.notify.own().deleted = *std::move(command);
  } else {
    context.diagnostics.warning(node.at,
                                fmt::format("({}) notify_deleted script already specified - ignoring", instance.name));
  }
}

void write_notify_deleted(const I& instance, std::vector<Node>& lines) {
  if (!instance.notify->deleted.empty()) {
    lines.push_back(made_node("notify_deleted", Script{}.format(instance.notify->deleted)));
  } else if (instance.notify_deleted) {
    lines.push_back(made_node("notify_deleted"));
  }
}

void read_native_ipv6(I& instance, const Node& node, Context& context) {
  remark_surplus(node, 1, context.diagnostics);
  if (family_fits(instance, IpAddress::any(Family::IPv6))) return;
  context.diagnostics.error(
      node.at,
      fmt::format("({}) native_ipv6 but address {} is IPv4 - ignoring", instance.name, instance.family_witness.text()),
      "IPv6 addresses");
}

void read_authentication(I& instance, const Node& node, Context& context) {
  read_lines(authentication_schema(), node.children, instance, context);
}

void write_authentication(const I& instance, std::vector<Node>& lines) {
  if (instance.authentication == Authentication::None) return;
  Node node = list_node("authentication");
  node.children = write_lines(authentication_schema(), instance);
  lines.push_back(std::move(node));
}

void read_auth_hmac(I& instance, const Node& node, Context& context) {
  if (!instance.hmac) instance.hmac.emplace();
  read_lines(auth_hmac_schema(), node.children, *instance.hmac, context);
}

void write_auth_hmac(const I& instance, std::vector<Node>& lines) {
  if (!instance.hmac) return;
  Node node = list_node("auth_hmac");
  node.children = write_lines(auth_hmac_schema(), *instance.hmac);
  lines.push_back(std::move(node));
}

void read_extra_if(I& instance, const Node& node, Context& context) {
  read_garp_extra(instance.garp.own(), node, 0, context.diagnostics);
}

void write_extra_if(const I& instance, std::vector<Node>& lines) {
  lines.push_back(write_garp_extra("garp_extra_if", instance.garp));  // 0 too: it undoes the global one
}

/// keepalived keeps the number and looks at it nowhere.
void read_debug(I&, const Node& node, Context& context) {
  Integer{0, 4}.parse(node, context.diagnostics);
}

void read_timer_expired(I& instance, const Node& node, Context& context) {
  const auto priority = OptionalInteger{1, 254, 254}.parse(node, context.diagnostics);
  if (priority) instance.timer_expired_backup = static_cast<std::uint8_t>(*priority);
}

void write_timer_expired(const I& instance, std::vector<Node>& lines) {
  if (!instance.timer_expired_backup) return;
  lines.push_back(made_node("timer_expired_backup", {std::to_string(*instance.timer_expired_backup)}));
}

/// The last of accept and no_accept counts.
Row<I> acceptance(std::string keyword, bool accept, std::string doc, std::string since) {
  const auto keep = [accept](I& instance, bool) { instance.given_accept = accept; };
  const auto value = [accept](const I& instance) {
    return instance.given_accept == accept ? std::optional(true) : std::nullopt;
  };
  return inside(std::move(keyword), Flag{}, keep, value, std::move(doc), std::move(since));
}

void read_sync_daemon_interface(I& instance, const Node& node, Context& context) {
  if (mandatory_word(node, 1, "an interface", context.diagnostics) == nullptr) return;
  context.diagnostics.warning(node.at,
                              fmt::format("({}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated. "
                                          "Please use global lvs_sync_daemon",
                                          instance.name));
  std::optional<LvsSyncDaemon>& daemon = context.config.global_defs.lvs_sync_daemon;
  if (daemon) return;
  daemon.emplace();
  daemon->interface = node.words[1];
  daemon->vrrp_instance = instance.name;
  daemon->at = node.at;
}

Row<I> checked(std::string keyword, Shape shape, void (*read)(I&, const Node&, Context&), std::string doc,
               std::string since) {
  return not_yet(special<I>(std::move(keyword), std::move(shape), read, {}, std::move(doc), std::move(since)));
}

std::vector<Row<I>> election_rows() {
  return {
      special<I>("state", Choice{{"MASTER", "BACKUP"}}, read_state, write_state,
                 "Wanted role; only a preference unless the owner.", "0.5.3"),
      field<I>("interface", &I::interface, Word{"an interface name", 15}, "Interface that adverts are sent on.",
               "0.5.3"),
      field<I>("virtual_router_id", &I::virtual_router_id, Integer{1, 255},
               "Number of the virtual router on that interface.", "0.5.3"),
      field<I>("priority", &I::given_priority, Integer{1, 255}, "Higher wins; 255 = owner of the addresses.", "0.5.3"),
      field<I>("version", &I::given_version, Integer{2, 3}, "VRRP version.", "1.2.17"),
      field<I>("advert_int", &I::given_interval, Seconds{milliseconds(10), seconds(255), 6},
               "Seconds between two adverts.", "0.5.3"),
      as_block(special<I>("authentication", "a block of auth_type and auth_pass", read_authentication,
                          write_authentication, "Password of VRRP version 2.", "0.5.3")),
      field<I>("nopreempt", &I::preempt, NegativeFlag{}, "Do not take over from a living master of lower priority.",
               "1.1.8"),
      inside(
          "preempt", Flag{}, [](I& i, bool) { i.preempt = true; }, [](const I&) { return std::optional<bool>(); },
          "Take over from a master of lower priority (the default).", "0.5.3"),
      field<I>("preempt_delay", &I::preempt_delay, Seconds{D::zero(), seconds(1000), 6},
               "Seconds to wait before such a take-over.", "1.1.8"),
      as_block(special<I>("virtual_ipaddress", "a block of addresses", read_addresses, write_advertised,
                          "Addresses that move, named in adverts.", "0.5.3")),
      as_block(special<I>("virtual_ipaddress_excluded", "a block of addresses", read_excluded, write_excluded,
                          "Addresses that move but are not named in adverts.", "0.5.9")),
      special<I>(
          "native_ipv6", Flag{}, read_native_ipv6,
          [](const I& i, std::vector<Node>& lines) {
            if (i.given_family == Family::IPv6) lines.push_back(made_node("native_ipv6"));
          },
          "The instance is IPv6.", "1.2.1"),
      field<I>("no_virtual_ipaddress", &I::no_virtual_ipaddress, Flag{}, "Allow an instance without addresses.",
               "2.2.8"),
      field<I>("down_timer_adverts", &I::down_timer_adverts, Integer{1, 100},
               "Lost adverts before the master counts as gone.", "2.2.3"),
      field<I>("lower_prio_no_advert", &I::given_lower_prio_no_advert, Boolean{},
               "A master stays silent on a lower advert.", "1.2.20"),
      field<I>("higher_prio_send_advert", &I::given_higher_prio_send_advert, Boolean{},
               "A master that yields sends one more advert.", "1.3.5"),
      field<I>("owner_ignore_adverts", &I::given_owner_ignore_adverts, Boolean{},
               "An owner does not listen to adverts.", "2.3.3"),
      field<I>("skip_check_adv_addr", &I::skip_check_adv_addr, Boolean{},
               "Do not compare addresses of the known master's adverts.", "1.2.20"),
      field<I>("v3_checksum_as_v2", &I::v3_checksum_as_v2, Boolean{},
               "IPv4 checksum of version 3 without the pseudo header.", "2.2.8"),
      field<I>("vip_lifetime", &I::vip_lifetime, Seconds{D::zero(), seconds(86400), 0},
               "Kernel lifetime of the addresses, renewed while we live; 0 = forever (only in Holdfast).", "holdfast"),
  };
}

std::vector<Row<I>> event_rows() {
  using N = NotifyScripts;
  const auto garp_integer = [](std::string keyword, int GarpSettings::*member, std::string doc) {
    return inside(
        keyword, Count{}, [member](I& i, std::int64_t n) { i.garp.own().*member = static_cast<int>(n); },
        [member](const I& i) { return std::optional<std::int64_t>((*i.garp).*member); }, std::move(doc), "1.2.14");
  };
  return {
      as_block(special<I>("track_script", "a block of: NAME [weight N [reverse|noreverse]]", read_track_script,
                          write_track_script, "Scripts that move the priority or fault the instance.", "1.1.13")),
      as_block(special<I>("track_interface", "a block of: INTERFACE [weight N [reverse]]", read_track_interface,
                          write_track_interface, "Interfaces that do.", "1.0.1")),
      field<I>("dont_track_primary", &I::track_primary, NegativeFlag{}, "The own interface going down does not fault.",
               "1.1.8"),
      notify("notify_master", &N::master, "Run on becoming master.", "0.5.9"),
      notify("notify_backup", &N::backup, "Run on becoming backup.", "0.5.9"),
      notify("notify_fault", &N::fault, "Run on a fault.", "0.5.9"),
      notify("notify_stop", &N::stop, "Run on stop.", "1.1.13"),
      special<I>("notify_deleted", Shape{"nothing, or a command line", {Form::Kind::Command, true}},
                 read_notify_deleted, write_notify_deleted, "Run, or DELETED sent, when a reload removes the instance.",
                 "2.1.0"),
      notify("notify", &N::any, "Run on every change, with four arguments.", "0.5.3"),
      notify("notify_master_rx_lower_pri", &N::master_rx_lower_pri, "Run when a master hears a lower advert.", "2.0.6"),
      field<I>("notify_priority_changes", &I::given_notify_priority_changes, Boolean{},
               "Also tell pipes of priority changes.", "2.0.16"),
      inside(
          "garp_master_delay", Seconds{D::zero(), seconds(4294), 0}, [](I& i, D d) { i.garp.own().delay = d; },
          [](const I& i) { return std::optional(i.garp->delay); }, "Seconds to the second burst; 0 = none.", "0.7.1"),
      inside(
          "garp_master_refresh", Seconds{D::zero(), seconds(4294967), 0}, [](I& i, D d) { i.garp.own().refresh = d; },
          [](const I& i) { return std::optional(i.garp->refresh); }, "Seconds between refreshes; 0 = never.", "1.2.10"),
      garp_integer("garp_master_repeat", &GarpSettings::repeat, "Frames per address and burst."),
      garp_integer("garp_master_refresh_repeat", &GarpSettings::refresh_repeat, "Frames per address and refresh."),
      inside(
          "garp_lower_prio_delay", Seconds{D::zero(), seconds(4294), 0},
          [](I& i, D d) { i.garp.own().lower_prio_delay = d; }, [](const I& i) { return i.garp->lower_prio_delay; },
          "The delay after a lower advert.", "1.2.20"),
      inside(
          "garp_lower_prio_repeat", Integer{0, kInt},
          [](I& i, std::int64_t n) { i.garp.own().lower_prio_repeat = static_cast<int>(n); },
          [](const I& i) {
            return i.garp->lower_prio_repeat ? std::optional<std::int64_t>(*i.garp->lower_prio_repeat) : std::nullopt;
          },
          "The repeat after a lower advert.", "1.2.20"),
  };
}

std::vector<Row<I>> later_rows() {
  const std::string tracks = "a block of: NAME [weight N [reverse|noreverse]]";
  const Shape all{"integer 0..86400, perhaps after the word all", {Form::Kind::Integer, false, "0", "86400", "s"}};
  return {
      special<I>("use_vmac", WordList{"options of the VMAC"}, read_use_vmac, write_use_vmac,
                 "Give the addresses the virtual router's own MAC.", "1.2.3"),
      field<I>("use_vmac_addr", &I::use_vmac_addr, Flag{}, "The same for addresses on other interfaces.", "2.2.0"),
      field<I>("vmac_xmit_base", &I::vmac_xmit_base, Flag{}, "Send adverts from the base interface.", "1.2.10"),
      special<I>("use_ipvlan", WordList{"options of the ipvlan"}, read_use_ipvlan, write_use_ipvlan,
                 "Put the addresses on an ipvlan.", "2.0.17"),
      field<I>("vrf", &I::vrf, Word{"an interface name", 15}, "VRF of an instance without interface.", "2.2.5"),
      as_block(special<I>("track_file", tracks, read_track_file_list, write_track_file_list,
                          "Files that move the priority.", "2.0.0")),
      as_block(special<I>("track_process", tracks, read_track_process_list, write_track_process_list,
                          "Processes that do.", "2.0.11")),
      as_block(checked("track_bfd", tracks, check_track_bfd, "BFD sessions that do.", "2.0.0")),
      field<I>("promote_secondaries", &I::promote_secondaries, Flag{},
               "Keep secondary addresses when the primary goes.", "1.3.0"),
      field<I>("linkbeat_use_polling", &I::linkbeat_use_polling, Flag{}, "Poll the interface's carrier.", "2.0.0"),
      as_block(special<I>("virtual_routes", "a block of routes", read_virtual_routes, write_virtual_routes,
                          "Routes that move.", "1.0.1")),
      as_block(special<I>("virtual_rules", "a block of rules", read_virtual_rules, write_virtual_rules,
                          "Rules that move.", "1.2.20")),
      acceptance("accept", true, "Take traffic to the addresses although not their owner.", "1.2.17"),
      acceptance("no_accept", false, "Refuse it.", "1.3.0"),
      field<I>("strict_mode", &I::strict, Boolean{}, "Keep strictly to the RFC.", "1.2.20"),
      special<I>("debug", Integer{0, 4}, read_debug, {}, "Debug level. It has no effect, as in keepalived.", "0.5.3"),
      field<I>("smtp_alert", &I::given_smtp_alert, Boolean{}, "Mail every change.", "0.5.7"),
      special<I>("lvs_sync_daemon_interface", Word{"an interface", 15}, read_sync_daemon_interface, {},
                 "Older way to lvs_sync_daemon.", "0.5.5"),
      special<I>("timer_expired_backup", OptionalInteger{1, 254, 254}, read_timer_expired, write_timer_expired,
                 "Become backup after having been late, which is always done here.", "2.2.8")
          .in("prio"),
      special<I>("thread_timer_expired", OptionalInteger{1, 254, 254}, read_timer_expired, {},
                 "Another spelling of timer_expired_backup.", "2.3.2")
          .in("prio")
          .now("timer_expired_backup"),
      special<I>("garp_extra_if", all, read_extra_if, write_extra_if, "Period of extra gratuitous ARPs, seconds.",
                 "2.2.3"),
      special<I>("vmac_garp_intvl", all, read_extra_if, {}, "Older spelling of garp_extra_if.", "2.2.0")
          .now("garp_extra_if"),
      field<I>("kernel_rx_buf_size", &I::receive_buffer, Integer{0, kUnsigned},
               "Receive buffer of the advert socket, bytes.", "2.0.3")
          .in("bytes"),
      as_block(special<I>("auth_hmac", "a block of keys", read_auth_hmac, write_auth_hmac,
                          "Message authentication of adverts.", "2.4.0")),
  };
}

}  // namespace

const Schema<InstanceDraft>& vrrp_instance_schema() {
  static const Schema<I> schema = [] {
    std::vector<Row<I>> rows = election_rows();
    for (auto* more : {transport_rows, event_rows, later_rows}) {
      std::vector<Row<I>> found = more();
      rows.insert(rows.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    return Schema<I>{"vrrp_instance", "One virtual router.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
