// Questions about the tables of nf_tables, and what is needed of the answers: which tables there are, what a set holds, how many
// rules a chain has. Callers: batch_socket. Answers come from the kernel; what is malformed is left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/netlink/nft_message.h"

namespace holdfast::netlink {

/// Asks for all tables of both families.
Bytes dump_tables(std::uint32_t sequence);
/// Asks for one; ENOENT when there is none.
Bytes get_table(const NftTable& table, std::uint32_t sequence);
/// The tables of IPv4 and IPv6 in a datagram; what is malformed is left out.
std::vector<NftTable> parse_tables(ByteView datagram);

/// Asks for the elements of a set; ENOENT when there is no such table or set.
Bytes dump_elements(const NftTable& table, const std::string& set, std::uint32_t sequence);
/// Those of that set in a datagram, in the kernel's order, key_end only where the kernel tells one.
std::vector<NftElement> parse_elements(ByteView datagram, const NftTable& table, const std::string& set);

/// Asks for the rules of a chain; none when there is no such table or chain.
Bytes dump_rules(const NftTable& table, const std::string& chain, std::uint32_t sequence);
std::size_t count_rules(ByteView datagram, const NftTable& table, const std::string& chain);

}  // namespace holdfast::netlink
