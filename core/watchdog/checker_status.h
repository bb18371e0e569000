// Virtual and real servers for `keepalivedctl status` and `watch`: the configuration is the frame, the checker's records say how
// things are, found by the names that log lines use. Pure; status.cpp and news.cpp call it.
#pragma once

#include <string>
#include <vector>

#include "core/watchdog/status.h"

namespace holdfast::watchdog {

void describe_virtual_servers(const StatusSources& from, proto::DaemonStatus& out);

/// A record of the checker got another value; null = there was none, or is none any more.
std::vector<proto::Happening> checker_record_news(const std::string& key, const std::string* before,
                                                  const std::string* after, std::int64_t wall_us);

}  // namespace holdfast::watchdog
