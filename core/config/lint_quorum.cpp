#include "core/config/lint_quorum.h"

#include <algorithm>
#include <fmt/format.h>

namespace holdfast::config {

void settle_quorum(VirtualServer& server, Diagnostics& diagnostics) {
  if (server.real_servers.empty()) return;
  std::int64_t total = 0;
  for (const RealServer& real : server.real_servers) total += real.weight;
  if (server.quorum > total) {
    const std::int64_t reduced = std::max<std::int64_t>(total, 1);
    diagnostics.warning(
        server.at,
        fmt::format("Warning - quorum {} for {} exceeds total weight of real servers {}", server.quorum,
                    describe(server), total) +
            (reduced < server.quorum ? fmt::format(", reducing quorum to {}", reduced) : std::string()),
        fmt::format("quorum up to {}, or more weight: as it stands the quorum could never be reached", reduced));
    server.quorum = static_cast<int>(reduced);
  }
  if (server.hysteresis < server.quorum) return;
  diagnostics.warning(server.at,
                      fmt::format("Virtual server {}: hysteresis {} >= quorum {}; setting hysteresis to {}",
                                  describe(server), server.hysteresis, server.quorum, server.quorum - 1),
                      "hysteresis less than quorum: as it stands the quorum would never be lost");
  server.hysteresis = server.quorum - 1;
}

void settle_inhibition(VirtualServer& server, Diagnostics& diagnostics) {
  if (!server.sorry_server && server.sorry_server_inhibit) {
    diagnostics.warning(
        server.at,
        fmt::format("Virtual server {}: sorry_server_inhibit without a sorry_server - ignoring", describe(server)),
        "a line sorry_server");
    server.sorry_server_inhibit = false;
  }
  if (!server.sorry_server) return;
  for (const RealServer& real : server.real_servers) {
    if (real.address != server.sorry_server->address || real.port != server.sorry_server->port) continue;
    if (real.inhibit_on_failure == server.sorry_server_inhibit) continue;
    diagnostics.warning(
        real.at,
        fmt::format("Virtual server {}: real server {} is also the sorry server, but only one of them "
                    "has inhibit - {} it on the sorry server",
                    describe(server), describe(real, server), real.inhibit_on_failure ? "setting" : "clearing"),
        "inhibit_on_failure and sorry_server_inhibit both, or neither");
    server.sorry_server_inhibit = real.inhibit_on_failure;
  }
}

}  // namespace holdfast::config
