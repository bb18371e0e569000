// The firewall as nf_tables has it: the names and rules of keepalived 2.2.7 (behaviour.md d.10), for those who look with
// `nft list` and for configurations that count on them. Pure functions.
#pragma once

#include "core/netlink/nft_message.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// Whatever stands under this name goes, and this stands. `comment` marks the tables.
void put_table(netlink::NftBatch& batch, const MakeFirewall& what, const std::string& comment);
void put_change(netlink::NftBatch& batch, const std::string& table, const ChangeFirewall& what);
void put_removal(netlink::NftBatch& batch, const std::string& table);

}  // namespace holdfast::vrrp
