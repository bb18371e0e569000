// track_file: a file whose number moves a priority or a weight (behaviour.md d.14, e.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/config/schema/values.h"

namespace holdfast::config {

struct TrackFile {
  std::string name;
  std::string path;
  int weight = 1;  ///< -254..254 per unit; 0 = any number but 0 is a fault
  bool reverse = false;
  std::optional<std::int64_t> initial;  ///< init_file: written when the file does not exist
  bool overwrite = false;               ///< written also when it exists
  Origin at;
  bool operator==(const TrackFile&) const = default;
};

}  // namespace holdfast::config
