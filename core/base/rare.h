// A value that is nearly always the default one: eight octets that are null for T{}, a copy of its own for anything else. For
// members of structs of which a configuration has a hundred thousand.
#pragma once

#include <memory>
#include <utility>

namespace holdfast {

template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(T value) { *this = std::move(value); }  // NOLINT: a value is one
  Rare(const Rare& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) held_ = other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  Rare& operator=(T value) {
    held_ = value == common() ? nullptr : std::make_unique<T>(std::move(value));
    return *this;
  }
  ~Rare() = default;

  const T& operator*() const { return held_ ? *held_ : common(); }
  const T* operator->() const { return &**this; }
  operator const T&() const { return **this; }  // NOLINT: reads as the value
  bool empty() const requires requires(const T& value) { value.empty(); }
  { return (**this).empty(); }
  /// Nothing but the default: own() was not called.
  bool usual() const { return held_ == nullptr; }
  void clear() { held_ = nullptr; }
  /// To be changed in place.
  T& own() {
    if (!held_) held_ = std::make_unique<T>();
    return *held_;
  }

  friend bool operator==(const Rare& a, const Rare& b) { return a.held_ == b.held_ || *a == *b; }

 private:
  static const T& common() {
    static const T value{};
    return value;
  }
  std::unique_ptr<T> held_;
};

}  // namespace holdfast
