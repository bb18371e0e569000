// What use_vmac, use_ipvlan, use_vmac_addr and `use_vmac` behind an address come to: which macvlans there are, under which names, with
// which MAC, and which address lies on which of them (behaviour.md d.10). The words themselves were checked by
// lint_made_interfaces. Called by lint: settle_vmac() for each instance, name_vmacs() when all are known.
#pragma once

#include "core/config/context.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

/// One line use_vmac into the draft. What lint_made_interfaces calls wrong is left out.
void read_use_vmac(InstanceDraft& draft, const Node& node, Context& context);
/// The same of use_ipvlan, unless use_vmac stands before it.
void read_use_ipvlan(InstanceDraft& draft, const Node& node, Context& context);
void write_use_ipvlan(const InstanceDraft& draft, std::vector<Node>& lines);
/// Back into a line, with the name that it was given.
void write_use_vmac(const InstanceDraft& draft, std::vector<Node>& lines);

/// Base, MAC and families; one macvlan for all addresses of the instance that share a base interface.
void settle_vmac(InstanceDraft& draft, bool strict, Context& context);

/// Those without a name: PREFIX.VRID, else for IPv6 PREFIX6.VRID, else PREFIXn.VRID with the least n from 1 on. Two instances
/// that would have the same MAC on the same interface: the second is an error.
void name_vmacs(Context& context);

}  // namespace holdfast::config
