// Rules of routing ↔ rtnetlink, both ways whole: a rule is known again by all that it says.
#pragma once

#include <optional>

#include "core/netlink/message.h"

struct nlmsghdr;

namespace holdfast::netlink {

/// EEXIST when there is the same rule. Asks for an acknowledgement.
Bytes add_rule(const RuleSpec& rule, std::uint32_t sequence);
/// ENOENT when it is gone.
Bytes remove_rule(const RuleSpec& rule, std::uint32_t sequence);
/// All of one family.
Bytes dump_rules(Family family, std::uint32_t sequence);

/// Nothing: malformed. Nothing inside: of another family.
std::optional<std::optional<RuleMessage>> parse_rule(nlmsghdr* header);

}  // namespace holdfast::netlink
