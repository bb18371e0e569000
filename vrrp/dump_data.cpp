#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "vrrp/dump.h"
#include "vrrp/dump_routing.h"
#include "vrrp/logic/state_words.h"

namespace holdfast::vrrp {
namespace {

const char* truth(bool value) {
  return value ? "true" : "false";
}
const char* enabled(bool value) {
  return value ? "enabled" : "disabled";
}

/// "1795382269.815114 (Sun Nov 22 21:17:49.815114 2026)"
std::string moment(std::int64_t wall_us) {
  const std::time_t whole = static_cast<std::time_t>(wall_us / 1'000'000);
  const std::int64_t rest = wall_us % 1'000'000;
  std::tm parts{};
  localtime_r(&whole, &parts);
  return fmt::format("{}.{:06} ({:%a %b %e %H:%M:%S}.{:06} {:%Y})", static_cast<std::int64_t>(whole), rest, parts, rest,
                     parts);
}

class DataText {
 public:
  DataText(const EngineView& view, const DumpTime& time) : view_(view), time_(time) {}

  void globals();
  void instance(const InstanceView& instance);
  void group(const GroupView& group);
  void script(const ScriptView& script);
  void objects() { out_ += objects_text(view_); }
  void lateness(const Lateness& lateness);
  void title(const char* text) { out_ += fmt::format("------< {} >------\n", text); }
  std::string take() { return std::move(out_); }

 private:
  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Values>(values)...);
    out_ += '\n';
  }
  void garp(const char* indent, const config::GarpSettings& g, const char* refresh_label);
  void global_process();
  void mail();
  void state(const InstanceView& instance);
  void interface(const InstanceView& instance);
  void election(const InstanceView& instance);
  void addresses(const InstanceView& instance, const char* label, const std::vector<config::VirtualAddress>& entries);
  void unicast(const InstanceView& instance);
  void trackers(const config::VrrpInstance& s);
  template <class View>
  void objects(const char* what, const std::vector<config::TrackedObject>& tracks, const std::vector<View>& views);
  void notify(const config::VrrpInstance& s);
  void command(const char* label, const config::ScriptCommand& command);
  const ScriptView* find(const std::string& name) const;

  const EngineView& view_;
  const DumpTime& time_;
  std::string out_;
};

const ScriptView* DataText::find(const std::string& name) const {
  const auto found = std::ranges::find_if(view_.scripts, [&](const ScriptView& s) { return s.settings.name == name; });
  return found == view_.scripts.end() ? nullptr : &*found;
}

// ---- global definitions ---------------------------------------------------------------------------------------------

void DataText::garp(const char* indent, const config::GarpSettings& g, const char* refresh_label) {
  line("{}Gratuitous ARP delay = {:g}", indent, to_seconds(g.delay));
  line("{}Gratuitous ARP repeat = {}", indent, g.repeat);
  line("{}Gratuitous ARP {} = {:g}", indent, refresh_label, to_seconds(g.refresh));
  line("{}Gratuitous ARP refresh repeat = {}", indent, g.refresh_repeat);
  line("{}Gratuitous ARP lower priority delay = {:g}", indent, to_seconds(g.lower_prio_delay.value_or(g.delay)));
  line("{}Gratuitous ARP lower priority repeat = {}", indent, g.lower_prio_repeat.value_or(g.repeat));
}

void DataText::globals() {
  const config::GlobalDefs& g = view_.globals;
  title("Global definitions");
  line(" Network namespace = {}", g.net_namespace.empty() ? "(default)" : g.net_namespace);
  if (!g.instance.empty()) line(" Instance name = {}", g.instance);
  if (!g.router_id.empty()) line(" Router ID = {}", g.router_id);
  mail();
  line(" Dynamic interfaces = {}", truth(g.dynamic_interfaces));
  if (g.no_email_faults) line(" Send emails for fault transitions = off");
  line(" VRRP notify priority changes = {}", truth(g.notify_priority_changes));
  line(" VRRP IPv4 mcast group = {}", g.mcast_group4.text());
  line(" VRRP IPv6 mcast group = {}", g.mcast_group6.text());
  garp(" ", g.garp, "refresh timer");
  line(" Num adverts before down = {}", g.down_timer_adverts);
  line(" Send advert after receive lower priority advert = {}", truth(!g.lower_prio_no_advert));
  line(" Send advert after receive higher priority advert = {}", truth(g.higher_prio_send_advert));
  line(" Gratuitous ARP interval = {:.6f}", to_seconds(g.garp.interval));
  line(" Gratuitous NA interval = {:.6f}", to_seconds(g.garp.gna_interval));
  line(" VRRP default protocol version = {}", g.vrrp_version);
  line(" VRRP skip check advert addresses = {}", truth(g.skip_check_adv_addr));
  global_process();
}

