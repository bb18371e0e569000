#include "test/vrrp/logic/scenario_config.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "core/config/schema/entries.h"
#include "test/support/virtual_host.h"
#include "test/vrrp/logic/scenario_objects.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/authentication.h"

namespace holdfast::test {

namespace {

std::vector<config::VirtualAddress> addresses_from(const std::string& list) {
  std::vector<config::VirtualAddress> entries;
  for (const std::string& item : split(list, ',')) {
    const std::vector<std::string> parts = split(item, '@');
    config::VirtualAddress entry;
    entry.prefix = *IpPrefix::parse(parts[0]);
    if (parts.size() > 1) entry.interface = parts[1];
    entries.push_back(entry);
  }
  return entries;
}

/// WORD+WORD…,WORD+…: lines of a list.
template <class T, class Read>
std::vector<T> lines_from(const std::string& list, Read read) {
  std::vector<T> entries;
  for (const std::string& line : split(list, ',')) {
    config::Node node;
    node.words = split(line, '+');
    config::Diagnostics diagnostics;
    auto entry = read(node, diagnostics);
    if (!entry) throw std::runtime_error("cannot read " + line);
    entries.push_back(*std::move(entry));
  }
  return entries;
}

std::vector<config::Route> routes_from(const std::string& list, config::EntryPlace place) {
  return lines_from<config::Route>(
      list, [place](const config::Node& line, config::Diagnostics& d) { return config::read_route(line, place, d); });
}

std::vector<config::Rule> rules_from(const std::string& list, config::EntryPlace place) {
  return lines_from<config::Rule>(
      list, [place](const config::Node& line, config::Diagnostics& d) { return config::read_rule(line, place, d); });
}

void set_authentication(config::VrrpInstance& i, const std::string& value) {
  const bool pass = value.starts_with("pass:");
  const bool ah = value.starts_with("ah:");
  i.authentication = pass ? config::Authentication::Pass
                     : ah ? config::Authentication::Ah
                          : config::Authentication::None;
  i.auth_pass = pass ? value.substr(5) : ah ? value.substr(3) : "";
}

/// MODE:ACTIVE[:ID…]: keys of 32 times the letter of their number, the active one among them.
void set_hmac(config::VrrpInstance& i, const std::string& value) {
  const std::vector<std::string> parts = split(value, ':');
  config::AuthHmac hmac;
  hmac.mode = parts[0] == "enforce"      ? config::HmacMode::Enforce
              : parts[0] == "permissive" ? config::HmacMode::Permissive
                                         : config::HmacMode::ReceiveOnly;
  hmac.active_key = static_cast<std::uint8_t>(number(parts.at(1)));
  for (std::size_t at = 1; at < parts.size(); ++at) {
    const int id = number(parts[at]);
    hmac.keys.push_back({static_cast<std::uint8_t>(id), std::string(32, static_cast<char>('A' + id))});
  }
  i.hmac = hmac;
}

/// ADDRESS[@MIN@MAX],…
void set_peers(config::VrrpInstance& i, const std::string& value) {
  i.unicast_peers.clear();
  for (const std::string& item : split(value, ',')) {
    const std::vector<std::string> parts = split(item, '@');
    config::UnicastPeer peer;
    peer.address = *IpAddress::parse(parts[0]);
    if (parts.size() > 1) peer.min_ttl = number(parts[1]);
    if (parts.size() > 2) peer.max_ttl = number(parts[2]);
    i.unicast_peers.push_back(peer);
  }
}

void set_vips(config::VrrpInstance& i, const std::string& value) {
  i.virtual_addresses = addresses_from(value);
  if (i.virtual_addresses.empty() || i.virtual_addresses[0].prefix.address.is_v4()) return;
  i.family = Family::IPv6;
  i.version = 3;
  i.multicast_group = *IpAddress::parse("ff02::12");
}

/// Of an instance or of a sync group.
void set_trackers(auto& i, const std::string& key, const std::string& value) {
  if (key == "track_if") {
    i.track_interfaces.clear();
    for (const std::string& item : split(value, ',')) {
      const std::vector<std::string> parts = split(item, ':');
      i.track_interfaces.push_back({parts[0], parts.size() > 1 ? number(parts[1]) : 0, false, {}});
    }
    return;
  }
  auto& list = key == "track" ? i.track_scripts : key == "track_file" ? i.track_files : i.track_processes;
  list.clear();
  for (const std::string& item : split(value, ',')) {
    const std::vector<std::string> parts = split(item, ':');
    list.push_back({parts[0], parts.size() > 1 ? std::optional(number(parts[1])) : std::nullopt, std::nullopt, {}});
  }
}

bool is_tracker(const std::string& key) {
  return key == "track" || key == "track_if" || key == "track_file" || key == "track_process";
}

/// "no", "yes" for the usual name, or a name; with the MAC of the VRID.
void set_vmac(config::VrrpInstance& i, const std::string& value) {
  i.vmac.reset();
  if (value == "no") return;
  config::Vmac vmac;
  vmac.name = value == "yes" ? "vrrp." + std::to_string(i.virtual_router_id) : value;
  vmac.base = i.interface;
  vmac.mac = MacAddress::virtual_router(i.family, i.virtual_router_id);
  vmac.ipv4 = i.family == Family::IPv4;
  vmac.ipv6 = !vmac.ipv4;
  i.vmac = vmac;
}

/// "no", "yes" or an address with its prefix; then perhaps :MODE as a number.
void set_ipvlan(config::VrrpInstance& i, const std::string& value) {
  i.vmac.reset();
  if (value == "no") return;
  config::Vmac ipvlan;
  ipvlan.name = "ipv";
  ipvlan.base = i.interface;
  ipvlan.ipvlan = true;
  const std::vector<std::string> parts = split(value, '@');
  ipvlan.address = IpPrefix::parse(parts.front());
  if (parts.size() > 1) ipvlan.mode = static_cast<config::IpvlanMode>(number(parts[1]));
  ipvlan.ipv4 = i.family == Family::IPv4;
  ipvlan.ipv6 = !ipvlan.ipv4;
  i.vmac = ipvlan;
}

void set_key(config::VrrpInstance& i, const std::string& key, const std::string& value) {
  const bool yes = value == "yes";
  if (key == "prio")
    i.priority = number(value);
  else if (key == "state")
    i.wants_master = value == "MASTER";
  else if (key == "vrid")
    i.virtual_router_id = static_cast<std::uint8_t>(number(value));
  else if (key == "version")
    i.version = number(value);
  else if (key == "advert")
    i.advert_interval = duration(value);
  else if (key == "vip")
    set_vips(i, value);
  else if (key == "peers")
    set_peers(i, value);
  else if (key == "ttl")
    i.unicast_ttl = static_cast<std::uint8_t>(number(value));
  else if (key == "check_src")
    i.check_unicast_source = yes;
  else if (key == "no_peer_faults")
    i.unicast_fault_no_peer = yes;
  else if (key == "track_src")
    i.track_source = yes;
  else if (key == "old_checksum")
    i.old_unicast_checksum = value == "never" ? config::OldUnicastChecksum::Never : config::OldUnicastChecksum::Always;
  else if (key == "as_v2")
    i.v3_checksum_as_v2 = yes;
  else if (key == "hmac")
    set_hmac(i, value);
  else if (key == "evip")
    i.excluded_addresses = addresses_from(value);
  else if (key == "routes")
    i.virtual_routes = routes_from(value, config::EntryPlace::Instance);
  else if (key == "rules")
    i.virtual_rules = rules_from(value, config::EntryPlace::Instance);
  else if (key == "auth")
    set_authentication(i, value);
  else if (key == "preempt")
    i.preempt = yes;
  else if (key == "delay")
    i.preempt_delay = duration(value);
  else if (key == "interface")
    i.interface = value;
  else if (key == "source")
    i.source_address = IpAddress::parse(value);
  else if (is_tracker(key))
    set_trackers(i, key, value);
  else if (key == "accept")
    i.accept = yes;
  else if (key == "promote")
    i.promote_secondaries = yes;
  else if (key == "vrf")
    i.vrf = value;
  else if (key == "rx_buffer")
    i.receive_buffer = static_cast<std::uint32_t>(number(value));
  else if (key == "xmit_base")
    i.vmac_xmit_base = yes;
  else if (key == "garp_delay")
    i.garp.own().delay = duration(value);
  else if (key == "garp_repeat")
    i.garp.own().repeat = number(value);
  else if (key == "garp_refresh")
    i.garp.own().refresh = duration(value);
  else if (key == "garp_extra")
    i.garp.own().extra_interval = duration(value);
  else if (key == "garp_interval")
    i.garp.own().interval = duration(value);
  else if (key == "lower_delay")
    i.garp.own().lower_prio_delay = duration(value);
  else if (key == "lower_repeat")
    i.garp.own().lower_prio_repeat = number(value);
  else if (key == "lower_no_advert")
    i.lower_prio_no_advert = yes;
  else if (key == "higher_send")
    i.higher_prio_send_advert = yes;
  else if (key == "down_adverts")
    i.down_timer_adverts = number(value);
  else if (key == "lifetime")
    i.vip_lifetime = duration(value);
  else if (key == "skip_check")
    i.skip_check_adv_addr = yes;
  else if (key == "ignore")
    i.owner_ignore_adverts = yes;
  else if (key == "track_primary")
    i.track_primary = yes;
  else if (key == "priority_changes")
    i.notify_priority_changes = yes;
  else if (key == "deleted")
    i.notify_deleted = yes;
  else if (key == "mail") {
    i.smtp_alert = true;
    i.no_email_faults = value == "nofaults";
  } else if (key == "no_track")
    for (auto& entry : i.virtual_addresses) entry.no_track = yes;
  else if (key == "notify") {
    i.notify.own().master = command("to_master");
    i.notify.own().backup = command("to_backup");
    i.notify.own().fault = command("to_fault");
    i.notify.own().stop = command("to_stop");
    i.notify.own().deleted = command("to_deleted");
    i.notify.own().any = command("notify");
    i.notify.own().master_rx_lower_pri = command("rx_lower");
  } else {
    throw std::runtime_error("unknown key " + key);
  }
}

}  // namespace

config::VrrpInstance& instance_named(config::Config& config, const std::string& name) {
  for (auto& i : config.vrrp_instances) {
    if (i.name == name) return i;
  }
  config::VrrpInstance fresh;
  fresh.name = name;
  fresh.interface = "ens33";
  fresh.virtual_router_id = 51;
  config.vrrp_instances.push_back(fresh);
  return config.vrrp_instances.back();
}

void edit_instance(config::Config& config, const std::string& name, const Keys& keys) {
  config::VrrpInstance& i = instance_named(config, name);
  for (const auto& [key, value] : keys) {
    if (key != "no_track" && key != "vmac" && key != "ipvlan" && key != "notify_base") set_key(i, key, value);
  }
  if (keys.contains("ipvlan")) set_ipvlan(i, keys.at("ipvlan"));
  if (keys.contains("vmac")) set_vmac(i, keys.at("vmac"));
  if (keys.contains("notify_base")) i.vmac->tells_base = true;
  if (keys.contains("no_track")) set_key(i, "no_track", keys.at("no_track"));
}

void edit_group(config::Config& config, const std::string& name, const Keys& keys) {
  const auto named = [&](const config::SyncGroup& group) { return group.name == name; };
  auto found = std::find_if(config.sync_groups.begin(), config.sync_groups.end(), named);
  if (found == config.sync_groups.end()) {
    found = config.sync_groups.emplace(config.sync_groups.end());
    found->name = name;
  }
  for (const auto& [key, value] : keys) {
    if (key == "members")
      found->members = split(value, ',');
    else if (key == "weigh")
      found->members_may_weigh = value == "yes";
    else if (key == "mail") {
      found->smtp_alert = true;
      found->no_email_faults = value == "nofaults";
    } else if (is_tracker(key))
      set_trackers(*found, key, value);
    else if (key == "notify")
      found->notify = {command("to_master"),
                       command("to_backup"),
                       command("to_fault"),
                       command("to_stop"),
                       {},
                       command("notify"),
                       {}};
    else
      throw std::runtime_error("unknown key " + key);
  }
}

void edit_static(config::Config& config, const Keys& keys) {
  for (const auto& [key, value] : keys) {
    if (key == "addresses") {
      config.static_addresses = addresses_from(value);
      const auto group = keys.find("group");
      for (auto& address : config.static_addresses)
        address.details.own().track_group = group == keys.end() ? "" : group->second;
    } else if (key == "routes")
      config.static_routes = routes_from(value, config::EntryPlace::Static);
    else if (key == "rules")
      config.static_rules = rules_from(value, config::EntryPlace::Static);
    else if (key == "group")
      continue;
    else
      throw std::runtime_error("unknown key " + key);
  }
}

VirtualPacket made_up_advert(const config::VrrpInstance& mine, Keys keys) {
  vrrp::Advertisement a;
  a.version = keys.contains("version") ? number(keys["version"]) : mine.version;
  a.type = keys.contains("type") ? number(keys["type"]) : 1;
  a.virtual_router_id =
      keys.contains("vrid") ? static_cast<std::uint8_t>(number(keys["vrid"])) : mine.virtual_router_id;
  a.priority = static_cast<std::uint8_t>(keys.contains("prio") ? number(keys["prio"]) : 100);
  a.interval = keys.contains("int") ? duration(keys["int"]) : mine.advert_interval;
  config::VrrpInstance auth = mine;
  if (keys.contains("auth")) set_authentication(auth, keys["auth"]);
  a.authentication_type = static_cast<std::uint8_t>(auth.authentication);
  a.authentication = vrrp::authentication_data(*auth.auth_pass);
  if (keys.contains("auth") && keys["auth"].find_first_not_of("0123456789") == std::string::npos) {
    a.authentication_type = static_cast<std::uint8_t>(number(keys["auth"]));
  }
  if (keys.contains("vips")) {
    for (const auto& entry : addresses_from(keys["vips"])) a.addresses.push_back(entry.prefix.address);
  } else {
    for (const auto& entry : mine.virtual_addresses) a.addresses.push_back(entry.prefix.address);
  }
  const IpAddress from = *IpAddress::parse(keys.contains("from")         ? keys["from"]
                                           : mine.family == Family::IPv4 ? "10.0.0.99"
                                                                         : "fe80::99");
  const IpAddress to = *IpAddress::parse(keys.contains("to") ? keys["to"] : mine.multicast_group.text());
  const bool pseudo = a.version == 3 && !mine.v3_checksum_as_v2;
  const bool old = keys.contains("checksum") && keys["checksum"] == "old";
  Bytes pdu = vrrp::encode_pdu(a, pseudo ? vrrp::ChecksumStyle::PseudoHeader : vrrp::ChecksumStyle::Plain, from,
                               old ? mine.multicast_group : to);
  if (keys.contains("checksum") && !old) pdu[6] = static_cast<std::uint8_t>(pdu[6] ^ 0xff);
  const int ttl = keys.contains("ttl") ? number(keys["ttl"]) : 255;
  if (!to.is_v4()) return {pdu, vrrp::Ipv6Envelope{from, to, static_cast<std::uint8_t>(ttl)}};
  return ip_datagram(from, to, pdu, static_cast<std::uint8_t>(ttl));
}

}  // namespace holdfast::test
