// What kind of interface a link is, as far as it decides whether an instance may go on when its interface was deleted and made
// anew (dynamic_interfaces without allow_if_changes, keepalived.conf(5)): its type, and for one that lies on another the name of
// that. Numbers and MACs do not count. Pure; asked by the virtual router.
#pragma once

#include <string>

#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

/// "veth", "macvlan on eth1", "hardware".
std::string interface_kind(const LinkChanged& link, const LinkTable& links);

}  // namespace holdfast::vrrp
