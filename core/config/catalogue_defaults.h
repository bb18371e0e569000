// What counts without a keyword, where write() of a default value cannot say it: values that come from another block, from
// the machine, or that no process uses yet. For the catalogue only.
#pragma once

#include <string_view>

namespace holdfast::config {

/// "" = nothing is known. `block` is the last part of the path ("HTTP_GET").
std::string_view stated_default(std::string_view block, std::string_view keyword);

}  // namespace holdfast::config
