// ~SEQ and ~LST (behaviour.md a.4): a line that stands for several. The macro reader defines the variables of each
// round and reads the rest of the line once per round.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::config {

struct Repeat {
  using Round = std::vector<std::pair<std::string, std::string>>;  ///< name and value of each variable
  std::vector<Round> rounds;
  std::string_view rest;  ///< of the line
};

bool is_repeat(std::string_view line);
/// Nothing when the line is malformed, a step is 0, or there would be more than 65 536 rounds.
std::optional<Repeat> parse_repeat(std::string_view line);

}  // namespace holdfast::config