void DataText::mail() {
  const config::GlobalDefs& g = view_.globals;
  if (!g.mail.server.empty()) {
    line(" Smtp server = {}", g.mail.server);
    line(" Smtp server port = {}", g.mail.port);
  }
  if (!g.mail.helo_name.empty()) line(" Smtp HELO name = {}", g.mail.helo_name);
  if (g.mail.possible()) line(" Smtp server connection timeout = {:g}", to_seconds(g.mail.connect_timeout));
  if (!g.mail.from.empty()) line(" Email notification from = {}", g.mail.from);
  if (!g.mail.recipients.empty()) line(" Email notification to:");
  for (const std::string& recipient : g.mail.recipients) line("   {}", recipient);
  const auto said = [](const std::optional<bool>& value) { return !value ? "unset" : *value ? "on" : "off"; };
  line(" Default smtp_alert = {}", said(g.smtp_alert));
  line(" Default smtp_alert_vrrp = {}", said(g.smtp_alert_vrrp));
  line(" Default smtp_alert_checker = {}", said(g.smtp_alert_checker));
}

void DataText::global_process() {
  const config::GlobalDefs& g = view_.globals;
  line(" Max auto priority = {}", g.max_auto_priority.value_or(0));
  line(" Min auto priority delay = {} usecs", g.min_auto_priority_delay.count());
  line(" VRRP process priority = {}", g.vrrp_priority.value_or(0));
  line(" VRRP don't swap = {}", truth(g.vrrp_no_swap));
  line(" VRRP realtime priority = {}", g.vrrp_rt_priority.value_or(0));
  line(" VRRP realtime limit = {}", g.vrrp_rlimit_rttime.count());
  line(" VRRP startup delay = {:g}", to_seconds(g.vrrp_startup_delay));
  line(" Log unknown VRIDs = {}", truth(g.log_unknown_vrids));
  line(" Script security {}", enabled(g.enable_script_security));
  if (!g.script_user.empty()) line(" Default script user = {}", g.script_user);
  line(" Orphan grace = {:g}", to_seconds(g.orphan_grace));
  line(" VIP lifetime = {:g}", to_seconds(g.vip_lifetime));
  if (g.umask) line(" umask = {:04o}", *g.umask);
}

// ---- instances ------------------------------------------------------------------------------------------------------

void DataText::instance(const InstanceView& instance) {
  const config::VrrpInstance& s = instance.settings;
  line(" VRRP Instance = {}", s.name);
  line("   VRRP Version = {}", s.version);
  for (const GroupView& group : view_.groups) {
    if (std::ranges::find(group.settings.members, s.name) == group.settings.members.end()) continue;
    line("   Sync group = {}", group.settings.name);
  }
  state(instance);
  garp("   ", s.garp, "refresh");
  line("   Down timer adverts = {}", s.down_timer_adverts);
  line("   Send advert after receive lower priority advert = {}", truth(!s.lower_prio_no_advert));
  line("   Send advert after receive higher priority advert = {}", truth(s.higher_prio_send_advert));
  election(instance);
  addresses(instance, "Virtual IP", s.virtual_addresses);
  unicast(instance);
  addresses(instance, "Virtual IP Excluded", s.excluded_addresses);
  if (!s.virtual_routes.empty()) line("   Virtual Routes :");
  for (const std::string& text : route_texts(s.virtual_routes)) line("     {}", text);
  if (!s.virtual_rules.empty()) line("   Virtual Rules :");
  for (const std::string& text : rule_texts(s.virtual_rules)) line("     {}", text);
  trackers(s);
  notify(s);
}

void DataText::state(const InstanceView& instance) {
  const config::VrrpInstance& s = instance.settings;
  const InstanceRecord& r = instance.record;
  const bool decided = r.state == State::Active || r.state == State::Backup;
  const auto unknown = std::ranges::count_if(s.track_scripts, [this](const config::TrackedScript& tracked) {
    const ScriptView* script = find(tracked.name);
    return script != nullptr && !script->record.known;
  });
  line("   State = {}", state_word(r.state));
  if (r.state == State::Backup && !r.active_address.is_any()) {
    line("   Master router = {}", r.active_address.text());
    line("   Master priority = {}", r.active_priority);
  }
  if (s.unicast()) {
    line("   Flags:");
    line("     Using unicast");
  }
  if (r.conflicts > 0) line("   Conflicts with another master = {}", r.conflicts);
  line("   Wantstate = {}", state_word(decided ? r.state : s.wants_master ? State::Active : State::Backup));
  line("   Number of interface and track script faults = {}", r.fault_reasons.size());
  for (const std::string& reason : r.fault_reasons) line("     {}", reason);
  line("   Number of track scripts init = {}", unknown);
  line("   Last transition = {}", moment(time_.wall_of(r.since)));
  if (instance.next_deadline) line("   Read timeout = {}", moment(time_.wall_of(*instance.next_deadline)));
  line("   Master down timer = {} usecs", r.peers_down_interval.count());
  interface(instance);
  if (!instance.source.is_any()) {
    line("   Using src_ip = {}{}", instance.source.text(), s.source_address ? " (from configuration)" : "");
  }
  if (!s.unicast()) line("   Multicast address {}", s.multicast_group.text());
}

