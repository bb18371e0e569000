// A set of names of which only hashes are kept: eight octets for each, so that somebody may know which of a thousand names he
// has spoken of without a copy of them. Two names of one hash (64 bits) are taken for one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace holdfast {

class NameSet {
 public:
  void insert(std::string_view name) {
    const auto at = place(name);
    if (at == hashes_.end() || *at != hash(name)) hashes_.insert(at, hash(name));
  }
  /// Whether it was there.
  bool erase(std::string_view name) {
    const auto at = place(name);
    if (at == hashes_.end() || *at != hash(name)) return false;
    hashes_.erase(at);
    return true;
  }
  void clear() { hashes_.clear(); }
  std::size_t size() const { return hashes_.size(); }

 private:
  static std::size_t hash(std::string_view name) { return std::hash<std::string_view>{}(name); }
  std::vector<std::size_t>::iterator place(std::string_view name) {
    return std::ranges::lower_bound(hashes_, hash(name));
  }

  std::vector<std::size_t> hashes_;  ///< sorted
};

}  // namespace holdfast
