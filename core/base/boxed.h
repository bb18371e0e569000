// A value that is often not there: std::optional with the value elsewhere, so that its absence costs eight octets. For members of
// structs of which there are thousands. Copies are deep.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace holdfast {

template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(std::nullopt_t) {}                                          // NOLINT: as std::optional
  Boxed(T value) : held_(std::make_unique<T>(std::move(value))) {}  // NOLINT: as std::optional
  Boxed(std::optional<T> value)                                     // NOLINT: one for the other
      : held_(value ? std::make_unique<T>(*std::move(value)) : nullptr) {}
  Boxed(const Boxed& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(const Boxed& other) {
    if (this != &other) held_ = other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    return *this;
  }
  Boxed& operator=(Boxed&&) noexcept = default;
  ~Boxed() = default;

  explicit operator bool() const { return held_ != nullptr; }
  bool has_value() const { return held_ != nullptr; }
  T& operator*() { return *held_; }
  const T& operator*() const { return *held_; }
  T* operator->() { return held_.get(); }
  const T* operator->() const { return held_.get(); }
  void reset() { held_ = nullptr; }
  T& emplace() {
    held_ = std::make_unique<T>();
    return *held_;
  }

  friend bool operator==(const Boxed& a, const Boxed& b) {
    return a.held_ == b.held_ || (a.held_ && b.held_ && *a.held_ == *b.held_);
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace holdfast
