#include "test/support/scenario.h"

#include <fmt/format.h>
#include <stdexcept>
#include <string>

#include "core/base/text.h"
#include "test/support/scenario_files.h"
#include "test/support/virtual_lan.h"
#include "test/vrrp/logic/scenario_config.h"
#include "test/vrrp/logic/scenario_objects.h"
#include "test/vrrp/logic/scenario_words.h"
#include "test/vrrp/logic/time_line.h"

namespace holdfast::test {

namespace {

class Scenario {
 public:
  Scenario() {
    lan_.observe([this](TimePoint at, VirtualHost& h, const vrrp::Effect& effect) { line_.observe(at, h, effect); });
  }
  void execute(const std::string& line) {
    const Words words = split_words(line);
    if (words.empty() || words[0][0] == '#') return;
    command_line(words);
  }
  std::string take_output() { return line_.take(); }

 private:
  void command_line(const Words& w) {
    const std::string& verb = w[0];
    if (verb == "run") return lan_.run(duration(w.at(1)));
    if (verb == "heal") return lan_.heal();
    if (verb == "cut") return lan_.cut(w.at(1), w.at(2));
    if (verb == "show") {
      (w.at(1) == "records" ? line_.shows.records
       : w.at(1) == "fifo"  ? line_.shows.fifo
       : w.at(1) == "mail"  ? line_.shows.mail
                            : line_.shows.scripts) = true;
      return;
    }
    if (verb == "router") return add_router(w);
    if (verb == "start" || verb == "stop" || verb == "kill" || verb == "resume" || verb == "restart" ||
        verb == "pause" || verb == "wake" || verb == "wake_timers" || verb == "reload") {
      for (std::size_t i = 1; i < w.size(); ++i) process_command(verb, lan_.host(w[i]));
      return;
    }
    host_command(verb, lan_.host(w.at(1)), w);
  }

  void process_command(const std::string& verb, VirtualHost& h) {
    if (verb == "start" || verb == "restart")
      lan_.start(h, false);
    else if (verb == "resume")
      lan_.start(h, true);
    else if (verb == "stop")
      lan_.stop(h);
    else if (verb == "kill")
      lan_.kill(h);
    else if (verb == "pause")
      lan_.pause(h);
    else if (verb == "wake")
      lan_.wake(h);
    else if (verb == "wake_timers")
      lan_.wake(h, true);
    else
      lan_.reload(h);
  }

  void host_command(const std::string& verb, VirtualHost& h, const Words& w) {
    if (verb == "instance" || verb == "change")
      edit_instance(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "rename")
      instance_named(h.config, w.at(2)).name = w.at(3);
    else if (verb == "drop")
      std::erase_if(h.config.vrrp_instances, [&](const auto& i) { return i.name == w.at(2); });
    else if (verb == "group")
      edit_group(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "ungroup")
      std::erase_if(h.config.sync_groups, [&](const auto& g) { return g.name == w.at(2); });
    else if (verb == "script")
      edit_script(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "file")
      edit_file(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "process")
      edit_process(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "write")
      lan_.write_file(h, w.at(2), w.at(3) == "none" ? std::nullopt : std::optional<std::int64_t>(number(w.at(3))));
    else if (verb == "running")
      lan_.run_processes(h, w.at(2), number(w.at(3)));
    else if (verb == "delay")
      edit_delay(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "garp_group")
      edit_garp_group(h.config, w.at(2), keys_from(w, 3));
    else if (verb == "global")
      global(h, keys_from(w, 2));
    else if (verb == "static")
      edit_static(h.config, keys_from(w, 2));
    else if (verb == "track_group")
      h.config.track_groups.push_back({w.at(2), split(w.at(3), ','), {}});
    else if (verb == "unroute" || verb == "lose")
      lan_.remove_routing(h, spaced(w.at(2)), verb == "lose");
    else if (verb == "refuse_route")
      h.refuses_routing[spaced(w.at(2))] = number(w.at(3));
    else if (verb == "permit_route")
      h.refuses_routing.erase(spaced(w.at(2)));
    else if (verb == "routing")
      print_routing(h);
    else if (verb == "unscript")
      std::erase_if(h.config.vrrp_scripts, [&](const auto& s) { return s.name == w.at(2); });
    else if (verb == "exit")
      h.script_status[w.at(2)] = number(w.at(3));
    else if (verb == "link")
      link_command(h, w);
    else if (verb == "address")
      address_command(h, w);
    else if (verb == "remove")
      lan_.remove_address(h, *IpAddress::parse(w.at(2)));
    else if (verb == "flush")
      flush(h);
    else if (verb == "refuse")
      h.refuses[*IpAddress::parse(w.at(2))] = number(w.at(3));
    else if (verb == "refuse_vmacs")
      h.refuses_vmacs = number(w.at(2));
    else if (verb == "refuse_firewall")
      h.refuses_firewall = number(w.at(2));
    else if (verb == "flush_firewall")
      h.firewall.reset();
    else if (verb == "permit")
      h.refuses.erase(*IpAddress::parse(w.at(2)));
    else if (verb == "advert")
      lan_.deliver(h, made_up_advert(h.config.vrrp_instances.front(), keys_from(w, 2)));
    else if (verb == "deliver")
      deliver(h, w.at(2));
    else if (verb == "stats")
      line_.print(h.engine->statistics_text());
    else if (verb == "records")
      print_records(h);
    else if (verb == "addresses")
      print_addresses(h);
    else
      throw std::runtime_error("unknown command " + verb);
  }

