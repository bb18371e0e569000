// Which port of io/ carries out which effect. Called by process for every effect that is not for core. Absent: adverts and
// gratuitous ARPs, which process gathers and sends together; the order of effects.
#pragma once

#include <functional>

#include "core/base/result.h"
#include "vrrp/logic/effects.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

/// Nothing happens for effects that no port knows. `report` gets the outcome of what can fail at once, and what it was.
void carry_out(const Effect& effect, Ports& ports, const std::function<void(const Status&, const char*)>& report);

}  // namespace holdfast::vrrp
