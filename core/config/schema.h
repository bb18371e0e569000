// The table of one block: a row per keyword with its type, its member, what it is for, since when keepalived has it,
// and whether some process of ours already honours it. Parser messages, -t, write(), the manual and completion read
// only this table. Rows are data in schema/*.cpp; a Schema is built once and looks a keyword up in O(1).
#pragma once

#include <fmt/format.h>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/rare.h"
#include "core/base/text.h"
#include "core/config/codec.h"
#include "core/config/context.h"
#include "core/config/form.h"
#include "core/config/node.h"

namespace holdfast::config {

enum class Honoured : std::uint8_t { Yes, NotYet };

/// What a row says about itself, whatever the block.
struct RowInfo {
  std::string keyword, doc, expects, since;
  Form form;
  std::string otherwise;  ///< what counts without the keyword, where write() of a default value does not say it
  std::string instead;    ///< of an older spelling: what to write
  Honoured honoured = Honoured::Yes;
  bool block = false;  ///< '{' must follow
};

/// What stands behind a keyword: a codec's words and form, or words alone.
struct Shape {
  std::string expects;
  Form form;
  Shape(const char* words) : expects(words) {}             // NOLINT: a phrase is a shape
  Shape(std::string words) : expects(std::move(words)) {}  // NOLINT
  template <class Codec>
  requires requires(const Codec& codec) { codec.form(); }
  Shape(const Codec& codec) : expects(codec.describe()), form(codec.form()) {}  // NOLINT: as is a codec
  Shape(std::string words, Form data) : expects(std::move(words)), form(std::move(data)) {}
};

template <class S>
struct Row : RowInfo {
  std::function<void(S&, const Node&, Context&)> read;
  std::function<void(const S&, std::vector<Node>&)> write;  ///< empty when the value is not kept

  Row by_default(std::string text) && {
    otherwise = std::move(text);
    return std::move(*this);
  }
  /// Names the unit of its number.
  Row in(std::string unit) && {
    form.unit = std::move(unit);
    return std::move(*this);
  }
  /// Marks an older spelling.
  Row now(std::string keyword_today) && {
    instead = std::move(keyword_today);
    return std::move(*this);
  }
};

template <class S>
class Schema {
 public:
  Schema(std::string keyword, std::string doc, std::vector<Row<S>> rows)
      : keyword_(std::move(keyword)), doc_(std::move(doc)), rows_(std::move(rows)) {
    for (const Row<S>& row : rows_) {
      index_.emplace(row.keyword, &row);
      keywords_.push_back(row.keyword);
    }
  }
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  const Row<S>* find(std::string_view keyword) const {
    const auto found = index_.find(keyword);
    return found == index_.end() ? nullptr : found->second;
  }
  const std::string& keyword() const { return keyword_; }
  const std::string& doc() const { return doc_; }
  const std::vector<Row<S>>& rows() const { return rows_; }
  const std::vector<std::string_view>& keywords() const { return keywords_; }

