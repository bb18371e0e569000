// Rows of a vrrp_instance about how its adverts travel: sources, groups, unicast peers (vrrp_transport.h).
#pragma once

#include <vector>

#include "core/config/schema/schemas.h"

namespace holdfast::config {

std::vector<Row<InstanceDraft>> transport_rows();

}  // namespace holdfast::config
