// The time line of a scenario: each effect in words, with the milliseconds since the scenario began and the host. Adverts that are
// as the one before and in rhythm are left out, gratuitous ARP of one instant is summed up. Used by scenario.cpp.
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/text.h"
#include "test/support/virtual_host.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/state_words.h"

namespace holdfast::test {

class TimeLine {
 public:
  /// What it holds beyond the usual.
  struct Shows {
    bool records = false, fifo = false, mail = false, scripts = false;
  };
  Shows shows;

  explicit TimeLine(TimePoint begun) : begun_(begun) {}

  void observe(TimePoint at, VirtualHost& h, const vrrp::Effect& effect) {
    std::visit([&](const auto& what) { show(at, h, what); }, effect);
  }
  void print(const std::string& text) {
    flush_arp();
    output_ += text;
    if (!text.ends_with('\n')) output_ += '\n';
  }
  std::string take() {
    flush_arp();
    return std::exchange(output_, {});
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
    if (r.preempt_at) text += fmt::format(" preempts at {}", (*r.preempt_at - begun_).count() / 1000);
    for (const auto& reason : r.priority_reasons) text += ", " + reason;
    for (const auto& reason : r.fault_reasons) text += ", fault: " + reason;
    return text;
  }
  /// A rule with its preference, which may not stand in its words.
  static std::string shown(const vrrp::RoutingEntry& entry) {
    const auto* rule = std::get_if<RuleSpec>(&entry.object);
    if (rule == nullptr) return "route " + entry.text;
    return fmt::format("rule {}: {}", rule->preference, entry.text);
  }

