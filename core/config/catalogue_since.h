// Since which release a block has a keyword that it shares with other blocks, where that is not the release that the shared
// row says (keywords.tsv). Data for the catalogue.
#pragma once

#include <string_view>

namespace holdfast::config {

/// `block`: its own keyword. "" = the row says it.
std::string_view stated_since(std::string_view block, std::string_view keyword);

}  // namespace holdfast::config
