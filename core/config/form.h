// What may stand behind a keyword, as data: the manual prints it, and catalogue_test compares it with what keepalived
// takes. Codecs give theirs (codec.h); a row that reads in its own way says one (schema.h, Shape). What a form cannot
// say stands in the row's phrase `expects`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::config {

struct Form {
  enum class Kind : std::uint8_t {
    Words,    ///< of several kinds, or any: the row's phrase says which
    Nothing,  ///< the bare keyword
    Switch,   ///< true, on, yes, false, off, no, or nothing for true
    Integer,
    Decimal,
    Choice,
    Address,
    Command,  ///< a command line, perhaps with user and group
    Word,     ///< one word: a name, a path
  };
  Kind kind = Kind::Words;
  bool optional = false;              ///< may be left out
  std::string least = {}, most = {};  ///< of the first number, in `unit`; "" = no bound of its own
  std::string unit = {};              ///< "s", "us", "bytes", …; "" = none
  std::vector<std::string> choices = {};

  bool operator==(const Form&) const = default;
};

}  // namespace holdfast::config
