// From what the kernel has to what it should have: the shortest list of operations, in an order that never hurts more than it
// must on a director under load. The reconciler calls it; nothing here remembers anything.
//
// Order (ours; keepalived has none): services in the order of their keys. Inside one that exists: its settings, new
// destinations, destinations whose weight rises, other edits, deletions; so a service is never without a destination that
// works when it need not be. A new service gets its destinations right behind it. Services that go, go last. What the kernel
// can edit is never removed; the one thing inside a service that it cannot edit is the port of a mark's destination, which
// the kernel does not see (ip_vs_lookup_dest): such a pair of delete and add stands at the end of its service, together.
#pragma once

#include <set>
#include <vector>

#include "ipvs_wrapper/logic/model.h"

namespace holdfast::ipvs {

/// For one service. A null pointer: it should not exist, or does not. Both in normal form (normal.h).
std::vector<Operation> plan_service(const ServiceKey& key, const Service* desired, const Service* actual);

/// For all. A service that is neither in `desired` nor in `ours` stays as it is.
std::vector<Operation> plan(const Table& desired, const Table& actual, const std::set<ServiceKey>& ours);

}  // namespace holdfast::ipvs
