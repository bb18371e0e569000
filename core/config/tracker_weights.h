// The weight with which a line of track_script, track_interface, track_file, track_process or track_bfd counts: what it says
// itself, else what the definition of the tracked thing says. For checks that must know whether a tracker moves the
// priority. Built once for a tree, holds pointers into it.
#pragma once

#include <array>
#include <string_view>
#include <unordered_map>

#include "core/config/node.h"

namespace holdfast::config {

class TrackerWeights {
 public:
  explicit TrackerWeights(const Tree& tree);

  struct Weight {
    long value = 0;
    const Node* definition = nullptr;  ///< the line that says it, when that is not the tracker's own
  };
  /// `list`: the keyword of the block in which `line` stands. A number that cannot be read counts as 0.
  Weight of(std::string_view list, const Node& line) const;

 private:
  static constexpr std::size_t kKinds = 4;
  std::array<std::unordered_map<std::string_view, const Node*>, kKinds> defined_;  ///< blocks by name
};

/// The lists whose lines have weights.
inline constexpr std::array<std::string_view, 5> kTrackerLists{"track_script", "track_interface", "track_file",
                                                               "track_process", "track_bfd"};

}  // namespace holdfast::config