void DataText::interface(const InstanceView& instance) {
  const config::VrrpInstance& s = instance.settings;
  if (!s.vrf.empty()) line("   VRF = {}", *s.vrf);
  if (!s.vmac) return line("   Interface = {}", s.interface);
  const bool needed = s.vmac->ipvlan || instance.record.state == State::Active;
  line("   Use {}, i/f name {}, is_up = {}, xmit_base = {}", s.vmac->ipvlan ? "IPVLAN" : "VMAC", s.vmac->name,
       truth(needed && !instance.record.vmacs.empty()), truth(s.vmac_xmit_base));
  line("   Interface = {}, vmac on {}{}", s.vmac->name, s.vmac->base, s.vmac_xmit_base ? ", xmit base i/f" : "");
}

void DataText::election(const InstanceView& instance) {
  const config::VrrpInstance& s = instance.settings;
  line("   Virtual Router ID = {}", s.virtual_router_id);
  line("   Priority = {}", s.priority);
  line("   Effective priority = {}", instance.record.effective_priority);
  line("   Total priority = {}", instance.record.effective_priority);
  for (const std::string& reason : instance.record.priority_reasons) line("     {}", reason);
  if (s.version == 3)
    line("   Advert interval = {} milli-sec", s.advert_interval.count() / 1000);
  else
    line("   Advert interval = {} sec", s.advert_interval.count() / 1'000'000);
  if (instance.record.state == State::Backup && s.version == 3) {
    line("   Master advert interval = {} milli-sec", instance.record.learned_interval.count() / 1000);
  }
  line("   Accept = enabled");
  line("   Preempt = {}", enabled(s.preempt));
  if (s.preempt_delay > Duration::zero()) line("   Preempt delay = {:g} secs", to_seconds(s.preempt_delay));
  if (s.version == 3) return;
  switch (s.authentication) {
    case config::Authentication::None:
      return line("   Authentication type = none");
    case config::Authentication::Pass:
      line("   Authentication type = SIMPLE_PASSWORD");
      break;
    case config::Authentication::Ah:
      line("   Authentication type = IPSEC_AH");
      break;
  }
  line("   Password = ********");
}

void DataText::addresses(const InstanceView& instance, const char* label,
                         const std::vector<config::VirtualAddress>& entries) {
  if (entries.empty()) return;
  line("   {} ({}):", label, entries.size());
  const bool set = instance.record.state == State::Active;
  for (const auto& entry : entries) line("     {}", address_text(entry, instance.settings, set));
}

void DataText::unicast(const InstanceView& instance) {
  const config::VrrpInstance& s = instance.settings;
  if (!s.unicast()) return;
  if (s.unicast_ttl) line("   Unicast TTL = {}", *s.unicast_ttl);
  line("   Check unicast src : {}", s.check_unicast_source ? "yes" : "no");
  line("   Unicast Peer :");
  for (const config::UnicastPeer& peer : s.unicast_peers) {
    const bool limited = peer.min_ttl || peer.max_ttl;
    line("     {}{}", peer.address.text(),
         limited ? fmt::format(" min_ttl {} max_ttl {}", peer.min_ttl.value_or(0), peer.max_ttl.value_or(255)) : "");
  }
  if (s.version != 3) return;
  const bool old =
      s.old_unicast_checksum == config::OldUnicastChecksum::Always || !instance.record.old_checksum_peer.is_any();
  line("   Unicast checksum compatibility = {}", old ? "yes" : "no");
}

void DataText::trackers(const config::VrrpInstance& s) {
  if (!s.track_interfaces.empty()) line("   Tracked interfaces :");
  for (const auto& one : s.track_interfaces)
    line("     {} weight {}{}", one.interface, one.weight, one.reverse ? " reverse" : "");
  if (!s.track_scripts.empty()) line("   Tracked scripts :");
  for (const auto& one : s.track_scripts) {
    const ScriptView* script = find(one.name);
    const int weight = one.weight.value_or(script == nullptr ? 0 : script->settings.weight);
    const bool reverse = one.reverse.value_or(script != nullptr && script->settings.reverse);
    line("     {} weight {}{}", one.name, weight, reverse ? " reverse" : "");
  }
  objects("files", s.track_files, view_.files);
  objects("processes", s.track_processes, view_.processes);
}

