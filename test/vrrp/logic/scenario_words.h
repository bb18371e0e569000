// The words of a scenario's lines: values with their units, lists, key=value. What they mean is the business of
// scenario.cpp and scenario_config.cpp. A duration or an octet that cannot be read throws.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/time.h"

namespace holdfast::test {

using Words = std::vector<std::string>;
using Keys = std::map<std::string, std::string>;

/// "a,b" at ',' → a and b; "" → nothing.
Words split(const std::string& text, char at);
/// Decimal; 0 when it is none.
/// With blanks for each +.
std::string spaced(std::string words);
int number(const std::string& text);
/// "300ms", "1.5s", "2m", "1h", "250us"; seconds without a unit.
Duration duration(const std::string& text);
/// The words from `first` on: "key=value", or "key" for key=yes.
Keys keys_from(const Words& words, std::size_t first);
/// "45c0…" → octets.
Bytes bytes_of_hex(const std::string& text);

}  // namespace holdfast::test
