// Config → tree through the schema: the opposite of interpret(). For every valid configuration interpret(write(c)) == c
// (write_test.cpp), which is how one test covers every row of every block.
#pragma once

#include "core/config/config.h"
#include "core/config/node.h"

namespace holdfast::config {

Tree write(const Config& config);

}  // namespace holdfast::config
