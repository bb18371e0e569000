#include <fmt/format.h>

#include "vrrp/dump.h"
#include "vrrp/dump_routing.h"
#include "vrrp/json_writer.h"

namespace holdfast::vrrp {
namespace {

class InstanceJson {
 public:
  InstanceJson(JsonWriter& out, const InstanceView& view, const DumpTime& time) : out_(out), view_(view), time_(time) {}

  void write(const std::vector<ScriptView>& scripts) {
    out_.begin('{');
    out_.key("data");
    out_.begin('{');
    identity();
    garp();
    election();
    commands();
    lists(scripts);
    authentication();
    out_.end('}');
    out_.key("stats");
    statistics();
    out_.end('}');
  }

 private:
  void number(const char* key, double value) {
    out_.key(key);
    out_.raw(fmt::format("{}", value));
  }
  void seconds_of(const char* key, Duration value) { number(key, to_seconds(value)); }
  void flag(const char* key, bool value) { number(key, value ? 1 : 0); }
  void boolean(const char* key, bool value) {
    out_.key(key);
    out_.raw(value ? "true" : "false");
  }
  void string(const char* key, const std::string& value) {
    out_.key(key);
    out_.string(value);
  }

  void identity() {
    const config::VrrpInstance& s = view_.settings;
    string("iname", s.name);
    flag("dont_track_primary", !s.track_primary);
    flag("skip_check_adv_addr", s.skip_check_adv_addr);
    flag("strict_mode", s.strict);
    string("vmac_ifname", s.vmac ? s.vmac->name : "");
    string("ifp_ifname", s.vmac ? s.vmac->name : s.interface);
    number("master_priority", view_.record.active_priority);
    out_.key("last_transition");
    out_.raw(fmt::format("{:.6f}", static_cast<double>(time_.wall_of(view_.record.since)) / 1e6));
  }

  void garp() {
    const config::GarpSettings& g = view_.settings.garp;
    seconds_of("garp_delay", g.delay);
    seconds_of("garp_refresh", g.refresh);
    number("garp_rep", g.repeat);
    number("garp_refresh_rep", g.refresh_repeat);
    seconds_of("garp_lower_prio_delay", g.lower_prio_delay.value_or(g.delay));
    number("garp_lower_prio_rep", g.lower_prio_repeat.value_or(g.repeat));
    flag("lower_prio_no_advert", view_.settings.lower_prio_no_advert);
    flag("higher_prio_send_advert", view_.settings.higher_prio_send_advert);
  }

  void election() {
    const config::VrrpInstance& s = view_.settings;
    const State state = view_.record.state;
    const bool decided = state == State::Active || state == State::Backup;
    number("vrid", s.virtual_router_id);
    number("base_priority", s.priority);
    number("effective_priority", view_.record.effective_priority);
    boolean("vipset", state == State::Active);
    boolean("promote_secondaries", s.promote_secondaries);
    seconds_of("adver_int", s.advert_interval);
    seconds_of("master_adver_int", state == State::Backup ? view_.record.learned_interval : s.advert_interval);
    flag("accept", s.accept);
    boolean("nopreempt", !s.preempt);
    seconds_of("preempt_delay", s.preempt_delay);
    number("state", static_cast<int>(state));
    number("wantstate", static_cast<int>(decided ? state : s.wants_master ? State::Active : State::Backup));
    number("version", s.version);
    boolean("smtp_alert", s.smtp_alert);
    boolean("notify_deleted", s.notify_deleted);
  }

  void commands() {
    const config::NotifyScripts& n = view_.settings.notify;
    command("script_backup", n.backup);
    command("script_master", n.master);
    command("script_fault", n.fault);
    command("script_stop", n.stop);
    command("script_deleted", n.deleted);
    command("script", n.any);
    command("script_master_rx_lower_pri", n.master_rx_lower_pri);
  }
  void command(const char* key, const config::ScriptCommand& command) {
    if (!command.empty()) string(key, command_text(command));
  }

  void lists(const std::vector<ScriptView>& scripts) {
    addresses("vips", view_.settings.virtual_addresses);
    addresses("evips", view_.settings.excluded_addresses);
    array("vroutes", route_texts(view_.settings.virtual_routes));
    array("vrules", rule_texts(view_.settings.virtual_rules));
    std::vector<std::string> interfaces, tracked;
    for (const auto& one : view_.settings.track_interfaces) interfaces.push_back(one.interface);
    for (const auto& one : view_.settings.track_scripts) {
      for (const ScriptView& script : scripts) {
        if (script.settings.name == one.name) tracked.push_back(command_text(script.settings.script));
      }
    }
    array("track_ifp", interfaces);
    array("track_script", tracked);
    std::vector<std::string> processes;
    for (const auto& one : view_.settings.track_processes) processes.push_back(one.name);
    array("track_process", processes);
  }
  void addresses(const char* key, const std::vector<config::VirtualAddress>& entries) {
    std::vector<std::string> texts;
    const bool set = view_.record.state == State::Active;
    for (const auto& entry : entries) texts.push_back(address_text(entry, view_.settings, set));
    array(key, texts);
  }
  void array(const char* key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    out_.key(key);
    out_.begin('[');
    for (const std::string& value : values) out_.string(value);
    out_.end(']');
  }

  void authentication() {
    number("auth_type", static_cast<int>(view_.settings.authentication));
    if (view_.settings.authentication != config::Authentication::None) string("auth_data", "********");
  }

  void statistics() {
    const Statistics& s = view_.statistics;
    out_.begin('{');
    count("advert_rcvd", s.adverts_received);
    count("advert_sent", s.adverts_sent);
    count("become_master", s.became_active);
    count("release_master", s.released_active);
    count("packet_len_err", s.errors->length);
    count("advert_interval_err", s.errors->interval);
    count("ip_ttl_err", s.errors->ttl);
    count("invalid_type_rcvd", s.errors->type);
    count("addr_list_err", s.errors->address_list);
    count("invalid_authtype", s.errors->invalid_authentication_type);
    count("authtype_mismatch", s.errors->authentication_type_mismatch);
    count("auth_failure", s.errors->authentication_failures);
    count("pri_zero_rcvd", s.priority_zero_received);
    count("pri_zero_sent", s.priority_zero_sent);
    out_.end('}');
  }
  void count(const char* key, std::uint64_t value) {
    out_.key(key);
    out_.raw(std::to_string(value));
  }

  JsonWriter& out_;
  const InstanceView& view_;
  const DumpTime& time_;
};

}  // namespace

std::string json_text(const EngineView& view, const DumpTime& time) {
  JsonWriter out;
  const bool second = view.globals.json_version == 2;
  if (second) {
    out.begin('{');
    out.key("vrrp");
  }
  out.begin('[');
  for (const InstanceView& instance : view.instances) InstanceJson(out, instance, time).write(view.scripts);
  out.end(']');
  if (second) {
    write_processes(view.processes, out);
    out.end('}');
  }
  return out.take();
}

}  // namespace holdfast::vrrp
