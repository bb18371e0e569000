// `key N file:PATH` of auth_hmac becomes `key N hex:…` in the tree, before anything interprets it: a child gets the tree and
// may not read files. Called by load(). Absent: what a key must be (schema/authentication.cpp).
#pragma once

#include "core/config/diagnostic.h"
#include "core/config/node.h"
#include "core/config/source.h"

namespace holdfast::config {

/// The octets of each file, without one newline at the end. A file that cannot be read, or is longer than any key, is
/// reported and its line left as it is.
void resolve_key_files(const FileSystem& files, Tree& tree, Diagnostics& diagnostics);

}  // namespace holdfast::config
