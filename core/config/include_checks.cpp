#include "core/config/include_checks.h"

#include <string_view>

namespace holdfast::config {

void IncludeChecks::obey(std::span<const std::string> words) {
  if (words.empty()) *this = all();
  for (std::size_t at = 0; at < words.size(); ++at) {
    std::string_view mode = words[at];
    const bool on = !mode.starts_with('-');
    const bool relative = mode.starts_with('+') || mode.starts_with('-');
    if (relative) mode.remove_prefix(1);
    if (at == 0 && !relative) *this = {};
    if (mode == "read") read = on;
    if (mode == "match") match = on;
    if (mode == "wildcard_match") wildcard_match = on;
    if (mode == "brace_match") brace_match = on;
  }
}

std::vector<std::string> IncludeChecks::words() const {
  std::vector<std::string> words;
  const auto add = [&words](bool on, const char* mode) {
    if (on) words.push_back((words.empty() ? "" : "+") + std::string(mode));
  };
  add(read, "read");
  add(match, "match");
  add(wildcard_match, "wildcard_match");
  add(brace_match, "brace_match");
  return words;
}

}  // namespace holdfast::config
