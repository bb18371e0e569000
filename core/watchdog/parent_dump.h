// keepalived_parent.data: what core itself knows (SIGUSR1, behaviour.md b.3), with keepalived 2.2.7's labels for what both have.
// The children's dumps hold the rest.
#pragma once

#include <string>

#include "core/config/config.h"
#include "core/watchdog/logic/engine.h"

namespace holdfast::watchdog {

/// `namespace_of_command_line` (-s) counts before the configuration's.
std::string parent_data_text(const config::Config& config, const Engine& engine,
                             const std::string& namespace_of_command_line);

}  // namespace holdfast::watchdog
