// Being on time: real-time priority, nice, processors, locked memory (vrrp_rt_priority, vrrp_priority, vrrp_cpu_affinity,
// vrrp_no_swap). All apply to the calling process.
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace holdfast {

/// Processor time at real-time priority without a pause after which the kernel sends SIGXCPU (RLIMIT_RTTIME); zero = no change.
/// SIGXCPU is blocked: it tells, it does not kill (a hung process is found by core's heartbeat). The kernel raises the limit by
/// a second each time it tells, so whoever wants to hear of the next one sets it again.
Status limit_realtime_burst(Duration cpu_limit);

/// SCHED_RR at `priority` (1..99), with limit_realtime_burst(cpu_limit). Not inherited by fork.
Status set_realtime(int priority, Duration cpu_limit);

/// -20..19.
Status set_nice(int value);

/// Only these processors, counted from 0.
Status set_cpu_affinity(const std::vector<int>& processors);

/// Everything mapped now and later stays in memory, and 64 KiB of stack are touched now.
Status lock_memory();

}  // namespace holdfast
