// A look at the effects of an engine, of vrrp or of the watchdog.
#pragma once

#include <variant>
#include <vector>

namespace holdfast::test {

/// Those of one kind, in their order.
template <class What, class Effects>
std::vector<What> all(const Effects& effects) {
  std::vector<What> found;
  for (const auto& effect : effects) {
    if (const auto* what = std::get_if<What>(&effect)) found.push_back(*what);
  }
  return found;
}

}  // namespace holdfast::test
