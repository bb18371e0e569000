// The little of RFC 1035 that DNS_CHECK needs, by libresolv: a query, and whether some octets are an answer to it. Every
// record of the answer is walked, so that a loop of compression pointers or a cut record is found. Called by probes/dns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::checker {

/// The number of a type's word ("SOA", in any case); nothing for a word that is none.
std::optional<std::uint16_t> dns_type(std::string_view word);

/// A standard query with recursion desired; nothing when the name is none.
std::optional<std::string> dns_query(const std::string& name, std::uint16_t type, std::uint16_t id);

struct DnsAnswer {
  std::uint16_t id = 0;
  bool response = false;  ///< QR
  int rcode = 0;
  bool whole = false;  ///< every record can be read
};
/// Nothing when there is not even a header.
std::optional<DnsAnswer> parse_dns_answer(std::string_view octets);

}  // namespace holdfast::checker