template <class View>
void DataText::objects(const char* what, const std::vector<config::TrackedObject>& tracks,
                       const std::vector<View>& views) {
  if (!tracks.empty()) line("   Tracked {} :", what);
  for (const config::TrackedObject& one : tracks) {
    const auto view = std::ranges::find_if(views, [&](const View& v) { return v.settings.name == one.name; });
    const bool known = view != views.end();
    line("     {} weight {}{}", one.name, one.weight.value_or(known ? view->settings.weight : 0),
         one.reverse.value_or(known && view->settings.reverse) ? " reverse" : "");
  }
}

void DataText::notify(const config::VrrpInstance& s) {
  line("   Using smtp notification = {}", s.smtp_alert ? "yes" : "no");
  line("   Notify deleted = {}", s.notify_deleted ? "Deleted" : "Fault");
  command("Backup state transition script", s.notify->backup);
  command("Master state transition script", s.notify->master);
  command("Fault state transition script", s.notify->fault);
  command("Stop state transition script", s.notify->stop);
  command("Deleted state transition script", s.notify->deleted);
  command("Master rx lower pri script", s.notify->master_rx_lower_pri);
  command("Generic state transition script", s.notify->any);
  line("   Notify priority changes = {}", truth(s.notify_priority_changes));
}

void DataText::command(const char* label, const config::ScriptCommand& command) {
  if (!command.empty()) line("   {} = {}", label, command_text(command));
}

void DataText::group(const GroupView& group) {
  const config::SyncGroup& s = group.settings;
  line(" VRRP Sync Group = {}, {}", s.name, state_word(group.state));
  line("   Num member fault {}, num member init {}", group.members_in_fault, group.members_in_initialize);
  line("   VRRP member instances :");
  for (const std::string& member : s.members) line("     {}", member);
  command("Backup state transition script", s.notify.backup);
  command("Master state transition script", s.notify.master);
  command("Fault state transition script", s.notify.fault);
  command("Stop state transition script", s.notify.stop);
  command("Generic state transition script", s.notify.any);
  line("   Using smtp notification = {}", s.smtp_alert.value_or(false) ? "yes" : "no");
}

// ---- scripts and lateness -------------------------------------------------------------------------------------------

void DataText::script(const ScriptView& script) {
  const config::VrrpScript& s = script.settings;
  line(" VRRP Script = {}", s.name);
  line("   Command = {}", command_text(s.script));
  line("   Interval = {:g} sec", to_seconds(s.interval));
  line("   Timeout = {:g} sec", to_seconds(s.timeout.value_or(Duration::zero())));
  line("   Weight = {}{}", s.weight, s.reverse ? " reverse" : "");
  line("   Rise = {}", s.rise);
  line("   Fall = {}", s.fall);
  line("   Init state = {}", s.init_fail ? "failed" : "unknown");
  line("   Status = {}", !script.record.known ? "unknown" : script.record.up ? "GOOD" : "BAD");
  if (script.record.known) line("   Last exit status = {}", script.record.last_status);
  line("   Tracking instances :");
  for (const InstanceView& instance : view_.instances) {
    for (const auto& tracked : instance.settings.track_scripts) {
      if (tracked.name == s.name) line("     {}, weight {}", instance.settings.name, tracked.weight.value_or(s.weight));
    }
  }
  line("   State = {}", script.running ? "running" : "idle");
}

void DataText::lateness(const Lateness& lateness) {
  title("Timer lateness");
  const auto& buckets = lateness.buckets();
  for (std::size_t i = 0; i < Lateness::kBounds_us.size(); ++i) {
    line(" Within {:g} ms = {}", static_cast<double>(Lateness::kBounds_us[i]) / 1000, buckets[i]);
  }
  line(" Later = {}", buckets.back());
  line(" Worst = {:g} ms", static_cast<double>(lateness.worst().count()) / 1000);
}

}  // namespace

std::string data_text(const EngineView& view, const Lateness& lateness, const DumpTime& time) {
  DataText text(view, time);
  text.globals();
  text.title("VRRP Topology");
  for (const InstanceView& instance : view.instances) text.instance(instance);
  if (!view.groups.empty()) text.title("VRRP Sync groups");
  for (const GroupView& group : view.groups) text.group(group);
  if (!view.scripts.empty()) text.title("VRRP Scripts");
  for (const ScriptView& script : view.scripts) text.script(script);
  text.objects();
  text.lateness(lateness);
  return text.take();
}

}  // namespace holdfast::vrrp
