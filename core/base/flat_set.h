// A set that is made at once and then asked: its values lie sorted in one vector, without a node around each of them. To put
// one more in takes the time of a copy, so many go in together.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace holdfast {

template <class T>
class FlatSet {
 public:
  FlatSet() = default;
  FlatSet(std::initializer_list<T> values) : FlatSet(std::vector<T>(values)) {}
  /// In any order, also more than once.
  explicit FlatSet(std::vector<T> values) : values_(std::move(values)) {
    std::ranges::sort(values_);
    values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
    values_.shrink_to_fit();
  }

  bool contains(const T& value) const { return std::ranges::binary_search(values_, value); }
  void insert(T value) {
    const auto at = std::ranges::lower_bound(values_, value);
    if (at == values_.end() || *at != value) values_.insert(at, std::move(value));
  }
  bool empty() const { return values_.empty(); }
  std::size_t size() const { return values_.size(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

  friend bool operator==(const FlatSet&, const FlatSet&) = default;

 private:
  std::vector<T> values_;
};

}  // namespace holdfast
