#include "core/runtime/process_name.h"

#include <sys/prctl.h>

namespace holdfast {

void name_process(const std::string& name) {
  prctl(PR_SET_NAME, name.c_str());
}

}  // namespace holdfast
