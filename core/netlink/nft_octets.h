// How attributes of nf_tables hold numbers, words and data. For the message files of this folder only.
#pragma once

#include <arpa/inet.h>  // before linux/netfilter.h, which would define the same structs
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/netlink/nft_expression.h"

namespace holdfast::netlink {

inline constexpr std::uint8_t comment_of_table = 0;  // NFTNL_UDATA_TABLE_COMMENT

inline constexpr int message_type(int type) {
  return (NFNL_SUBSYS_NFTABLES << 8) | type;
}

inline std::uint8_t protocol_of(Family family) {
  return family == Family::IPv4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

inline Bytes big(std::uint32_t value) {
  ByteWriter octets;
  octets.u32(value);
  return {octets.bytes().begin(), octets.bytes().end()};
}

inline Bytes text(const std::string& value) {
  Bytes octets(value.begin(), value.end());
  octets.push_back(0);
  return octets;
}

inline NftAttribute data_of(std::uint16_t type, ByteView value) {
  return {type, {}, {{NFTA_DATA_VALUE, Bytes(value.begin(), value.end())}}};
}

}  // namespace holdfast::netlink
