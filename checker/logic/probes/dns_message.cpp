#include "checker/logic/probes/dns_message.h"

#include <algorithm>
#include <arpa/nameser.h>
#include <array>
#include <cctype>
#include <netinet/in.h>
#include <resolv.h>

#include "core/base/bytes.h"

namespace holdfast::checker {

namespace {

struct TypeWord {
  std::string_view word;
  std::uint16_t number;
};

constexpr std::array<TypeWord, 13> types{{{"A", 1},
                                          {"NS", 2},
                                          {"CNAME", 5},
                                          {"SOA", 6},
                                          {"PTR", 12},
                                          {"MX", 15},
                                          {"TXT", 16},
                                          {"AAAA", 28},
                                          {"SRV", 33},
                                          {"DS", 43},
                                          {"RRSIG", 46},
                                          {"DNSKEY", 48},
                                          {"ANY", 255}}};
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kClassInternet = 1;

bool all_records_read(ns_msg message) {
  for (const ns_sect section : {ns_s_qd, ns_s_an, ns_s_ns, ns_s_ar}) {
    for (int i = 0; i < ns_msg_count(message, section); ++i) {
      ns_rr record;
      if (ns_parserr(&message, section, i, &record) != 0) return false;
    }
  }
  return true;
}

}  // namespace

std::optional<std::uint16_t> dns_type(std::string_view word) {
  std::string upper(word);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto found = std::ranges::find(types, upper, &TypeWord::word);
  if (found == types.end()) return {};
  return found->number;
}

std::optional<std::string> dns_query(const std::string& name, std::uint16_t type, std::uint16_t id) {
  std::array<unsigned char, NS_MAXCDNAME> encoded{};
  const int size = dn_comp(name.c_str(), encoded.data(), static_cast<int>(encoded.size()), nullptr, nullptr);
  if (size <= 0) return {};
  ByteWriter writer;
  writer.u16(id);
  writer.u16(kRecursionDesired);
  writer.u16(1);  // questions
  writer.zeros(6);
  writer.put(ByteView(encoded.data(), static_cast<std::size_t>(size)));
  writer.u16(type);
  writer.u16(kClassInternet);
  return std::string(writer.bytes().begin(), writer.bytes().end());
}

std::optional<DnsAnswer> parse_dns_answer(std::string_view octets) {
  ByteReader reader(ByteView(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()));
  DnsAnswer answer;
  answer.id = reader.u16();
  const std::uint16_t flags = reader.u16();
  reader.skip(8);
  if (reader.failed()) return {};
  answer.response = (flags & 0x8000) != 0;
  answer.rcode = flags & 0x000f;
  ns_msg message{};
  const auto* data = reinterpret_cast<const unsigned char*>(octets.data());
  answer.whole = ns_initparse(data, static_cast<int>(octets.size()), &message) == 0 && all_records_read(message);
  return answer;
}

}  // namespace holdfast::checker