 private:
  static constexpr std::size_t kMostShown = 4;

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
        fmt::format("advert vrid {} priority {} from {}{} ({} VIPs, {:.6g} s){}{}{}{}", parsed->virtual_router_id,
                    parsed->priority, advert.source.text(), to, parsed->addresses.size(), to_seconds(parsed->interval),
                    advert.protocol == vrrp::kAhProtocol ? " AH" : "", old ? " old checksum" : "",
                    advert.time_to_live == 255 ? "" : fmt::format(" TTL {}", advert.time_to_live),
                    macvlan_of(h, advert.interface_index)));
  }
  /// "@vrrp.51" when it is one.
  static std::string macvlan_of(const VirtualHost& h, std::uint32_t index) {
    for (const auto& [name, link] : h.links) {
      if (link.index == index && !link.below.empty()) return "@" + name;
    }
    return {};
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::MakeVmac& what) {
    const std::string how = what.vmac.ipvlan ? fmt::format("ipvlan {}", static_cast<int>(what.vmac.mode)) : "";
    say(at, h,
        fmt::format("vmac make {} {} on {}{}", what.vmac.name, how.empty() ? what.vmac.mac.text() : how, what.vmac.base,
                    what.vrf_index == 0 ? "" : " in " + link_name(h, what.vrf_index)));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SetVmacVrf& what) {
    say(at, h,
        fmt::format("vmac move {} to {}", what.name, what.vrf_index == 0 ? "no VRF" : link_name(h, what.vrf_index)));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SettleVmac& what) { say(at, h, "vmac settle " + what.vmac.name); }
  void show(TimePoint at, VirtualHost& h, const vrrp::SetVmacUp& what) {
    say(at, h, fmt::format("vmac {} {}", what.up ? "up" : "down", what.name));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RemoveVmac& what) { say(at, h, "vmac remove " + what.name); }
  void show(TimePoint at, VirtualHost& h, const vrrp::SetArpStrictness& what) {
    say(at, h,
        fmt::format("arp_ignore {} arp_filter {} arp_announce {}", what.arp.ignore, what.arp.filter,
                    what.arp.announce));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SetPromotion& what) {
    say(at, h, fmt::format("promote_secondaries {}", what.on ? 1 : 0));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberPromotion& what) {
    if (shows.records) say(at, h, "remember promotion " + what.record.interface);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetPromotion& what) {
    if (shows.records) say(at, h, "forget promotion " + what.interface);
  }
  static std::string listed(const VirtualHost& h, const vrrp::FirewallContent& content) {
    std::string text;
    for (const vrrp::DroppedAddress& dropped : content.dropped) {
      text += " " + dropped.address.text();
      if (dropped.interface_index != 0) text += fmt::format("%{}", link_name(h, dropped.interface_index));
      if (!dropped.interface.empty()) text += fmt::format("%\"{}\"", dropped.interface);
    }
    for (const vrrp::VmacPath& path : content.vmacs) {
      text += fmt::format(" {}->{} ({})", link_name(h, path.vmac_index), link_name(h, path.base_index),
                          path.family == Family::IPv4 ? "IPv4" : "IPv6");
    }
    return text;
  }
  static std::string link_name(const VirtualHost& h, std::uint32_t index) {
    for (const auto& [name, link] : h.links) {
      if (link.index == index) return name;
    }
    return fmt::format("link {}", index);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::MakeFirewall& what) {
    say(at, h, fmt::format("firewall {}:{}", what.style.table, listed(h, what.content)));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ChangeFirewall& what) {
    if (!what.add.empty()) say(at, h, "firewall adds" + listed(h, what.add));
    if (!what.remove.empty()) say(at, h, "firewall lets go" + listed(h, what.remove));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RemoveFirewall&) { say(at, h, "firewall removed"); }
  void show(TimePoint, VirtualHost&, const vrrp::SweepFirewall&) {}
  void show(TimePoint, VirtualHost&, const vrrp::CheckFirewall&) {}
  void show(TimePoint at, VirtualHost& h, const vrrp::TellOfLink& what) {
    say(at, h, fmt::format("tell of link {}", what.interface_index));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SizeAdvertBuffer& what) {
    say(at, h, fmt::format("receive buffer {}{}", what.octets, macvlan_of(h, what.interface_index)));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberBase& what) {
    if (shows.records) say(at, h, "remember base " + what.record.interface);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetBase& what) {
    if (shows.records) say(at, h, "forget base " + what.interface);
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
  void show(TimePoint, VirtualHost&, const vrrp::AcceptOnly&) {}
  void show(TimePoint at, VirtualHost& h, const vrrp::Listen& what) {
    say(at, h, "listen " + what.group.text() + macvlan_of(h, what.interface_index));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::Unlisten& what) {
    say(at, h, "unlisten " + what.group.text() + macvlan_of(h, what.interface_index));
  }
  void show_routing(TimePoint at, VirtualHost& h, const char* verb, const std::vector<vrrp::RoutingEntry>& list) {
    for (std::size_t i = 0; i < list.size() && i < kMostShown; ++i) {
      const char* how = list[i].order == vrrp::RoutingOrder::Replace ? "replace" : verb;
      say(at, h, fmt::format("{} {}", how, shown(list[i])));
    }
    if (list.size() > kMostShown) say(at, h, fmt::format("… {} in all", list.size()));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::AddRouting& what) { show_routing(at, h, "add", what.entries); }
  void show(TimePoint at, VirtualHost& h, const vrrp::RemoveRouting& what) {
    show_routing(at, h, "remove", what.entries);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::WatchRouting& what) {
    say(at, h, fmt::format("watch {} routes and rules", what.keys.size()));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::VerifyRouting&) { say(at, h, "verify routes and rules"); }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberStatics& what) {
    if (!shows.records) return;
    say(at, h,
        fmt::format("remember {} static addresses, {} routes and rules", what.record.addresses.size(),
                    what.record.routing.size()));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RunTrackScript& what) {
    if (shows.scripts) say(at, h, "run " + what.script);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RunNotifyScript& what) {
    say(at, h,
        "notify " + join(what.command.argv, " ") + (what.appended.empty() ? "" : " " + join(what.appended, " ")));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::TellFifo& what) {
    if (shows.fifo) say(at, h, "fifo " + what.line);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::SendAlert& what) {
    if (shows.mail) say(at, h, "mail " + what.subject + " / " + what.body);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberInstance& what) {
    if (shows.records) say(at, h, "remember " + record_text(what.record));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetInstance& what) {
    if (shows.records) say(at, h, "forget " + what.instance);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::RememberScript& what) {
    if (shows.records)
      say(at, h, fmt::format("remember script {} {}", what.record.script, what.record.up ? "up" : "down"));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetScript& what) {
    if (shows.records) say(at, h, "forget script " + what.script);
  }

  void show(TimePoint at, VirtualHost& h, const vrrp::RememberObject& what) {
    if (shows.records) say(at, h, fmt::format("remember {} {}", what.record.key.name, what.record.value));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::ForgetObject& what) {
    if (shows.records) say(at, h, "forget " + what.key.name);
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::WatchFiles& what) {
    if (shows.scripts) say(at, h, "watch " + join({what.paths.begin(), what.paths.end()}, " "));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::WatchLinkbeats& what) {
    if (shows.scripts) say(at, h, fmt::format("poll {} links", what.interfaces.size()));
  }
  void show(TimePoint at, VirtualHost& h, const vrrp::WatchProcesses& what) {
    if (shows.scripts) say(at, h, fmt::format("watch {} processes", what.processes.size()));
  }

  struct LastAdvert {
    vrrp::Advertisement advert;
    TimePoint at{};
  };
  TimePoint begun_{};
  std::string output_;
  std::map<std::pair<std::string, std::uint8_t>, LastAdvert> adverts_;
  std::string arp_stamp_;
  std::map<std::string, int> arp_;
  std::vector<std::string> arp_order_;
};

}  // namespace holdfast::test
