// Messages of nf_tables (linux/netfilter/nf_tables.h), as one transaction: the kernel carries out all of it or nothing, and no
// packet sees half of it. Objects and expressions are plain values; where they belong and what they mean is the caller's
// business. Questions are in nft_question.
//
// Why not libnftnl: Debian has no static libmnl (docs/decisions/firewall.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/netlink/nft_expression.h"

namespace holdfast::netlink {

struct NftTable {
  Family family = Family::IPv4;
  std::string name;
  std::string comment;  ///< seen by `nft list` since Linux 5.10; "" = none
  bool operator==(const NftTable&) const = default;
};

enum class NftHook : std::uint32_t { Input = 1, Output = 3 };  // NF_INET_*

struct NftChain {
  std::string name;
  std::optional<NftHook> hook = {};  ///< without one it is entered by goto alone
  std::int32_t priority = 0;
};

/// Types of keys by their numbers in nft, which shows elements accordingly.
enum class NftType : std::uint32_t {
  Ipv4 = 7,
  Ipv6 = 8,
  Service = 13,
  Mark = 19,
  Interface = 20,
  Icmpv6Type = 29,
  InterfaceName = 41
};

struct NftSet {
  std::string name;
  std::vector<NftType> key;           ///< one behind the other
  std::optional<NftType> value = {};  ///< a map
  bool constant = false;
  bool interval = false;  ///< elements are ranges; of each part, where there are several (Linux 5.6)
  bool counters = false;  ///< one for each element
  bool operator==(const NftSet&) const = default;
};

struct NftElement {
  Bytes key;
  Bytes value = {};    ///< of a map
  Bytes key_end = {};  ///< the last one, where the set holds intervals
  bool operator==(const NftElement&) const = default;
};

class NftBatch {
 public:
  /// Messages are numbered from here on.
  explicit NftBatch(std::uint32_t first_sequence);

  void add_table(const NftTable& table);
  void remove_table(const NftTable& table);
  void add_chain(const NftTable& table, const NftChain& chain);
  /// Without rules, which nobody may go to.
  void remove_chain(const NftTable& table, const std::string& chain);
  void add_set(const NftTable& table, const NftSet& set);
  /// That no rule uses.
  void remove_set(const NftTable& table, const std::string& set);
  void add_rule(const NftTable& table, const std::string& chain, const std::vector<NftExpression>& rule);
  /// All of them.
  void remove_rules(const NftTable& table, const std::string& chain);
  void add_elements(const NftTable& table, const std::string& set, const std::vector<NftElement>& elements);
  void remove_elements(const NftTable& table, const std::string& set, const std::vector<NftElement>& elements);
  bool empty() const { return objects_.size() == 1; }

  struct Finished {
    Bytes messages;
    std::uint32_t first = 0;           ///< number of the first message
    std::vector<std::string> objects;  ///< what each message is about: "set vips of table ip keepalived"
  };
  /// The answer to the last message is asked for; of the others only errors are told.
  Finished finish() &&;

 private:
  enum class Flags : std::uint8_t { None, Create, Append };
  template <class Fill>
  void message(int type, Flags flags, const NftTable& table, std::string object, Fill fill, std::size_t room = 4096);
  void elements(int type, Flags flags, const NftTable& table, const std::string& set,
                const std::vector<NftElement>& elements);
  std::uint32_t next() const { return first_ + static_cast<std::uint32_t>(objects_.size()); }

  std::uint32_t first_;
  Bytes messages_;
  std::size_t last_ = 0;  ///< where the last message begins
  std::uint32_t sets_ = 0;
  std::vector<std::string> objects_;
};

}  // namespace holdfast::netlink
