// What a comparison tells the log: how the kernel's entry differs from what we had made of it. The reconciler calls it for
// each service of ours; nothing here decides what to do about it.
#pragma once

#include <vector>

#include "ipvs_wrapper/logic/reconciler.h"

namespace holdfast::ipvs {

/// `expected`: as we believed it to be; null = not known, then there is nothing to tell. `desired`: a destination that we
/// want and did not expect is no finding. Null pointers: not there. Normal forms.
std::vector<Finding> find_differences(const ServiceKey& key, const Service* expected, const Service* desired,
                                      const Service* listed);

}  // namespace holdfast::ipvs