 private:
  std::string keyword_, doc_;
  std::vector<Row<S>> rows_;
  std::unordered_map<std::string_view, const Row<S>*> index_;
  std::vector<std::string_view> keywords_;
};

/// Reports an unknown keyword, with the nearest of `keywords`.
void report_unknown(const Node& node, std::string_view block, const std::vector<std::string_view>& keywords,
                    Diagnostics& diagnostics);
/// Reports a '{' too few or too many; true when the row may be read.
bool check_braces(const RowInfo& row, const Node& node, Diagnostics& diagnostics);

/// A line of a keyword that is not honoured yet as it was written, but for what was reported as wrong in it since the list of
/// diagnostics had `before` entries; nothing of it is kept when all of it is.
std::optional<KeptLine> line_to_keep(const Node& line, const Diagnostics& diagnostics, std::size_t before);
Node node_of(const KeptLine& line);

/// Blocks that keep the lines nobody uses yet.
template <class S>
concept KeepsLines = requires(S value) {
  value.unused_lines;
};

/// Reads one line of a block into `value`, through its row.
template <class S>
void read_line(const Schema<S>& schema, const Node& line, S& value, Context& context) {
  const Row<S>* row = schema.find(line.words.front());
  if (row == nullptr) {
    report_unknown(line, schema.keyword(), schema.keywords(), context.diagnostics);
    return;
  }
  if (!check_braces(*row, line, context.diagnostics)) return;
  if (row->honoured == Honoured::NotYet) context.note_not_honoured(row, line);
  if (!row->instead.empty()) context.note_older_spelling(&row->instead, line, row->instead);
  [[maybe_unused]] const std::size_t before = context.diagnostics.list().size();
  row->read(value, line, context);
  if constexpr (KeepsLines<S>) {
    if (row->honoured == Honoured::NotYet && !row->write) {
      auto kept = line_to_keep(line, context.diagnostics, before);
      if (kept) value.unused_lines.push_back(*std::move(kept));
    }
  }
}

/// Reads the lines of a block into `value`, each through its row.
template <class S>
void read_lines(const Schema<S>& schema, const std::vector<Node>& lines, S& value, Context& context) {
  for (const Node& line : lines) read_line(schema, line, value, context);
}

template <class S>
std::vector<Node> write_lines(const Schema<S>& schema, const S& value) {
  std::vector<Node> lines;
  for (const Row<S>& row : schema.rows()) {
    if (row.write) row.write(value, lines);
  }
  if constexpr (KeepsLines<S>) {
    for (const KeptLine& line : value.unused_lines) lines.push_back(node_of(line));
  }
  return lines;
}

template <class T>
struct Unwrapped {
  using type = T;
  static constexpr bool optional = false;
};
template <class T>
struct Unwrapped<Rare<T>> {
  using type = T;
  static constexpr bool optional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
  static constexpr bool optional = true;
};

/// A node with no place, as write() makes them.
Node made_node(std::string keyword, std::vector<std::string> values = {});

/// A keyword with a value that is kept in `member`.
template <class S, class Owner, class T, class Codec>
Row<S> field(std::string keyword, T Owner::*member, Codec codec, std::string doc, std::string since = {}) {
  using Kept = typename Unwrapped<T>::type;
  Row<S> row;
  row.keyword = keyword;
  row.doc = std::move(doc);
  row.expects = codec.describe();
  row.form = codec.form();
  row.since = std::move(since);
  row.read = [member, codec](S& owner, const Node& node, Context& context) {
    if (auto value = codec.parse(node, context.diagnostics)) owner.*member = static_cast<Kept>(*std::move(value));
  };
  row.write = [member, codec, keyword = std::move(keyword)](const S& owner, std::vector<Node>& lines) {
    using Given = typename Codec::Value;
    if constexpr (Unwrapped<T>::optional) {
      if (owner.*member) lines.push_back(made_node(keyword, codec.format(static_cast<Given>(*(owner.*member)))));
    } else if constexpr (std::is_same_v<Codec, Flag> || std::is_same_v<Codec, NegativeFlag>) {
      if (owner.*member == std::is_same_v<Codec, Flag>) lines.push_back(made_node(keyword));
    } else if constexpr (requires { (owner.*member).empty(); }) {
      if (!(owner.*member).empty()) lines.push_back(made_node(keyword, codec.format(owner.*member)));
    } else {
      lines.push_back(made_node(keyword, codec.format(static_cast<Given>(owner.*member))));
    }
  };
  return row;
}

/// A keyword that is read and validated but has no effect in this version.
template <class S, class Codec>
Row<S> validated(std::string keyword, Codec codec, std::string doc, std::string since = {}) {
  Row<S> row;
  row.keyword = std::move(keyword);
  row.doc = std::move(doc);
  row.expects = codec.describe();
  row.form = codec.form();
  row.since = std::move(since);
  row.honoured = Honoured::NotYet;
  row.read = [codec](S&, const Node& node, Context& context) { codec.parse(node, context.diagnostics); };
  return row;
}

/// A keyword whose reading is a function of its own.
template <class S>
Row<S> special(std::string keyword, Shape shape, std::function<void(S&, const Node&, Context&)> read,
               std::function<void(const S&, std::vector<Node>&)> write, std::string doc, std::string since = {}) {
  Row<S> row;
  row.keyword = std::move(keyword);
  row.doc = std::move(doc);
  row.expects = std::move(shape.expects);
  row.form = std::move(shape.form);
  row.since = std::move(since);
  row.read = std::move(read);
  row.write = std::move(write);
  return row;
}

/// A value inside a member of the struct: read by `set`, written when `get` gives one.
template <class S, class Codec, class Set, class Get>
Row<S> inside(std::string keyword, Codec codec, Set set, Get get, std::string doc, std::string since) {
  auto read = [codec, set](S& owner, const Node& node, Context& context) {
    if (auto value = codec.parse(node, context.diagnostics)) set(owner, *std::move(value));
  };
  auto write = [codec, get, keyword](const S& owner, std::vector<Node>& lines) {
    if (const auto value = get(owner)) lines.push_back(made_node(keyword, codec.format(*value)));
  };
  return special<S>(keyword, codec, read, write, std::move(doc), std::move(since));
}

template <class S>
Row<S> as_block(Row<S> row) {
  row.block = true;
  return row;
}
template <class S>
Row<S> not_yet(Row<S> row) {
  row.honoured = Honoured::NotYet;
  return row;
}

}  // namespace holdfast::config
