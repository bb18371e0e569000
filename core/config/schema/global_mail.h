// The rows of global_defs that concern mail; global_defs.cpp puts them with its own.
#pragma once

#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/global_defs.h"

namespace holdfast::config {

std::vector<Row<GlobalDefs>> global_mail_rows();

}  // namespace holdfast::config
