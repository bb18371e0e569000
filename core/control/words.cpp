#include "core/control/words.h"

#include <algorithm>
#include <fmt/format.h>

namespace holdfast::control {

std::string paint(const std::string& word, const char* code, Colour colour) {
  if (colour == Colour::None || code == nullptr) return word;
  return fmt::format("\033[{}m{}\033[0m", code, word);
}

std::string duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f}s", std::max(seconds, 0.0));
  const auto whole = static_cast<long long>(seconds);
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  return fmt::format("{}d{:02}h", whole / 86400, whole / 3600 % 24);
}

}  // namespace holdfast::control
