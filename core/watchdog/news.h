// What `keepalivedctl watch` tells: compares what core knows with what it knew, and makes an event of each difference
// that an operator cares about. process.cpp tells it whatever may have changed; it publishes nothing by itself. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/watchdog/logic/effects.h"
#include "core/watchdog/logic/engine.h"
#include "core/watchdog/status.h"
#include "proto/control.pb.h"

namespace holdfast::watchdog {

/// Children as they were last told. To be called after every event and deadline of the engine.
class ChildNews {
 public:
  std::vector<proto::Happening> compare(const Engine& engine, std::int64_t wall_us);

 private:
  struct Known {
    ChildState state = ChildState::Absent;
    std::int32_t pid = 0;
  };
  std::array<Known, 2> known_;
};

/// A record of a child got another value; null = there was none, or is none any more.
std::vector<proto::Happening> record_news(const std::string& key, const std::string* before, const std::string* after,
                                          std::int64_t wall_us);

proto::Happening reload_news(bool accepted, std::uint64_t generation_in_force, std::int64_t wall_us);
proto::Happening last_will_news(const RemoveAddresses& will, std::int64_t wall_us);

}  // namespace holdfast::watchdog
