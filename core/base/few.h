// A list that is nearly always empty: eight octets then, a std::vector elsewhere otherwise. Reads as one. For members of structs
// of which there are thousands. Copies are deep.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "core/base/rare.h"

namespace holdfast {

template <class T>
class Few {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  Few() = default;
  Few(std::vector<T> values) : held_(std::move(values)) {}  // NOLINT: a list is one
  Few(std::initializer_list<T> values) : held_(std::vector<T>(values)) {}

  bool empty() const { return held_->empty(); }
  std::size_t size() const { return held_->size(); }
  const T& at(std::size_t at) const { return held_->at(at); }
  const T& operator[](std::size_t at) const { return (*held_)[at]; }
  T& operator[](std::size_t at) { return held_.own()[at]; }
  const T* begin() const { return held_->data(); }
  const T* end() const { return held_->data() + held_->size(); }
  T* begin() { return empty() ? nullptr : held_.own().data(); }
  T* end() { return begin() + size(); }
  const T& front() const { return held_->front(); }
  const T& back() const { return held_->back(); }
  T& front() { return held_.own().front(); }
  T& back() { return held_.own().back(); }
  void push_back(T value) { held_.own().push_back(std::move(value)); }
  void clear() { held_.clear(); }

  const std::vector<T>& list() const { return *held_; }
  operator const std::vector<T>&() const { return *held_; }  // NOLINT: reads as the list
  /// Lets `change` work on the list, and forgets an empty one.
  template <class Change>
  void change(Change change) {
    std::vector<T>& values = held_.own();
    change(values);
    if (values.empty()) held_.clear();
  }
  template <class Fits>
  void erase_if(Fits fits) {
    if (!empty()) change([&fits](std::vector<T>& values) { std::erase_if(values, fits); });
  }
  /// The list, which is not kept any more.
  std::vector<T> take() {
    std::vector<T> values;
    if (!empty()) values = std::move(held_.own());
    clear();
    return values;
  }

  friend bool operator==(const Few&, const Few&) = default;

 private:
  Rare<std::vector<T>> held_;
};

}  // namespace holdfast
