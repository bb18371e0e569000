// interface_up_down_delays that would outlast what the peers wait (behaviour.md d.8): a router that counts its dead interface
// as up for longer loses its place to nobody who could take it. Called when all instances are final.
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

/// Clears the delays of an interface that are not shorter than the adverts which an instance on it may lose, with a warning.
void lint_interface_delays(Context& context);

}  // namespace holdfast::config
