// Options within a line that has no keyword of its own: routes, rules, addresses, tracked names. A table says which there
// are, what stands behind each, and reads it; the readers of such lines and the catalogue use the same table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/schema.h"

namespace holdfast::config {

struct Option : RowInfo {
  /// Reads what stands behind the option's own word at `at`, and gives the index of the next option. Nothing: reported,
  /// and what follows cannot be read. Empty for rows that only document ("(address)").
  using Read = std::function<std::optional<std::size_t>(const Node&, std::size_t at, Diagnostics&)>;
  Read read;

  Option by_default(std::string text) && {
    otherwise = std::move(text);
    return std::move(*this);
  }
  Option in(std::string unit) && {
    form.unit = std::move(unit);
    return std::move(*this);
  }
  Option now(std::string keyword_today) && {
    instead = std::move(keyword_today);
    return std::move(*this);
  }
};

/// An option that was read from a line: the index of its own word, and of the word behind its value.
struct TakenOption {
  std::size_t at, next;
};

/// The options of one line, in order, with its destination if it is a route: for checks that look at several.
class LineOptions {
 public:
  explicit LineOptions(const Node& node) : node_(&node) {}
  void take(std::size_t at, std::size_t next) { taken_.push_back({at, next}); }

  bool has(std::string_view word) const { return find(word) != nullptr; }
  /// The last such option, or nullptr.
  const TakenOption* find(std::string_view word) const;
  const std::string& value(const TakenOption& option) const { return node_->words[option.next - 1]; }
  const std::string& word(const TakenOption& option) const { return node_->words[option.at]; }
  const std::vector<TakenOption>& all() const { return taken_; }
  const Node& node() const { return *node_; }

  std::optional<std::size_t> destination{};  ///< index of the word

 private:
  const Node* node_;
  std::vector<TakenOption> taken_;
};

/// An option and its value as a line of their own, as codecs read them.
Node option_line(const Node& node, std::size_t option, std::size_t value);
/// The index of the value behind the option at `at`, behind words of `before` that may stand between; nothing when there
/// is none (reported).
std::optional<std::size_t> value_index(const Node& node, std::size_t at, const std::vector<std::string_view>& before,
                                       const std::string& expected, Diagnostics& diagnostics);

/// An option with one value, or none when the codec takes none.
template <class Codec>
Option option(std::string keyword, Codec codec, std::string doc, std::string since,
              std::vector<std::string_view> before = {}) {
  Option made;
  made.keyword = std::move(keyword);
  made.doc = std::move(doc);
  made.expects = codec.describe();
  made.form = codec.form();
  made.since = std::move(since);
  made.read = [codec, before](const Node& node, std::size_t at,
                              Diagnostics& diagnostics) -> std::optional<std::size_t> {
    if (codec.form().kind == Form::Kind::Nothing) return at + 1;
    const auto value = value_index(node, at, before, codec.describe(), diagnostics);
    if (!value) return std::nullopt;
    codec.parse(option_line(node, at, *value), diagnostics);
    return *value + 1;
  };
  return made;
}

/// What stands first in such a line, or what a table does not read itself.
Option documented(std::string keyword, Shape shape, std::string doc, std::string since);

class OptionTable {
 public:
  OptionTable(std::string path, std::string doc, std::vector<Option> options);
  OptionTable(const OptionTable&) = delete;
  OptionTable& operator=(const OptionTable&) = delete;

  /// Nothing for rows that only document.
  const Option* find(std::string_view word) const;
  const std::string& path() const { return path_; }
  const std::string& doc() const { return doc_; }
  const std::vector<Option>& options() const { return options_; }
  const std::vector<std::string_view>& words() const { return words_; }

 private:
  std::string path_, doc_;
  std::vector<Option> options_;
  std::unordered_map<std::string_view, const Option*> index_;
  std::vector<std::string_view> words_;
};

const OptionTable& address_entry_table();
const OptionTable& route_entry_table();
const OptionTable& nexthop_table();
const OptionTable& encap_table();
const OptionTable& rule_entry_table();
const OptionTable& unicast_peer_table();

/// All of them, in the order of the manual.
std::vector<const OptionTable*> option_tables();

}  // namespace holdfast::config
