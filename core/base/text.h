// Small text tools that the standard library lacks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

/// Levenshtein distance, for "did you mean". Costs |a|·|b|.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, or "" when none is within a third of the word's length (at least 1, at most 3 edits).
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

/// Words separated by spaces or tabs.
std::vector<std::string> split_words(std::string_view text);

/// The text with each octet that belongs to no UTF-8 character (RFC 3629) replaced by U+FFFD.
std::string as_utf8(std::string_view text);

std::string join(const std::vector<std::string>& words, std::string_view separator);

}  // namespace holdfast
