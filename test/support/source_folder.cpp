#include "test/support/source_folder.h"

namespace holdfast {

std::string source_folder() {
  return HOLDFAST_SOURCE_DIR;
}

}  // namespace holdfast
