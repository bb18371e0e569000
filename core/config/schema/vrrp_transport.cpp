#include "core/config/schema/vrrp_transport.h"

#include <charconv>

#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/vrrp_instance_lists.h"
#include "core/config/schema/vrrp_transport_rows.h"

namespace holdfast::config {

namespace {

using I = InstanceDraft;

/// keepalived takes "A/N" where it wants an address, and drops the prefix (corpus 082).
std::optional<IpAddress> address_without_prefix(const std::string& word) {
  const auto prefix = IpPrefix::parse(word);
  return prefix ? std::optional(prefix->address) : std::nullopt;
}

/// Nothing when it is no address, or of the other family (reported).
std::optional<IpAddress> peer_address(I& instance, const Node& line, Context& context) {
  const std::string& word = line.words.front();
  const auto peer = address_without_prefix(word);
  if (!peer) {
    context.diagnostics.error(
        line.at,
        fmt::format("Configuration error: VRRP instance[{}] malformed unicast peer address[{}]. Skipping...",
                    instance.name, word),
        "an IP address");
    return std::nullopt;
  }
  if (family_fits(instance, *peer)) return peer;
  context.diagnostics.error(line.at,
                            fmt::format("Configuration error: VRRP instance[{}] and unicast peer address[{}] MUST "
                                        "be of the same family !!! Skipping...",
                                        instance.name, word),
                            fmt::format("an address of the family of {}", instance.family_witness.text()));
  return std::nullopt;
}

/// False when nothing behind this option can be read.
bool read_peer_option(const Node& line, std::size_t at, UnicastPeer& peer, Context& context) {
  const Option* option = unicast_peer_table().find(line.words[at]);
  if (option == nullptr) {
    context.diagnostics.error(location_of(line, at), fmt::format("unknown unicast peer option '{}'", line.words[at]),
                              "min_ttl N or max_ttl N");
    return false;
  }
  if (!option->read(line, at, context.diagnostics)) return false;
  const std::string& word = line.words[at + 1];
  int hops = -1;
  std::from_chars(word.data(), word.data() + word.size(), hops);
  if (hops >= 0 && hops <= 255) (option->keyword == "min_ttl" ? peer.min_ttl : peer.max_ttl) = hops;
  return true;
}

void read_unicast_peers(I& instance, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    const auto address = peer_address(instance, line, context);
    UnicastPeer peer;
    peer.at = line.at;
    for (std::size_t at = 1; at < line.words.size(); at += 2) {
      if (!read_peer_option(line, at, peer, context)) break;
    }
    if (!address) continue;
    peer.address = *address;
    instance.unicast_peers.push_back(peer);
  }
}

void write_unicast_peers(const I& instance, std::vector<Node>& lines) {
  if (instance.unicast_peers.empty()) return;
  Node node = list_node("unicast_peer");
  for (const UnicastPeer& peer : instance.unicast_peers) {
    Node line = made_node(peer.address.text());
    line.at = peer.at;
    for (const auto& [keyword, ttl] : {std::pair("min_ttl", peer.min_ttl), std::pair("max_ttl", peer.max_ttl)}) {
      if (!ttl) continue;
      line.words.push_back(keyword);
      line.words.push_back(std::to_string(*ttl));
    }
    node.children.push_back(std::move(line));
  }
  lines.push_back(std::move(node));
}

/// The address to send from, or nothing when it does not fit.
std::optional<IpAddress> source_address(I& instance, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "an IP address", context.diagnostics);
  if (word == nullptr) return std::nullopt;
  remark_surplus(node, 2, context.diagnostics);
  const auto address = address_without_prefix(*word);
  if (!address) {
    context.diagnostics.error(
        location_of(node, 1),
        fmt::format("Configuration error: VRRP instance[{}] malformed src address[{}]. Skipping...", instance.name,
                    *word),
        "an IP address");
    return std::nullopt;
  }
  if (family_fits(instance, *address)) return address;
  context.diagnostics.error(
      location_of(node, 1),
      fmt::format(
          "Configuration error: VRRP instance[{}] and src address[{}] MUST be of the same family !!! Skipping...",
          instance.name, *word),
      fmt::format("an address of the family of {}", instance.family_witness.text()));
  return std::nullopt;
}

