// The tables of attributes of the family IPVS, one per record: service, destination, sync daemon, timeouts. ipvs_messages.cpp
// walks them. A new attribute is a new row.
#pragma once

#include <span>

#include "ipvs_wrapper/io/attribute_row.h"
#include "ipvs_wrapper/io/ipvs_messages.h"

namespace holdfast::ipvs {

std::span<const Row<ServiceRecord>> service_rows();
std::span<const Row<DestinationRecord>> destination_rows();
std::span<const Row<SyncDaemon>> sync_daemon_rows();
std::span<const Row<Timeouts>> timeout_rows();

}  // namespace holdfast::ipvs