  static void global(VirtualHost& h, const Keys& keys) {
    if (keys.contains("startup_delay")) h.config.global_defs.vrrp_startup_delay = duration(keys.at("startup_delay"));
    if (keys.contains("delay_after_boot"))
      h.config.global_defs.vrrp_delay_after_boot = duration(keys.at("delay_after_boot"));
    if (keys.contains("dynamic")) {
      h.config.global_defs.dynamic_interfaces = true;
      h.config.global_defs.interfaces_may_change = keys.at("dynamic") == "changing";
    }
    if (keys.contains("rx_mtu")) h.config.global_defs.advert_buffers.by_mtu = true;
    if (keys.contains("fifo_on_reload")) h.config.global_defs.fifo_write_vrrp_states_on_reload = true;
  }

  void add_router(const Words& w) {
    VirtualHost& h = lan_.add(w.at(1), *IpPrefix::parse(w.at(2)));
    const Keys keys = keys_from(w, 3);
    const auto links = keys.find("links");
    for (const std::string& link : split(links == keys.end() ? "ens33" : links->second, ',')) lan_.add_link(h, link);
    if (h.links.contains("ens33")) lan_.add_address(h, "ens33", h.address);
  }

  void link_command(VirtualHost& h, const Words& w) {
    const std::string& link = w.at(2);
    if (w.at(3) == "delete")
      lan_.remove_link(h, link);
    else if (w.at(3) == "create")
      lan_.create_link(h, link, w.size() > 4 ? w[4] : std::string());
    else if (w.at(3) == "vrf")
      lan_.enslave(h, link, w.size() > 4 ? w[4] : std::string());
    else
      lan_.set_link(h, link, w.at(3) == "up");
  }
  void address_command(VirtualHost& h, const Words& w) {
    const IpPrefix prefix = *IpPrefix::parse(w.at(2));
    if (w.at(3) == "add")
      lan_.add_address(h, "ens33", prefix);
    else
      lan_.remove_address(h, prefix.address);
  }
  void flush(VirtualHost& h) {
    const auto all = h.addresses;
    for (const auto& key : all) {
      if (key.prefix != h.address) lan_.remove_address(h, key.prefix.address);
    }
  }
  void deliver(VirtualHost& h, const std::string& hex) { lan_.deliver(h, bytes_of_hex(hex)); }

  void print_records(VirtualHost& h) {
    for (const auto& record : h.engine->records()) line_.print(line_.record_text(record));
  }
  void print_routing(VirtualHost& h) {
    line_.print(h.name + " has" + (h.routing.empty() ? " no routes" : ""));
    for (const auto& entry : h.routing) line_.print(fmt::format("  {}", TimeLine::shown(entry)));
  }
  void print_addresses(VirtualHost& h) {
    std::string line = h.name + " has";
    for (const auto& key : h.addresses) line += " " + key.prefix.text();
    line_.print(line);
  }

  VirtualLan lan_;
  TimeLine line_{lan_.now()};
};

}  // namespace

std::string run_scenario(const std::string& text) {
  Scenario scenario;
  return run_blocks(scenario, text);
}

}  // namespace holdfast::test
