// The outside world's failures: a value, or why there is none. Configuration errors use core/config/diagnostic.h, a broken
// contract uses assert.h; our code throws no exception (docs/STYLE.md, rule 4).
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace holdfast {

/// Why an operation on the outside world failed. `code` is an errno value, or 0 where none applies.
struct Error {
  std::string message;
  int code = 0;

  bool operator==(const Error&) const = default;
};

/// "WHAT: strerror(code)" with the code kept, for a failed system call.
Error system_error(std::string what, int code);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(held_); }
  const T& value() const& { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, Error> held_;
};

/// For operations that give nothing back.
using Status = Result<std::monostate>;
inline Status success() {
  return Status(std::monostate{});
}

}  // namespace holdfast
