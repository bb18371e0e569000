// A value that many have alike: all of them can share one copy. Whoever changes it gets one of his own. For members of structs of
// which there are thousands. Not for two threads.
#pragma once

#include <memory>
#include <utility>

namespace holdfast {

template <class T>
class Shared {
 public:
  Shared() : held_(std::make_shared<T>()) {}
  Shared(T value) : held_(std::make_shared<T>(std::move(value))) {}  // NOLINT: a value is one

  const T& operator*() const { return *held_; }
  const T* operator->() const { return held_.get(); }
  operator const T&() const { return *held_; }  // NOLINT: reads as the value
  /// To be changed in place, for this one alone.
  T& own() {
    if (held_.use_count() > 1) held_ = std::make_shared<T>(*held_);
    return *held_;
  }
  /// One copy for both when they are alike.
  void share_with(const Shared& other) {
    if (*this == other) held_ = other.held_;
  }

  friend bool operator==(const Shared& a, const Shared& b) { return a.held_ == b.held_ || *a == *b; }

 private:
  std::shared_ptr<T> held_;
};

}  // namespace holdfast
