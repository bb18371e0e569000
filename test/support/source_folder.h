// Where the sources of this build lie, for tests that read scenarios and samples. Known to one file alone: were it on the
// command line of every test, none could come from the compiler's cache in another checkout.
#pragma once

#include <string>

namespace holdfast {

/// Absolute, without a slash at the end.
std::string source_folder();

}  // namespace holdfast
