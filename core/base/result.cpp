#include "core/base/result.h"

#include <cstring>

namespace holdfast {

Error system_error(std::string what, int code) {
  what += ": ";
  what += std::strerror(code);
  return {std::move(what), code};
}

}  // namespace holdfast
