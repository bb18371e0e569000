// Which packets get which firewall mark (nftables_ipvs): addresses and ports of the virtual_servers that have one. No two
// ranges of a plan overlap, which nf_tables would refuse. An entry with a port goes before one without, as IPVS finds services;
// of two alike the earlier counts. Pure functions; absent: nf_tables, and who has which mark (mark_book.h).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/logic/mark_book.h"
#include "core/config/config.h"
#include "ipvs_wrapper/logic/model.h"

namespace holdfast::checker {

/// What nftables_ipvs says, with its marks. Nothing of it is in the kernel while there are no ranges.
MarkPlan plan_marks(const config::Config& config, const MarkBook& marks);

}  // namespace holdfast::checker
