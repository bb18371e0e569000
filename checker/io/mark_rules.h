// The table that sets firewall marks as nf_tables has it: names, maps and rules of keepalived 2.2.7 (docs/keepalived.md), for
// those who look with `nft list` and for configurations that count on them. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "checker/logic/effects.h"
#include "core/netlink/nft_message.h"

namespace holdfast::checker {

inline constexpr const char* kMarkChain = "in";

/// A map of the table with what must be in it, sorted.
struct MarkMap {
  netlink::NftTable table;
  netlink::NftSet set;
  std::vector<netlink::NftElement> elements;
};
/// One for each family and protocol that the plan has.
std::vector<MarkMap> mark_maps(const MarkPlan& plan, const std::string& comment);

/// Whatever stands under this name goes, and this stands. `comment` marks the tables.
void put_marks(netlink::NftBatch& batch, const MarkPlan& plan, const std::string& comment);
/// What differs, where `before` stands under the same name and counts alike: maps that stay are at no time without what both
/// have. (While a map is made in the kernel it is empty for a moment after its rule is in force.)
void put_change(netlink::NftBatch& batch, const MarkPlan& before, const MarkPlan& plan, const std::string& comment);
void put_removal(netlink::NftBatch& batch, const std::string& table);

}  // namespace holdfast::checker
