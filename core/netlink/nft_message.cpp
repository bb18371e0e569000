#include "core/netlink/nft_message.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <fmt/format.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>

#include "core/base/assert.h"
#include "core/netlink/attributes.h"
#include "core/netlink/builder.h"
#include "core/netlink/nft_octets.h"

namespace holdfast::netlink {

namespace {

constexpr std::size_t elements_per_message = 800;  // of at most 76 octets: an attribute has 64 KiB
constexpr std::size_t room_for_elements = 64 * 1024;

const char* word_of(Family family) {
  return family == Family::IPv4 ? "ip" : "ip6";
}

std::string of_table(const NftTable& table) {
  return fmt::format("table {} {}", word_of(table.family), table.name);
}

std::uint32_t octets_of(NftType type) {
  switch (type) {
    case NftType::Ipv6:
      return 16;
    case NftType::InterfaceName:
      return IFNAMSIZ;
    case NftType::Icmpv6Type:
      return 1;
    case NftType::Service:
      return 2;
    default:
      return 4;
  }
}

/// Parts of a key begin at multiples of four octets.
std::uint32_t padded(std::uint32_t octets) {
  return (octets + 3) / 4 * 4;
}

bool has_ranges_of_parts(const NftSet& set) {
  return set.interval && set.key.size() > 1;
}

std::uint32_t flags_of(const NftSet& set) {
  std::uint32_t flags = 0;
  if (set.constant) flags |= NFT_SET_CONSTANT;
  if (set.value) flags |= NFT_SET_MAP;
  if (set.interval) flags |= NFT_SET_INTERVAL;
  if (has_ranges_of_parts(set)) flags |= NFT_SET_CONCAT;
  return flags;
}

/// The kernel must know where a part of a key ends, to compare ranges.
NftAttribute lengths_of_parts(const NftSet& set) {
  NftAttribute lengths{NFTA_SET_DESC_CONCAT, {}, {}};
  for (const NftType part : set.key)
    lengths.nested.push_back({NFTA_LIST_ELEM, {}, {{NFTA_SET_FIELD_LEN, big(octets_of(part))}}});
  return {NFTA_SET_DESC, {}, {std::move(lengths)}};
}

/// As in nft: six bits for each part of a key of several.
std::uint32_t number_of(const std::vector<NftType>& key) {
  std::uint32_t number = 0;
  for (const NftType part : key) number = (number << 6) | static_cast<std::uint32_t>(part);
  return number;
}

Bytes comment_data(const std::string& comment) {
  Bytes data{comment_of_table, static_cast<std::uint8_t>(std::min<std::size_t>(comment.size() + 1, 128))};
  const Bytes words = text(comment.substr(0, 127));
  data.insert(data.end(), words.begin(), words.end());
  return data;
}

/// Tells nft that the octets of numbers stand in the order of this machine, which it does not know of a type alone.
Bytes byte_order_data(const NftSet& set) {
  constexpr std::uint8_t key_order = 0;  // NFTNL_UDATA_SET_KEYBYTEORDER
  constexpr std::uint8_t value_order = 1;
  constexpr std::uint32_t of_this_machine = 1;
  const Bytes order = nft::number(of_this_machine);
  Bytes data;
  const auto add = [&](std::uint8_t type) {
    data.insert(data.end(), {type, static_cast<std::uint8_t>(order.size())});
    data.insert(data.end(), order.begin(), order.end());
  };
  if (set.key == std::vector{NftType::Interface}) add(key_order);
  if (set.value == NftType::Interface || set.value == NftType::Mark) add(value_order);
  return data;
}

void put(Builder& builder, const NftAttribute& attribute) {
  if (attribute.nested.empty()) return builder.put(attribute.type, attribute.value);
  builder.nest(attribute.type, [&] {
    for (const NftAttribute& inner : attribute.nested) put(builder, inner);
  });
}

/// An expression as an attribute holds it.
std::vector<NftAttribute> named(const std::string& name, const std::vector<NftAttribute>& attributes) {
  std::vector<NftAttribute> inner{{NFTA_EXPR_NAME, text(name)}};
  if (!attributes.empty()) inner.push_back({NFTA_EXPR_DATA, {}, attributes});
  return inner;
}

}  // namespace

// ---- the transaction ---------------------------------------------------------------------------------------------------

namespace {

Bytes edge(int type, std::uint32_t sequence) {
  Builder builder(type, 0, sequence);
  builder.header(nfgenmsg{AF_UNSPEC, NFNETLINK_V0, htons(NFNL_SUBSYS_NFTABLES)});
  return builder.take();
}

/// For people: " on set vips".
std::string about_set(const std::vector<NftExpression>& rule) {
  for (const NftExpression& expression : rule) {
    if (expression.name != "lookup") continue;
    const Bytes& name = expression.attributes.front().value;
    return " on set " + std::string(name.begin(), name.end() - 1);
  }
  return {};
}

}  // namespace

NftBatch::NftBatch(std::uint32_t first_sequence)
    : first_(first_sequence), messages_(edge(NFNL_MSG_BATCH_BEGIN, first_sequence)), objects_{"transaction"} {}

template <class Fill>
void NftBatch::message(int type, Flags flags, const NftTable& table, std::string object, Fill fill, std::size_t room) {
  const int given = flags == Flags::None ? 0 : flags == Flags::Create ? NLM_F_CREATE : NLM_F_CREATE | NLM_F_APPEND;
  Builder builder(message_type(type), given, next(), room);
  builder.header(nfgenmsg{protocol_of(table.family), NFNETLINK_V0, 0});
  fill(builder);
  const Bytes octets = builder.take();
  last_ = messages_.size();
  messages_.insert(messages_.end(), octets.begin(), octets.end());
  objects_.push_back(std::move(object));
}

void NftBatch::add_table(const NftTable& table) {
  message(NFT_MSG_NEWTABLE, Flags::Create, table, of_table(table), [&](Builder& builder) {
    builder.put_text(NFTA_TABLE_NAME, table.name);
    if (!table.comment.empty()) builder.put(NFTA_TABLE_USERDATA, comment_data(table.comment));
  });
}

void NftBatch::remove_table(const NftTable& table) {
  message(NFT_MSG_DELTABLE, Flags::None, table, of_table(table),
          [&](Builder& builder) { builder.put_text(NFTA_TABLE_NAME, table.name); });
}

void NftBatch::add_chain(const NftTable& table, const NftChain& chain) {
  const std::string object = fmt::format("chain {} of {}", chain.name, of_table(table));
  message(NFT_MSG_NEWCHAIN, Flags::Create, table, object, [&](Builder& builder) {
    builder.put_text(NFTA_CHAIN_TABLE, table.name);
    builder.put_text(NFTA_CHAIN_NAME, chain.name);
    if (!chain.hook) return;
    builder.nest(NFTA_CHAIN_HOOK, [&] {
      builder.put(NFTA_HOOK_HOOKNUM, big(static_cast<std::uint32_t>(*chain.hook)));
      builder.put(NFTA_HOOK_PRIORITY, big(static_cast<std::uint32_t>(chain.priority)));
    });
    builder.put(NFTA_CHAIN_POLICY, big(NF_ACCEPT));
    builder.put_text(NFTA_CHAIN_TYPE, "filter");
  });
}

void NftBatch::remove_chain(const NftTable& table, const std::string& chain) {
  const std::string object = fmt::format("chain {} of {}", chain, of_table(table));
  message(NFT_MSG_DELCHAIN, Flags::None, table, object, [&](Builder& builder) {
    builder.put_text(NFTA_CHAIN_TABLE, table.name);
    builder.put_text(NFTA_CHAIN_NAME, chain);
  });
}

void NftBatch::add_set(const NftTable& table, const NftSet& set) {
  std::uint32_t octets = 0;
  for (const NftType part : set.key) octets += set.key.size() == 1 ? octets_of(part) : padded(octets_of(part));
  const std::string object = fmt::format("set {} of {}", set.name, of_table(table));
  message(NFT_MSG_NEWSET, Flags::Create, table, object, [&](Builder& builder) {
    builder.put_text(NFTA_SET_TABLE, table.name);
    builder.put_text(NFTA_SET_NAME, set.name);
    builder.put(NFTA_SET_FLAGS, big(flags_of(set)));
    builder.put(NFTA_SET_KEY_TYPE, big(number_of(set.key)));
    builder.put(NFTA_SET_KEY_LEN, big(octets));
    if (set.value) {
      builder.put(NFTA_SET_DATA_TYPE, big(number_of({*set.value})));
      builder.put(NFTA_SET_DATA_LEN, big(octets_of(*set.value)));
    }
    builder.put(NFTA_SET_ID, big(++sets_));
    if (const Bytes order = byte_order_data(set); !order.empty()) builder.put(NFTA_SET_USERDATA, order);
    if (has_ranges_of_parts(set)) put(builder, lengths_of_parts(set));
    if (set.counters) put(builder, {NFTA_SET_EXPR, {}, named("counter", {})});
  });
}

void NftBatch::remove_set(const NftTable& table, const std::string& set) {
  const std::string object = fmt::format("set {} of {}", set, of_table(table));
  message(NFT_MSG_DELSET, Flags::None, table, object, [&](Builder& builder) {
    builder.put_text(NFTA_SET_TABLE, table.name);
    builder.put_text(NFTA_SET_NAME, set);
  });
}

void NftBatch::remove_rules(const NftTable& table, const std::string& chain) {
  const std::string object = fmt::format("rules of chain {} of {}", chain, of_table(table));
  message(NFT_MSG_DELRULE, Flags::None, table, object, [&](Builder& builder) {
    builder.put_text(NFTA_RULE_TABLE, table.name);
    builder.put_text(NFTA_RULE_CHAIN, chain);
  });
}

void NftBatch::add_rule(const NftTable& table, const std::string& chain, const std::vector<NftExpression>& rule) {
  const std::string object = fmt::format("rule{} in chain {} of {}", about_set(rule), chain, of_table(table));
  message(NFT_MSG_NEWRULE, Flags::Append, table, object, [&](Builder& builder) {
    builder.put_text(NFTA_RULE_TABLE, table.name);
    builder.put_text(NFTA_RULE_CHAIN, chain);
    builder.nest(NFTA_RULE_EXPRESSIONS, [&] {
      for (const NftExpression& expression : rule) {
        put(builder, {NFTA_LIST_ELEM, {}, named(expression.name, expression.attributes)});
      }
    });
  });
}

void NftBatch::elements(int type, Flags flags, const NftTable& table, const std::string& set,
                        const std::vector<NftElement>& elements) {
  const std::string object = fmt::format("elements of set {} of {}", set, of_table(table));
  for (std::size_t from = 0; from < elements.size(); from += elements_per_message) {
    const std::size_t to = std::min(elements.size(), from + elements_per_message);
    const auto fill = [&](Builder& builder) {
      builder.put_text(NFTA_SET_ELEM_LIST_TABLE, table.name);
      builder.put_text(NFTA_SET_ELEM_LIST_SET, set);
      builder.nest(NFTA_SET_ELEM_LIST_ELEMENTS, [&] {
        for (std::size_t at = from; at < to; ++at) {
          NftAttribute element{NFTA_LIST_ELEM, {}, {data_of(NFTA_SET_ELEM_KEY, elements[at].key)}};
          if (!elements[at].key_end.empty())
            element.nested.push_back(data_of(NFTA_SET_ELEM_KEY_END, elements[at].key_end));
          if (!elements[at].value.empty()) element.nested.push_back(data_of(NFTA_SET_ELEM_DATA, elements[at].value));
          put(builder, element);
        }
      });
    };
    message(type, flags, table, object, fill, room_for_elements + 512);
  }
}

void NftBatch::add_elements(const NftTable& table, const std::string& set, const std::vector<NftElement>& list) {
  elements(NFT_MSG_NEWSETELEM, Flags::Create, table, set, list);
}

void NftBatch::remove_elements(const NftTable& table, const std::string& set, const std::vector<NftElement>& list) {
  elements(NFT_MSG_DELSETELEM, Flags::None, table, set, list);
}

NftBatch::Finished NftBatch::finish() && {
  ASSERT(!empty());
  nlmsghdr header{};
  std::memcpy(&header, messages_.data() + last_, sizeof header);
  header.nlmsg_flags = static_cast<std::uint16_t>(header.nlmsg_flags | NLM_F_ACK);
  std::memcpy(messages_.data() + last_, &header, sizeof header);
  const Bytes end = edge(NFNL_MSG_BATCH_END, next());
  messages_.insert(messages_.end(), end.begin(), end.end());
  return {std::move(messages_), first_, std::move(objects_)};
}

}  // namespace holdfast::netlink
