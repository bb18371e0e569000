// Words, colours and durations that every table of keepalivedctl shares. Pure.
#pragma once

#include <string>

#include "core/control/render.h"

namespace holdfast::control {

inline constexpr const char* kGood = "32";
inline constexpr const char* kBad = "31";
inline constexpr const char* kDoubtful = "33";

/// `code`: of an ANSI colour; null = as it is.
std::string paint(const std::string& word, const char* code, Colour colour);
/// "0.4s", "12s", "3m05s", "2h07m", "5d03h".
std::string duration(double seconds);

}  // namespace holdfast::control
