#include "core/config/parser.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/config/lexer.h"
#include "core/config/packed.h"

namespace holdfast::config {

namespace {

/// The deepest real block is at 6; recursion over a tree relies on a limit.
constexpr std::size_t kDeepestNesting = 64;

constexpr std::size_t kUsualLines = 4;  // of a block, at the least

/// The next brace outside double quotes, or npos.
std::size_t next_brace(std::string_view text, std::size_t from) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && (text[at] == '{' || text[at] == '}')) return at;
  }
  return std::string_view::npos;
}

Location moved(const SourceLine& line, std::size_t offset) {
  Location at = line.at;
  if (line.columns_hold) at.column = static_cast<std::uint16_t>(std::min<std::size_t>(at.column + offset, 0xffff));
  return at;
}

Words split(const Grammar& language, std::string_view text) {
  Words plain = split_line(text);
  if (plain.words.empty() || !language.holds_script(plain.words.front())) return plain;
  const std::size_t value_at = plain.offsets.front() + plain.words.front().size();
  Words script = split_quoted_escaped(text, value_at);
  script.words.insert(script.words.begin(), plain.words.front());
  script.offsets.insert(script.offsets.begin(), plain.offsets.front());
  return script;
}

}  // namespace

void Parser::line(const SourceLine& line) {
  std::size_t at = 0;
  while (at < line.text.size()) {
    const std::size_t brace = next_brace(line.text, at);
    const std::string_view piece = line.text.substr(at, brace == std::string_view::npos ? brace : brace - at);
    if (skip_blanks(piece) < piece.size()) {
      keyword_line({piece, moved(line, at), line.columns_hold});
    }
    if (brace == std::string_view::npos) return;
    if (line.text[brace] == '{') {
      open_brace(moved(line, brace));
    } else {
      close_brace(moved(line, brace));
    }
    at = brace + 1;
  }
}

void Parser::keyword_line(const SourceLine& piece) {
  settle_pending();
  Words words = split(language_, piece.text);
  if (words.unterminated) {
    diagnostics_.error(moved(piece, words.quote_at), "Unmatched quote", "a closing quote on the same line");
    return;
  }
  if (words.words.empty()) return;
  Node node;
  node.at = moved(piece, words.offsets.front());
  node.columns.reserve(words.offsets.size());
  for (const std::size_t offset : words.offsets) node.columns.push_back(moved(piece, offset).column);
  node.words = std::move(words.words);
  close_before_root_keyword(node);
  if (open_.empty()) pack_last_root();
  std::vector<Node>& children = current_children();
  if (children.capacity() == 0) children.reserve(kUsualLines);
  children.push_back(std::move(node));
  pending_ = &children.back();
}

void Parser::close_before_root_keyword(const Node& node) {
  if (open_.empty() || !language_.only_at_root(node.words.front())) return;
  const Node* inner = innermost();
  if (inner != nullptr) {
    diagnostics_.error(node.at, fmt::format("Missing '}}' before '{}'", node.words.front()),
                       fmt::format("the end of '{}', opened on line {}", inner->words.front(), inner->at.line));
  }
  open_.clear();
}

void Parser::open_brace(Location at) {
  if (pending_ == nullptr) {
    diagnostics_.error(at, "Unexpected '{' - ignoring", "a keyword that opens a block before it");
    open_.push_back({innermost()});
    return;
  }
  pending_->block = true;
  if (open_.size() == kDeepestNesting) {
    diagnostics_.error(at, fmt::format("Blocks are nested deeper than {}", kDeepestNesting));
  }
  open_.push_back({open_.size() < kDeepestNesting ? pending_ : innermost()});
  pending_ = nullptr;
}

void Parser::close_brace(Location at) {
  settle_pending();
  pending_ = nullptr;
  if (open_.empty()) {
    diagnostics_.error(at, "Extra '}' found", "as many '}' as '{'");
    return;
  }
  open_.pop_back();
}

void Parser::settle_pending() {
  if (pending_ != nullptr && language_.opens_block(pending_->words.front())) {
    diagnostics_.error(pending_->at, "Missing '{' at beginning of configuration block",
                       fmt::format("'{{' after '{}'", pending_->words.front()));
    pending_->block = true;
    open_.push_back({pending_});
  }
  pending_ = nullptr;
}

void Parser::pack_last_root() {
  if (tree_.roots.empty()) return;
  Node& last = tree_.roots.back();
  if (language_.keeps_packed(last.words.front())) pack(last);
}

void Parser::finish() {
  settle_pending();
  report_missing_ends();
  pack_last_root();
}

void Parser::report_missing_ends() {
  if (open_.empty()) return;
  const Node* inner = innermost();
  const std::string blocks = inner == nullptr ? "'}'" : fmt::format("'}}' for '{}'", inner->words.front());
  diagnostics_.error(inner == nullptr ? Location{} : inner->at,
                     fmt::format("There are {} missing '}}'s or extra '{{'s", open_.size()), blocks);
  open_.clear();
}

std::vector<Node>& Parser::current_children() {
  Node* block = innermost();
  return block == nullptr ? tree_.roots : block->children;
}

}  // namespace holdfast::config
