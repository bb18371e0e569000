// Words and braces → Node tree (behaviour.md a.1). Fed line by line by the macro reader; knows no keyword but asks the
// Grammar for the few facts that let it report a missing brace once, where it is missing, and go on as if it stood
// there.
#pragma once

#include <string_view>
#include <vector>

#include "core/config/diagnostic.h"
#include "core/config/grammar.h"
#include "core/config/node.h"

namespace holdfast::config {

/// A line without comment, `include`, condition and definitions. `columns_hold` is false where text was put in from
/// elsewhere: then every word is said to stand at `at`.
struct SourceLine {
  std::string_view text;
  Location at;  ///< of text[0]
  bool columns_hold = true;
};

class Parser {
 public:
  Parser(const Grammar& language, Tree& tree, Diagnostics& diagnostics)
      : language_(language), tree_(tree), diagnostics_(diagnostics) {}

  void line(const SourceLine& line);
  /// At the end of the last file: what is still open is reported.
  void finish();

 private:
  /// An open '{'; `node` is the block that its lines belong to: the one it opened, or, when it opened nothing, the one
  /// around it (null at the root).
  struct Frame {
    Node* node = nullptr;
  };

  void keyword_line(const SourceLine& piece);
  void open_brace(Location at);
  void close_brace(Location at);
  /// The pending keyword, when it had to be followed by '{', is opened as if it had been.
  void settle_pending();
  void close_before_root_keyword(const Node& node);
  void report_missing_ends();
  /// Nothing can be added to it any more.
  void pack_last_root();
  std::vector<Node>& current_children();
  Node* innermost() const { return open_.empty() ? nullptr : open_.back().node; }

  const Grammar& language_;
  Tree& tree_;
  Diagnostics& diagnostics_;
  std::vector<Frame> open_;
  Node* pending_ = nullptr;  ///< last keyword line, as long as a '{' may still follow
};

}  // namespace holdfast::config
