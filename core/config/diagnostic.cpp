#include "core/config/diagnostic.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace holdfast::config {

void Diagnostics::note(Location at, std::string text) {
  add({Severity::Note, ErrorClass::None, at, std::move(text), {}, {}});
}

void Diagnostics::warning(Location at, std::string text, std::string expected) {
  add({Severity::Warning, ErrorClass::General, at, std::move(text), std::move(expected), {}});
}

void Diagnostics::remark(Location at, std::string text) {
  add({Severity::Warning, ErrorClass::None, at, std::move(text), {}, {}});
}

void Diagnostics::advise(Location at, std::string what_happens, std::string mend) {
  add({Severity::Warning, ErrorClass::None, at, std::move(what_happens), std::move(mend), {}});
}

void Diagnostics::error(Location at, std::string text, std::string expected, std::string hint) {
  add({Severity::Error, ErrorClass::General, at, std::move(text), std::move(expected), std::move(hint)});
}

void Diagnostics::fatal(Location at, std::string text, std::string expected) {
  add({Severity::Fatal, ErrorClass::GivenUp, at, std::move(text), std::move(expected), {}});
}

bool Diagnostics::has(Severity at_least) const {
  return std::any_of(list_.begin(), list_.end(), [=](const Diagnostic& d) { return d.severity >= at_least; });
}

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& d) {
    const bool nowhere = d.at.line == 0;
    return std::tuple(nowhere, nowhere ? std::uint16_t{0} : d.at.file, d.at.line, d.at.column);
  };
  std::stable_sort(list_.begin(), list_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

}  // namespace holdfast::config
