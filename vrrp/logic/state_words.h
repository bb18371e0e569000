// The words of keepalived for the four states (behaviour.md d.2). Log lines, dumps and notify scripts take them from
// here; only the name of "not taking part" depends on who asks.
#pragma once

#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// BACKUP, MASTER, FAULT; INIT for Initialize. For log lines and keepalived.data.
const char* state_word(State state);
/// The same, but STOP for Initialize: what notify scripts are told (behaviour.md d.12).
const char* notify_word(State state);

}  // namespace holdfast::vrrp
