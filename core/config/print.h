// A tree as canonical text: four blanks a level, one blank between words, quotes only where the lexer needs them.
// Reading the text again gives the same tree up to locations (print_test.cpp). Used by dumps and by messages that show
// a line.
#pragma once

#include <string>

#include "core/config/node.h"

namespace holdfast::config {

std::string print(const Tree& tree);
/// The words of one line, without its block.
std::string print_words(const Node& node);
/// Whether braces must follow. The head of a block that lost its own, and was taken for a line, gets an empty pair: without one the
/// lines after it would be read as its block.
bool prints_block(const Node& node);
/// One node with its block, at a depth.
void print(const Node& node, int depth, std::string& text);

}  // namespace holdfast::config
