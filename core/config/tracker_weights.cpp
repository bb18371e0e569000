#include "core/config/tracker_weights.h"

#include <cstdlib>

namespace holdfast::config {

namespace {

struct Kind {
  std::string_view list, definition, older;
  long otherwise;  ///< when nobody says a weight
};
constexpr std::array<Kind, 4> kTracked{{{"track_script", "vrrp_script", "", 0},
                                        {"track_file", "track_file", "vrrp_track_file", 1},
                                        {"track_process", "vrrp_track_process", "", 0},
                                        {"track_bfd", "bfd_instance", "", 0}}};

long number_in(const Node& line, std::size_t at) {
  return at < line.words.size() ? std::strtol(line.words[at].c_str(), nullptr, 10) : 0;
}

}  // namespace

TrackerWeights::TrackerWeights(const Tree& tree) {
  for (const Node& root : tree.roots) {
    if (root.words.size() < 2) continue;
    for (std::size_t kind = 0; kind < kTracked.size(); ++kind) {
      const std::string& keyword = root.words.front();
      if (keyword != kTracked[kind].definition && keyword != kTracked[kind].older) continue;
      defined_[kind].emplace(root.words[1], &root);
    }
  }
}

TrackerWeights::Weight TrackerWeights::of(std::string_view list, const Node& line) const {
  for (std::size_t at = 1; at < line.words.size(); ++at) {
    if (line.words[at] == "weight") return {number_in(line, at + 1), nullptr};
  }
  for (std::size_t kind = 0; kind < kTracked.size(); ++kind) {
    if (kTracked[kind].list != list) continue;
    const auto found = defined_[kind].find(line.words.front());
    if (found == defined_[kind].end()) return {};
    for (const Node& inner : found->second->children) {
      if (inner.words.front() == "weight") return {number_in(inner, 1), &inner};
    }
    return {kTracked[kind].otherwise, nullptr};
  }
  return {};
}

}  // namespace holdfast::config
