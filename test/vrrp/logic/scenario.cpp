#include "test/support/scenario.h"

#include <fmt/format.h>
#include <map>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "test/support/scenario_files.h"
#include "test/support/virtual_lan.h"
#include "test/vrrp/logic/scenario_config.h"
#include "test/vrrp/logic/scenario_words.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/state_words.h"

namespace holdfast::test {

namespace {

constexpr std::size_t kMostShown = 4;

class Scenario {
 public:
  Scenario() {
    begun_ = lan_.now();
    lan_.observe([this](TimePoint at, VirtualHost& h, const vrrp::Effect& effect) { observe(at, h, effect); });
  }
  void execute(const std::string& line) {
    const Words words = split_words(line);
    if (words.empty() || words[0][0] == '#') return;
    command_line(words);
  }
  std::string take_output() {
    flush_arp();
    return std::exchange(output_, {});
  }

 private:
  void command_line(const Words& w) {
    const std::string& verb = w[0];
    if (verb == "run") return lan_.run(duration(w.at(1)));
    if (verb == "heal") return lan_.heal();
    if (verb == "cut") return lan_.cut(w.at(1), w.at(2));
    if (verb == "show") {
      (w.at(1) == "records" ? show_records_ : w.at(1) == "fifo" ? show_fifo_ : show_scripts_) = true;
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
    else if (verb == "global")
      global(h, keys_from(w, 2));
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
    else if (verb == "permit")
      h.refuses.erase(*IpAddress::parse(w.at(2)));
    else if (verb == "advert")
      lan_.deliver(h, made_up_advert(h.config.vrrp_instances.front(), keys_from(w, 2)));
    else if (verb == "deliver")
      deliver(h, w.at(2));
    else if (verb == "stats")
      print(h.engine->statistics_text());
    else if (verb == "records")
      print_records(h);
    else if (verb == "addresses")
      print_addresses(h);
    else
      throw std::runtime_error("unknown command " + verb);
  }

  static void global(VirtualHost& h, const Keys& keys) {
    if (keys.contains("startup_delay")) h.config.global_defs.vrrp_startup_delay = duration(keys.at("startup_delay"));
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
      lan_.create_link(h, link);
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

  // ---- the time line ----
  void print(const std::string& text) {
    flush_arp();
    output_ += text;
    if (!text.ends_with('\n')) output_ += '\n';
  }
  std::string stamp(TimePoint at, const VirtualHost& h) const {
    const std::int64_t us = (at - begun_).count();
    const std::string text = us % 1000 == 0 ? std::to_string(us / 1000) : fmt::format("{}.{:03}", us / 1000, us % 1000);
    return fmt::format("{:>9} {} ", text, h.name);
  }
  void say(TimePoint at, const VirtualHost& h, const std::string& what) { print(stamp(at, h) + what); }
  void flush_arp() {
    if (arp_.empty()) return;
    std::string line = arp_stamp_ + "garp";
    for (std::size_t i = 0; i < arp_order_.size() && i < kMostShown; ++i) {
      line += fmt::format(" {} x{}", arp_order_[i], arp_[arp_order_[i]]);
    }
    if (arp_order_.size() > kMostShown) line += fmt::format(" … {} in all", arp_order_.size());
    arp_.clear();
    arp_order_.clear();
    output_ += line + "\n";
  }

  void observe(TimePoint at, VirtualHost& h, const vrrp::Effect& effect) {
    std::visit([&](const auto& what) { show(at, h, what); }, effect);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SendAdvert& advert) {
    const auto parsed = parsed_advert(advert);
    if (!parsed) return say(at, h, "advert that cannot be parsed");
    const std::string to = advert.destination.is_multicast() ? "" : " to " + advert.destination.text();
    const bool old =
        !to.empty() && parsed->version == 3 &&
        !vrrp::checksum_is_right(advert.pdu, vrrp::ChecksumStyle::PseudoHeader, advert.source, advert.destination);
    LastAdvert& last = adverts_[{h.name + to + advert.source.text(), parsed->virtual_router_id}];
    const bool steady = last.advert == *parsed && at == last.at + parsed->interval;
    last = {*parsed, at};
    if (steady) return;
    say(at, h,
        fmt::format("advert vrid {} priority {} from {}{} ({} VIPs, {:.6g} s){}{}{}", parsed->virtual_router_id,
                    parsed->priority, advert.source.text(), to, parsed->addresses.size(), to_seconds(parsed->interval),
                    advert.protocol == vrrp::kAhProtocol ? " AH" : "", old ? " old checksum" : "",
                    advert.time_to_live == 255 ? "" : fmt::format(" TTL {}", advert.time_to_live)));
  }
  /// Without the authentication header in front and the trailer behind.
  static std::optional<vrrp::Advertisement> parsed_advert(const vrrp::SendAdvert& advert) {
    ByteView pdu = advert.pdu;
    if (advert.protocol == vrrp::kAhProtocol) pdu = pdu.subspan(24);
    const Family family = advert.source.family();
    const vrrp::FixedHeader header = vrrp::peek_header(pdu);
    return vrrp::parse_pdu(pdu.first(vrrp::pdu_length(header.version, header.address_count, family)), family);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SendGratuitousArp& arp) {
    const std::string here = stamp(at, h);
    if (here != arp_stamp_) flush_arp();
    arp_stamp_ = here;
    const std::string address = arp.address.text();
    if (arp_[address]++ == 0) arp_order_.push_back(address);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::Log& log) {
    if (log.text.find("gratuitous ARP") != std::string::npos) return;
    if (log.text.find("Neighbour Advert") != std::string::npos) return;
    say(at, h, "log " + log.text);
  }
  void show_addresses(TimePoint at, VirtualHost& h, const char* verb, const std::vector<vrrp::KernelAddress>& list) {
    std::string line = verb;
    for (std::size_t i = 0; i < list.size() && i < kMostShown; ++i) {
      line += " " + list[i].entry.prefix.text();
      for (const auto& [name, link] : h.links) {
        if (link.index == list[i].interface_index && name != "ens33") line += "@" + name;
      }
      if (list[i].valid_lifetime > Duration::zero()) {
        line += fmt::format(" for {:.6g} s", to_seconds(list[i].valid_lifetime));
      }
    }
    if (list.size() > kMostShown) line += fmt::format(" … {} in all", list.size());
    say(at, h, line);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::AddAddresses& what) {
    show_addresses(at, h, "add", what.addresses);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RemoveAddresses& what) {
    show_addresses(at, h, "remove", what.addresses);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::Listen& what) { say(at, h, "listen " + what.group.text()); }
  void show(TimePoint at, VirtualHost& h, const vrrp::Unlisten& what) { say(at, h, "unlisten " + what.group.text()); }
  void show(TimePoint at, VirtualHost& h, const vrrp::RunTrackScript& what) {
    if (show_scripts_) say(at, h, "run " + what.script);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RunNotifyScript& what) {
    say(at, h,
        "notify " + join(what.command.argv, " ") + (what.appended.empty() ? "" : " " + join(what.appended, " ")));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::TellFifo& what) {
    if (show_fifo_) say(at, h, "fifo " + what.line);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberInstance& what) {
    if (show_records_) say(at, h, "remember " + record_text(what.record));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetInstance& what) {
    if (show_records_) say(at, h, "forget " + what.instance);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberScript& what) {
    if (show_records_)
      say(at, h, fmt::format("remember script {} {}", what.record.script, what.record.up ? "up" : "down"));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetScript& what) {
    if (show_records_) say(at, h, "forget script " + what.script);
  }

  std::string record_text(const vrrp::InstanceRecord& r) const {
    std::string text = fmt::format("{} {} priority {}", r.instance, vrrp::state_word(r.state), r.effective_priority);
    if (r.state == vrrp::State::Active) {
      text += fmt::format(" anchor {} interval {:.6g} s down {:.6g} s, will {:.6g} s, {} addresses",
                          (r.advert_anchor - begun_).count() / 1000, to_seconds(r.advert_interval),
                          to_seconds(r.peers_down_interval), to_seconds(r.takeover_interval), r.addresses.size());
    }
    if (r.state == vrrp::State::Backup)
      text += fmt::format(" follows {} ({})", r.active_address.text(), r.active_priority);
    for (const auto& reason : r.priority_reasons) text += ", " + reason;
    for (const auto& reason : r.fault_reasons) text += ", fault: " + reason;
    return text;
  }
  void print_records(VirtualHost& h) {
    for (const auto& record : h.engine->records()) print(record_text(record));
  }
  void print_addresses(VirtualHost& h) {
    std::string line = h.name + " has";
    for (const auto& key : h.addresses) line += " " + key.prefix.text();
    print(line);
  }

  struct LastAdvert {
    vrrp::Advertisement advert;
    TimePoint at{};
  };
  VirtualLan lan_;
  TimePoint begun_{};
  std::string output_;
  std::map<std::pair<std::string, std::uint8_t>, LastAdvert> adverts_;
  std::string arp_stamp_;
  std::map<std::string, int> arp_;
  std::vector<std::string> arp_order_;
  bool show_records_ = false;
  bool show_fifo_ = false;
  bool show_scripts_ = false;
};

}  // namespace

std::string run_scenario(const std::string& text) {
  Scenario scenario;
  return run_blocks(scenario, text);
}

}  // namespace holdfast::test
