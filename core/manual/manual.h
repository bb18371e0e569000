// Texts made of the catalogue and of the programs' --help: the reference page, the man page, bash completion. Pure;
// holdfast_manual (core/manual_main.cpp) writes them into the tree, and a test fails when they differ from it.
#pragma once

#include <string>
#include <vector>

#include "core/config/catalogue.h"

namespace holdfast::manual {

/// docs/reference/keepalived.conf.md.
std::string reference(const std::vector<config::CatalogueBlock>& blocks);
/// keepalived.conf.5, in man(7).
std::string man_page(const std::vector<config::CatalogueBlock>& blocks);

/// One command of a program, "" for the program itself, with what its --help prints.
struct Help {
  std::string command, text;
};
/// bash completion of a program.
std::string completion(const std::string& program, const std::vector<Help>& helps);
/// The names under "Subcommands:" of a --help.
std::vector<std::string> subcommands(const std::string& help);

}  // namespace holdfast::manual
