// config::Tree ↔ config_tree.proto.
#pragma once

#include "core/base/result.h"
#include "core/config/node.h"
#include "proto/config_tree.pb.h"

namespace holdfast {

void to_wire(const config::Tree& tree, proto::ConfigTree& wire);
/// Error for a tree that cannot have come from a parser: a node without words, or deeper than 64 blocks.
Result<config::Tree> from_wire(const proto::ConfigTree& wire);

}  // namespace holdfast
