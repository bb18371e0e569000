#include "core/netlink/nft_expression.h"

#include <cstring>
#include <net/if.h>

#include "core/netlink/nft_octets.h"

namespace holdfast::netlink {

namespace {

NftExpression verdict(std::int32_t code, const std::string& chain = {}) {
  NftAttribute inner{NFTA_DATA_VERDICT, {}, {{NFTA_VERDICT_CODE, big(static_cast<std::uint32_t>(code))}}};
  if (!chain.empty()) inner.nested.push_back({NFTA_VERDICT_CHAIN, text(chain)});
  return {"immediate", {{NFTA_IMMEDIATE_DREG, big(NFT_REG_VERDICT)}, {NFTA_IMMEDIATE_DATA, {}, {std::move(inner)}}}};
}

}  // namespace

namespace nft {

static_assert(static_cast<int>(Meta::In) == NFT_META_IIF && static_cast<int>(Meta::Out) == NFT_META_OIF);
static_assert(static_cast<int>(Meta::InName) == NFT_META_IIFNAME &&
              static_cast<int>(Meta::OutName) == NFT_META_OIFNAME);
static_assert(static_cast<int>(Meta::Mark) == NFT_META_MARK);
static_assert(static_cast<int>(Meta::Protocol) == NFT_META_L4PROTO &&
              static_cast<int>(Meta::OutKind) == NFT_META_OIFKIND);
static_assert(static_cast<int>(Base::Network) == NFT_PAYLOAD_NETWORK_HEADER);
static_assert(static_cast<int>(Base::Transport) == NFT_PAYLOAD_TRANSPORT_HEADER);

NftExpression load(Base base, std::uint32_t offset, std::uint32_t length, std::uint32_t into) {
  return {"payload",
          {{NFTA_PAYLOAD_DREG, big(into)},
           {NFTA_PAYLOAD_BASE, big(static_cast<std::uint32_t>(base))},
           {NFTA_PAYLOAD_OFFSET, big(offset)},
           {NFTA_PAYLOAD_LEN, big(length)}}};
}

NftExpression load(Meta what, std::uint32_t into) {
  return {"meta", {{NFTA_META_KEY, big(static_cast<std::uint32_t>(what))}, {NFTA_META_DREG, big(into)}}};
}

NftExpression store(Meta what, std::uint32_t from) {
  return {"meta", {{NFTA_META_KEY, big(static_cast<std::uint32_t>(what))}, {NFTA_META_SREG, big(from)}}};
}

NftExpression equals(ByteView value, std::uint32_t in) {
  return {"cmp", {{NFTA_CMP_SREG, big(in)}, {NFTA_CMP_OP, big(NFT_CMP_EQ)}, data_of(NFTA_CMP_DATA, value)}};
}

NftExpression mask(ByteView mask, std::uint32_t in) {
  const Bytes nothing(mask.size(), 0);
  return {"bitwise",
          {{NFTA_BITWISE_SREG, big(in)},
           {NFTA_BITWISE_DREG, big(in)},
           {NFTA_BITWISE_LEN, big(static_cast<std::uint32_t>(mask.size()))},
           data_of(NFTA_BITWISE_MASK, mask),
           data_of(NFTA_BITWISE_XOR, nothing)}};
}

NftExpression lookup(const std::string& set, std::uint32_t in, std::optional<std::uint32_t> into) {
  NftExpression expression{"lookup", {{NFTA_LOOKUP_SET, text(set)}, {NFTA_LOOKUP_SREG, big(in)}}};
  if (into) expression.attributes.push_back({NFTA_LOOKUP_DREG, big(*into)});
  return expression;
}

NftExpression counter() {
  return {"counter", {{NFTA_COUNTER_BYTES, Bytes(8, 0)}, {NFTA_COUNTER_PACKETS, Bytes(8, 0)}}};
}

NftExpression drop() {
  return verdict(NF_DROP);
}

NftExpression accept() {
  return verdict(NF_ACCEPT);
}

NftExpression leave() {
  return verdict(NFT_RETURN);
}

NftExpression go_to(const std::string& chain) {
  return verdict(NFT_GOTO, chain);
}

NftExpression duplicate() {
  return {"dup", {{NFTA_DUP_SREG_ADDR, big(1)}, {NFTA_DUP_SREG_DEV, big(2)}}};
}

Bytes number(std::uint32_t value) {
  Bytes octets(sizeof value);
  std::memcpy(octets.data(), &value, sizeof value);
  return octets;
}

Bytes name(const std::string& interface) {
  Bytes octets(interface.begin(), interface.end());
  octets.resize(IFNAMSIZ, 0);
  return octets;
}

}  // namespace nft

}  // namespace holdfast::netlink
