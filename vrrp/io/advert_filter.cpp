#include "vrrp/io/advert_filter.h"

#include <array>
#include <cstring>
#include <linux/filter.h>
#include <vector>

namespace holdfast::vrrp {
namespace {

constexpr std::uint32_t kAuthenticationHeaderLength = 24;  // RFC 2402 with HMAC-MD5-96
constexpr std::uint32_t kAccept = 0xffff;
constexpr std::uint32_t kTimeToLiveAt = 8;
constexpr std::uint32_t kHopLimitAt = 7;

constexpr std::uint16_t operator_of(int load_or_jump) {
  return static_cast<std::uint16_t>(load_or_jump);
}

class Program {
 public:
  void add(int code, std::uint32_t k) { lines_.push_back({operator_of(code), 0, 0, k}); }
  /// Goes on if the accumulator is (or is not) k, else the packet is dropped.
  void demand(std::uint32_t k, bool equal = true) {
    const std::uint8_t skip = 1;
    lines_.push_back(
        {operator_of(BPF_JMP | BPF_JEQ | BPF_K), equal ? skip : std::uint8_t{0}, equal ? std::uint8_t{0} : skip, k});
    add(BPF_RET | BPF_K, 0);
  }
  /// Over the next `count` instructions unless the accumulator is k.
  void skip_unless(std::uint32_t k, std::uint8_t count) {
    lines_.push_back({operator_of(BPF_JMP | BPF_JEQ | BPF_K), 0, count, k});
  }
  Bytes octets() const {
    Bytes bytes(lines_.size() * sizeof(sock_filter));
    std::memcpy(bytes.data(), lines_.data(), bytes.size());
    return bytes;
  }

 private:
  std::vector<sock_filter> lines_;
};

/// X = where the IP header ends; gives the place of the PDU behind X. A raw socket of IPv6 begins behind the header.
std::uint32_t find_pdu(Program& program, Family family, std::uint8_t protocol) {
  if (family == Family::IPv4)
    program.add(BPF_LDX | BPF_B | BPF_MSH, 0);
  else
    program.add(BPF_LDX | BPF_IMM, 0);
  return protocol == 51 ? kAuthenticationHeaderLength : 0;
}

}  // namespace

Bytes vrid_filter(Family family, std::uint8_t protocol, const std::vector<std::uint8_t>& vrids) {
  std::array<std::uint32_t, 8> words{};  // a bit for each VRID
  for (const std::uint8_t vrid : vrids) words[vrid / 32] |= std::uint32_t{1} << (vrid % 32);
  constexpr std::uint32_t kVrid = 0, kWord = 1;  // places in the scratch memory
  Program program;
  const std::uint32_t pdu = find_pdu(program, family, protocol);
  program.add(BPF_LD | BPF_IMM, 0);
  program.add(BPF_ST, kWord);  // the kernel wants to see that it always has a value
  program.add(BPF_LD | BPF_B | BPF_IND, pdu + 1);
  program.add(BPF_ST, kVrid);
  program.add(BPF_ALU | BPF_RSH | BPF_K, 5);
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    program.skip_unless(i, 3);
    program.add(BPF_LD | BPF_IMM, words[i]);
    program.add(BPF_ST, kWord);
    program.add(BPF_LD | BPF_IMM, 0xff);  // none of the numbers that follow
  }
  program.add(BPF_LD | BPF_MEM, kVrid);
  program.add(BPF_ALU | BPF_AND | BPF_K, 31);
  program.add(BPF_MISC | BPF_TAX, 0);
  program.add(BPF_LD | BPF_MEM, kWord);
  program.add(BPF_ALU | BPF_RSH | BPF_X, 0);
  program.add(BPF_ALU | BPF_AND | BPF_K, 1);
  program.demand(1);
  program.add(BPF_RET | BPF_K, kAccept);
  return program.octets();
}

Bytes takeover_filter(const Listen& where, std::uint8_t virtual_router_id) {
  const bool v4 = where.group.is_v4();
  Program program;
  if (where.group.is_multicast()) {
    // In IPv6 the socket begins behind the header, which is there all the same.
    program.add(BPF_LD | BPF_B | BPF_ABS, v4 ? kTimeToLiveAt : static_cast<std::uint32_t>(SKF_NET_OFF) + kHopLimitAt);
    program.demand(255);
  }
  const std::uint32_t pdu = find_pdu(program, where.group.family(), where.protocol);
  program.add(BPF_LD | BPF_B | BPF_IND, pdu);
  program.add(BPF_ALU | BPF_AND | BPF_K, 0x0f);
  program.demand(1);
  program.add(BPF_LD | BPF_B | BPF_IND, pdu + 1);
  program.demand(virtual_router_id);
  program.add(BPF_LD | BPF_B | BPF_IND, pdu + 2);
  program.demand(0, false);
  program.add(BPF_RET | BPF_K, kAccept);
  return program.octets();
}

}  // namespace holdfast::vrrp
