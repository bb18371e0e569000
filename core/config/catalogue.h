// Every block of the language with its rows, without their types: what the manual, the completion and the comparison with
// keepalived's list read. Made of the tables of schema/ at each call; nothing is said here that they do not say. Paths are
// those of blocks in blocks ("virtual_server/real_server/HTTP_GET/url"; "(root)"), or the name of a kind of line that has
// no keyword of its own ("route_entry").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/schema.h"

namespace holdfast::config {

struct CatalogueBlock {
  std::string path, doc;
  std::vector<RowInfo> rows;  ///< `otherwise` is filled in: what counts without the keyword; "" in lists of lines

  const RowInfo* find(std::string_view keyword) const;
};

std::vector<CatalogueBlock> catalogue();

}  // namespace holdfast::config
