// The fake is shared with other test programs and belongs to no library: each program that uses it compiles it.
#include "test/support/fake_kernel_ipvs.cpp"  // NOLINT(bugprone-suspicious-include)
