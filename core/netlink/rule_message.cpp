#include "core/netlink/rule_message.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "core/netlink/attributes.h"
#include "core/netlink/builder.h"

namespace holdfast::netlink {

namespace {

constexpr std::uint32_t kUnset = 0xffffffff;  // what the kernel tells of what nobody suppresses

// ---- building ----------------------------------------------------------------------------------------------------------

fib_rule_hdr header_of(const RuleSpec& rule) {
  fib_rule_hdr header{};
  header.family = rule.family == Family::IPv4 ? AF_INET : AF_INET6;
  if (rule.to) header.dst_len = static_cast<std::uint8_t>(rule.to->length);
  if (rule.from) header.src_len = static_cast<std::uint8_t>(rule.from->length);
  header.tos = rule.tos;
  header.table = static_cast<std::uint8_t>(rule.table < 256 ? rule.table : 0);
  header.action = rule.action;
  header.flags = rule.inverted ? FIB_RULE_INVERT : 0;
  return header;
}

void put_user_range(Builder& builder, const RuleSpec::Range& range) {
  const fib_rule_uid_range users{range.first, range.second};
  builder.put(FRA_UID_RANGE, {reinterpret_cast<const std::uint8_t*>(&users), sizeof users});
}

void put_ports(Builder& builder, int type, const std::optional<RuleSpec::Range>& range) {
  if (!range) return;
  const fib_rule_port_range ports{static_cast<std::uint16_t>(range->first), static_cast<std::uint16_t>(range->second)};
  builder.put(type, {reinterpret_cast<const std::uint8_t*>(&ports), sizeof ports});
}

void put_selectors(Builder& builder, const RuleSpec& rule) {
  if (rule.to) builder.put(FRA_DST, rule.to->address.bytes());
  if (rule.from) builder.put(FRA_SRC, rule.from->address.bytes());
  if (!rule.input_interface.empty()) builder.put_text(FRA_IIFNAME, rule.input_interface);
  if (!rule.output_interface.empty()) builder.put_text(FRA_OIFNAME, rule.output_interface);
  if (rule.mark) builder.put_u32(FRA_FWMARK, *rule.mark);
  if (rule.mask) builder.put_u32(FRA_FWMASK, *rule.mask);
  if (rule.tunnel) builder.put_big_u64(FRA_TUN_ID, *rule.tunnel);
  if (rule.users) put_user_range(builder, *rule.users);
  if (rule.ip_protocol) builder.put_u8(FRA_IP_PROTO, *rule.ip_protocol);
  put_ports(builder, FRA_SPORT_RANGE, rule.source_ports);
  put_ports(builder, FRA_DPORT_RANGE, rule.destination_ports);
}

Bytes message(int type, int flags, const RuleSpec& rule, std::uint32_t sequence) {
  Builder builder(type, NLM_F_ACK | flags, sequence);
  builder.header(header_of(rule));
  builder.put_u32(FRA_PRIORITY, rule.preference);
  put_selectors(builder, rule);
  if (rule.l3mdev) builder.put_u8(FRA_L3MDEV, 1);
  if (rule.table != 0) builder.put_u32(FRA_TABLE, rule.table);
  if (rule.realms) builder.put_u32(FRA_FLOW, *rule.realms);
  if (rule.suppress_prefix_length) builder.put_u32(FRA_SUPPRESS_PREFIXLEN, *rule.suppress_prefix_length);
  if (rule.suppress_group) builder.put_u32(FRA_SUPPRESS_IFGROUP, *rule.suppress_group);
  if (rule.jump) builder.put_u32(FRA_GOTO, *rule.jump);
  builder.put_u8(FRA_PROTOCOL, rule.protocol);
  return builder.take();
}

// ---- parsing -----------------------------------------------------------------------------------------------------------

using RuleAttributes = AttributeTable<FRA_DPORT_RANGE>;

std::optional<IpPrefix> prefix_of(const RuleAttributes& attributes, int type, Family family, int length) {
  const auto address = attributes.address(type, family);
  if (!address || length > address->max_prefix_length()) return std::nullopt;
  return IpPrefix{*address, length};
}

std::optional<RuleSpec::Range> ports_of(const RuleAttributes& attributes, int type) {
  const ByteView octets = attributes.bytes(type);
  fib_rule_port_range range{};
  if (octets.size() != sizeof range) return std::nullopt;
  std::memcpy(&range, octets.data(), sizeof range);
  return RuleSpec::Range(range.start, range.end);
}

std::optional<RuleSpec::Range> users_of(const RuleAttributes& attributes) {
  const ByteView octets = attributes.bytes(FRA_UID_RANGE);
  fib_rule_uid_range range{};
  if (octets.size() != sizeof range) return std::nullopt;
  std::memcpy(&range, octets.data(), sizeof range);
  return RuleSpec::Range(range.start, range.end);
}

std::optional<std::uint32_t> unless_unset(std::optional<std::uint32_t> value) {
  return value == kUnset ? std::nullopt : value;
}

std::optional<std::uint64_t> big_u64(ByteView octets) {
  if (octets.size() != sizeof(std::uint64_t)) return std::nullopt;
  return ByteReader(octets).u64();
}

void parse_selectors(const RuleAttributes& attributes, RuleSpec& rule) {
  rule.input_interface = attributes.text(FRA_IIFNAME);
  rule.output_interface = attributes.text(FRA_OIFNAME);
  rule.mark = attributes.number<std::uint32_t>(FRA_FWMARK);
  rule.mask = attributes.number<std::uint32_t>(FRA_FWMASK);
  rule.tunnel = big_u64(attributes.bytes(FRA_TUN_ID));
  rule.users = users_of(attributes);
  rule.ip_protocol = attributes.number<std::uint8_t>(FRA_IP_PROTO);
  rule.source_ports = ports_of(attributes, FRA_SPORT_RANGE);
  rule.destination_ports = ports_of(attributes, FRA_DPORT_RANGE);
}

}  // namespace

Bytes add_rule(const RuleSpec& rule, std::uint32_t sequence) {
  return message(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule, sequence);
}

Bytes remove_rule(const RuleSpec& rule, std::uint32_t sequence) {
  return message(RTM_DELRULE, 0, rule, sequence);
}

Bytes dump_rules(Family family, std::uint32_t sequence) {
  Builder builder(RTM_GETRULE, NLM_F_DUMP, sequence);
  fib_rule_hdr header{};
  header.family = family == Family::IPv4 ? AF_INET : AF_INET6;
  builder.header(header);
  return builder.take();
}

std::optional<std::optional<RuleMessage>> parse_rule(nlmsghdr* header) {
  if (nlmsg_datalen(header) < static_cast<int>(sizeof(fib_rule_hdr))) return std::nullopt;
  fib_rule_hdr information{};
  std::memcpy(&information, nlmsg_data(header), sizeof information);
  if (information.family != AF_INET && information.family != AF_INET6) return std::optional<RuleMessage>();
  RuleAttributes attributes;
  if (!attributes.parse(header, sizeof information)) return std::nullopt;
  RuleMessage message;
  message.removed = header->nlmsg_type == RTM_DELRULE;
  RuleSpec& rule = message.rule;
  rule.family = information.family == AF_INET ? Family::IPv4 : Family::IPv6;
  rule.action = information.action;
  rule.inverted = (information.flags & FIB_RULE_INVERT) != 0;
  rule.tos = information.tos;
  rule.table = attributes.number<std::uint32_t>(FRA_TABLE).value_or(information.table);
  rule.preference = attributes.number<std::uint32_t>(FRA_PRIORITY).value_or(0);
  if (information.dst_len > 0) rule.to = prefix_of(attributes, FRA_DST, rule.family, information.dst_len);
  if (information.src_len > 0) rule.from = prefix_of(attributes, FRA_SRC, rule.family, information.src_len);
  if ((information.dst_len > 0 && !rule.to) || (information.src_len > 0 && !rule.from)) return std::nullopt;
  parse_selectors(attributes, rule);
  rule.realms = attributes.number<std::uint32_t>(FRA_FLOW);
  rule.suppress_prefix_length = unless_unset(attributes.number<std::uint32_t>(FRA_SUPPRESS_PREFIXLEN));
  rule.suppress_group = unless_unset(attributes.number<std::uint32_t>(FRA_SUPPRESS_IFGROUP));
  rule.jump = attributes.number<std::uint32_t>(FRA_GOTO);
  rule.l3mdev = attributes.number<std::uint8_t>(FRA_L3MDEV).value_or(0) != 0;
  rule.protocol = attributes.number<std::uint8_t>(FRA_PROTOCOL).value_or(0);
  return std::optional(std::move(message));
}

}  // namespace holdfast::netlink
