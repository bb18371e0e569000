#include "core/config/print.h"

#include "core/config/grammar.h"
#include "core/config/lexer.h"
#include "core/config/packed.h"

namespace holdfast::config {

bool prints_block(const Node& node) {
  return node.block || grammar().opens_block(node.words.front());
}

std::string print_words(const Node& node) {
  const bool script = grammar().holds_script(node.words.front());
  std::string text = quote_plain(node.words.front());
  for (std::size_t i = 1; i < node.words.size(); ++i) {
    text += ' ';
    text += script ? quote_escaped(node.words[i]) : quote_plain(node.words[i]);
  }
  return text;
}

void print(const Node& node, int depth, std::string& text) {
  text.append(static_cast<std::size_t>(depth) * 4, ' ');
  text += print_words(node);
  if (!prints_block(node)) {
    text += '\n';
    return;
  }
  text += " {\n";
  for (const Node& child : node.children) print(child, depth + 1, text);
  text.append(static_cast<std::size_t>(depth) * 4, ' ');
  text += "}\n";
}

std::string print(const Tree& tree) {
  std::string text;
  Unpacker unpacker;
  for (const Node& root : tree.roots) print(unpacker.open(root), 0, text);
  return text;
}

}  // namespace holdfast::config
