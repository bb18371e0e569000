// Expressions of nf_tables rules as plain values: what a rule loads, compares, looks up and does. nft_message puts them into
// messages. Absent: tables, chains and sets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace holdfast::netlink {

/// An attribute with octets, or with others inside.
struct NftAttribute {
  std::uint16_t type = 0;
  Bytes value = {};
  std::vector<NftAttribute> nested = {};
};
struct NftExpression {
  std::string name;
  std::vector<NftAttribute> attributes;
};

/// Registers: 1 and 2 hold 16 octets each, so that a key of two parts stands in both. 9 is the second quarter of 1.
namespace nft {

enum class Base : std::uint32_t { Network = 1, Transport = 2 };
enum class Meta : std::uint32_t { Mark = 3, In = 4, Out = 5, InName = 6, OutName = 7, Protocol = 16, OutKind = 27 };

NftExpression load(Base base, std::uint32_t offset, std::uint32_t length, std::uint32_t into = 1);
NftExpression load(Meta what, std::uint32_t into);
/// The packet has that from now on.
NftExpression store(Meta what, std::uint32_t from);
/// Goes on only when the register begins with that.
NftExpression equals(ByteView value, std::uint32_t in = 1);
NftExpression mask(ByteView mask, std::uint32_t in = 1);
/// Goes on only when the register is in the set; what a map has for it comes into register `into`.
NftExpression lookup(const std::string& set, std::uint32_t in = 1, std::optional<std::uint32_t> into = {});
NftExpression counter();
NftExpression drop();
NftExpression accept();
NftExpression leave();  ///< the chain: "return"
NftExpression go_to(const std::string& chain);
/// A copy leaves towards the address in register 1 by the link in register 2.
NftExpression duplicate();

/// As registers and keys hold them.
Bytes number(std::uint32_t value);
Bytes name(const std::string& interface);

}  // namespace nft

}  // namespace holdfast::netlink
