// Virtual and real servers as keepalivedctl prints them; render.cpp puts them between its other tables. Pure.
#pragma once

#include <string>

#include "core/control/render.h"

namespace holdfast::control {

std::string servers_text(const proto::DaemonStatus& status, Colour colour);
std::string server_line(const proto::RealServerChanged& changed, Colour colour);
std::string quorum_line(const proto::QuorumChanged& changed, Colour colour);

}  // namespace holdfast::control