/// Both spellings mean the same; the last one counts.
void read_source(I& instance, const Node& node, Context& context) {
  if (const auto address = source_address(instance, node, context)) instance.source_address = address;
}

std::function<void(const I&, std::vector<Node>&)> write_source(std::string keyword, bool unicast) {
  return [keyword, unicast](const I& instance, std::vector<Node>& lines) {
    if (instance.source_address && instance.unicast() == unicast) {
      lines.push_back(made_node(keyword, {instance.source_address->text()}));
    }
  };
}

void read_own_group(I& instance, const Node& node, Context& context) {
  const auto group = Address{Address::Kind::Multicast}.parse(node, context.diagnostics);
  if (!group) return;
  if (family_fits(instance, *group)) {
    instance.given_group = *group;
    return;
  }
  context.diagnostics.error(location_of(node, 1),
                            fmt::format("({}) mcast_dst_ip {} is not of the instance's address family - ignoring",
                                        instance.name, group->text()),
                            fmt::format("a group of the family of {}", instance.family_witness.text()));
}

void write_group_line(const I& instance, std::vector<Node>& lines) {
  if (instance.given_group && !instance.unicast()) {
    lines.push_back(made_node("mcast_dst_ip", {instance.given_group->text()}));
  }
}

void read_old_checksum(I& instance, const Node& node, Context& context) {
  const auto word = Choice{{"never"}, true}.parse(node, context.diagnostics);
  if (!word) return;
  instance.old_unicast_checksum = *word == "never" ? OldUnicastChecksum::Never : OldUnicastChecksum::Always;
}

void write_old_checksum(const I& instance, std::vector<Node>& lines) {
  if (instance.old_unicast_checksum == OldUnicastChecksum::Detect) return;
  lines.push_back(made_node("old_unicast_checksum"));
  if (instance.old_unicast_checksum == OldUnicastChecksum::Never) lines.back().words.push_back("never");
}

}  // namespace

std::vector<Row<InstanceDraft>> transport_rows() {
  return {
      special<I>("mcast_src_ip", Address{}, read_source, write_source("mcast_src_ip", false),
                 "Source address of adverts.", "0.6.1"),
      special<I>("mcast_dst_ip", Address{Address::Kind::Multicast}, read_own_group, write_group_line,
                 "Group of this instance.", "2.2.5"),
      special<I>("unicast_src_ip", Address{}, read_source, write_source("unicast_src_ip", true),
                 "Source address of unicast adverts.", "1.2.10"),
      as_block(special<I>("unicast_peer", "a block of: ADDRESS [min_ttl N] [max_ttl N]", read_unicast_peers,
                          write_unicast_peers, "Send adverts to these.", "1.2.8")),
      field<I>("unicast_ttl", &I::unicast_ttl, Integer{0, 255}, "TTL of unicast adverts.", "2.1.0").in("hops"),
      field<I>("unicast_fault_no_peer", &I::unicast_fault_no_peer, Flag{}, "Fault when that list is empty.", "2.2.5"),
      field<I>("check_unicast_src", &I::check_unicast_source, Flag{}, "Take adverts only from those peers.", "2.1.0"),
      special<I>("old_unicast_checksum", Choice{{"never"}, true}, read_old_checksum, write_old_checksum,
                 "Checksum of version 3 as in old releases.", "1.3.7"),
      field<I>("track_src_ip", &I::track_source, Flag{}, "Fault when the source address is gone.", "2.0.0"),
  };
}

const OptionTable& unicast_peer_table() {
  static const OptionTable table{
      "vrrp_instance/unicast_peer",
      "A line of unicast_peer.",
      {documented("(peer)", Address{}, "Whom adverts are sent to.", "1.2.8"),
       option("min_ttl", Integer{0, 255}, "Least TTL of its adverts.", "2.1.0").in("hops").by_default("no check"),
       option("max_ttl", Integer{0, 255}, "Greatest TTL of its adverts.", "2.1.0").in("hops").by_default("no check")}};
  return table;
}

}  // namespace holdfast::config
