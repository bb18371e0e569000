#include "checker/logic/probes/ping.h"

#include "core/base/bytes.h"
#include "core/base/checksum.h"

namespace holdfast::checker {

namespace {

constexpr std::uint8_t kRequest4 = 8, kReply4 = 0, kRequest6 = 128, kReply6 = 129;
constexpr std::size_t kSize = 64;
constexpr std::size_t kChecksumAt = 2;
constexpr std::size_t kHeaderAndToken = 16;

/// What follows the IPv4 header.
std::string_view without_ipv4_header(std::string_view octets) {
  if (octets.empty()) return {};
  const std::size_t header = static_cast<std::size_t>(static_cast<unsigned char>(octets[0]) & 15U) * 4;
  return header < 20 || header > octets.size() ? std::string_view() : octets.substr(header);
}

}  // namespace

std::string echo_request(Family family, const EchoKey& key) {
  ByteWriter writer;
  writer.u8(family == Family::IPv4 ? kRequest4 : kRequest6);
  writer.u8(0);
  writer.u16(0);
  writer.u16(key.identifier);
  writer.u16(key.sequence);
  writer.u64(key.token);
  writer.zeros(kSize - kHeaderAndToken);
  if (family == Family::IPv4) writer.patch_u16(kChecksumAt, internet_checksum(writer.bytes()));
  return {writer.bytes().begin(), writer.bytes().end()};
}

std::optional<EchoKey> parse_echo_reply(Family family, std::string_view octets) {
  if (family == Family::IPv4) octets = without_ipv4_header(octets);
  ByteReader reader(ByteView(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()));
  const std::uint8_t type = reader.u8();
  const std::uint8_t code = reader.u8();
  reader.skip(2);
  EchoKey key;
  key.identifier = reader.u16();
  key.sequence = reader.u16();
  key.token = reader.u64();
  if (reader.failed() || code != 0 || type != (family == Family::IPv4 ? kReply4 : kReply6)) return {};
  return key;
}

}  // namespace holdfast::checker
