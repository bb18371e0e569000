// What `-v` and the first log line say.
#pragma once

namespace holdfast {

inline constexpr const char* kVersion = "0.1.0";
inline constexpr const char* kVersionDate = "11/23,2026";

}  // namespace holdfast
