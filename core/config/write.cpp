#include "core/config/write.h"

#include "core/config/schema/schemas.h"

namespace holdfast::config {

Tree write(const Config& config) {
  return Tree{{}, write_lines(root_schema(), config)};
}

}  // namespace holdfast::config
