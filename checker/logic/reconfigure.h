// What a new configuration changes, computed from the two configurations alone, so that it may be done beside the loop: the
// engine then touches only what is listed here. behaviour.md e.5 says what makes a service the same one.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/config/config.h"

namespace holdfast::checker {

struct Difference {
  struct Service {
    std::size_t index = 0;              ///< in the new configuration
    std::optional<std::size_t> before;  ///< in the old one
    bool same = false;                  ///< nothing of it changed, its group included
  };
  std::vector<Service> services;     ///< one for each of the new configuration
  std::vector<std::size_t> removed;  ///< indices in the old one
};

Difference compare(const config::Config& before, const config::Config& after);

}  // namespace holdfast::checker
