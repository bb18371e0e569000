#include "core/netlink/nft_question.h"

#include <algorithm>
#include <cstring>

#include "core/netlink/attributes.h"
#include "core/netlink/builder.h"
#include "core/netlink/nft_octets.h"

namespace holdfast::netlink {

namespace {

std::string comment_in(ByteView data) {
  while (data.size() >= 2) {
    const std::size_t length = data[1];
    if (data.size() < 2 + length) return {};
    const ByteView value = data.subspan(2, length);
    if (data[0] == comment_of_table) return {value.begin(), std::find(value.begin(), value.end(), std::uint8_t{0})};
    data = data.subspan(2 + length);
  }
  return {};
}

/// Of one family, about all that `fill` names.
template <class Fill>
Bytes question(int type, int flags, std::uint8_t protocol, std::uint32_t sequence, Fill fill) {
  Builder builder(message_type(type), flags, sequence);
  builder.header(nfgenmsg{protocol, NFNETLINK_V0, 0});
  fill(builder);
  return builder.take();
}

/// Every message of that type in the datagram whose attributes (up to number `Last`) can be read.
template <int Last, class Visit>
void each(ByteView datagram, int type, Visit visit) {
  auto* header = reinterpret_cast<nlmsghdr*>(const_cast<std::uint8_t*>(datagram.data()));  // libnl writes nothing
  for (int left = static_cast<int>(datagram.size()); nlmsg_ok(header, left); header = nlmsg_next(header, &left)) {
    if (header->nlmsg_type != message_type(type)) continue;
    AttributeTable<Last> attributes;
    if (nlmsg_datalen(header) < static_cast<int>(sizeof(nfgenmsg)) || !attributes.parse(header, sizeof(nfgenmsg)))
      continue;
    nfgenmsg family{};
    std::memcpy(&family, nlmsg_data(header), sizeof family);
    visit(family.nfgen_family, attributes);
  }
}

Bytes data_in(ByteView attributes) {
  AttributeTable<NFTA_DATA_VALUE> data;
  if (!data.parse(attributes)) return {};
  const ByteView value = data.bytes(NFTA_DATA_VALUE);
  return {value.begin(), value.end()};
}

void add_element(ByteView attributes, std::vector<NftElement>& elements) {
  AttributeTable<NFTA_SET_ELEM_KEY_END> parts;
  if (!parts.parse(attributes) || !parts.has(NFTA_SET_ELEM_KEY)) return;
  NftElement element{data_in(parts.bytes(NFTA_SET_ELEM_KEY)), {}, {}};
  if (parts.has(NFTA_SET_ELEM_DATA)) element.value = data_in(parts.bytes(NFTA_SET_ELEM_DATA));
  if (parts.has(NFTA_SET_ELEM_KEY_END)) element.key_end = data_in(parts.bytes(NFTA_SET_ELEM_KEY_END));
  elements.push_back(std::move(element));
}

}  // namespace

Bytes dump_tables(std::uint32_t sequence) {
  return question(NFT_MSG_GETTABLE, NLM_F_DUMP, NFPROTO_UNSPEC, sequence, [](Builder&) {});
}

Bytes get_table(const NftTable& table, std::uint32_t sequence) {
  return question(NFT_MSG_GETTABLE, NLM_F_ACK, protocol_of(table.family), sequence,
                  [&](Builder& builder) { builder.put_text(NFTA_TABLE_NAME, table.name); });
}

std::vector<NftTable> parse_tables(ByteView datagram) {
  std::vector<NftTable> tables;
  each<NFTA_TABLE_USERDATA>(datagram, NFT_MSG_NEWTABLE, [&](std::uint8_t family, const auto& attributes) {
    if (family != NFPROTO_IPV4 && family != NFPROTO_IPV6) return;
    tables.push_back({family == NFPROTO_IPV4 ? Family::IPv4 : Family::IPv6, attributes.text(NFTA_TABLE_NAME),
                      comment_in(attributes.bytes(NFTA_TABLE_USERDATA))});
  });
  return tables;
}

Bytes dump_elements(const NftTable& table, const std::string& set, std::uint32_t sequence) {
  return question(NFT_MSG_GETSETELEM, NLM_F_DUMP, protocol_of(table.family), sequence, [&](Builder& builder) {
    builder.put_text(NFTA_SET_ELEM_LIST_TABLE, table.name);
    builder.put_text(NFTA_SET_ELEM_LIST_SET, set);
  });
}

std::vector<NftElement> parse_elements(ByteView datagram, const NftTable& table, const std::string& set) {
  std::vector<NftElement> elements;
  each<NFTA_SET_ELEM_LIST_ELEMENTS>(datagram, NFT_MSG_NEWSETELEM, [&](std::uint8_t family, const auto& attributes) {
    if (family != protocol_of(table.family) || attributes.text(NFTA_SET_ELEM_LIST_TABLE) != table.name ||
        attributes.text(NFTA_SET_ELEM_LIST_SET) != set)
      return;
    const ByteView list = attributes.bytes(NFTA_SET_ELEM_LIST_ELEMENTS);
    auto* element = reinterpret_cast<nlattr*>(const_cast<std::uint8_t*>(list.data()));
    for (int left = static_cast<int>(list.size()); nla_ok(element, left); element = nla_next(element, &left)) {
      add_element({static_cast<const std::uint8_t*>(nla_data(element)), static_cast<std::size_t>(nla_len(element))},
                  elements);
    }
  });
  return elements;
}

Bytes dump_rules(const NftTable& table, const std::string& chain, std::uint32_t sequence) {
  return question(NFT_MSG_GETRULE, NLM_F_DUMP, protocol_of(table.family), sequence, [&](Builder& builder) {
    builder.put_text(NFTA_RULE_TABLE, table.name);
    builder.put_text(NFTA_RULE_CHAIN, chain);
  });
}

std::size_t count_rules(ByteView datagram, const NftTable& table, const std::string& chain) {
  std::size_t count = 0;
  each<NFTA_RULE_CHAIN>(datagram, NFT_MSG_NEWRULE, [&](std::uint8_t family, const auto& attributes) {
    const bool ours = family == protocol_of(table.family) && attributes.text(NFTA_RULE_TABLE) == table.name &&
                      attributes.text(NFTA_RULE_CHAIN) == chain;
    if (ours) ++count;
  });
  return count;
}

}  // namespace holdfast::netlink
