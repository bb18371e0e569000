// A probe under way, and what it is given: made, timed and destroyed by checker/io/probe_port.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/logic/probe.h"
#include "core/runtime/event_loop.h"

namespace holdfast::checker {

/// Who waits for the end of probes.
class ProbeHost {
 public:
  virtual ~ProbeHost() = default;
  /// The last thing a probe does: it is destroyed inside this call.
  virtual void finished(std::uint64_t id, Verdict verdict) = 0;
};

struct ProbeContext {
  EventLoop& loop;
  ProbeHost& host;
  std::vector<char>& buffer;  ///< for what is being read, shared by all probes
};

class RunningProbe {
 public:
  virtual ~RunningProbe() = default;
  /// A verdict when it is clear at once; the host is not called then.
  virtual std::optional<Verdict> start(TimePoint now) = 0;
  /// Until when the host shall leave it alone. It never becomes earlier.
  virtual TimePoint due() const = 0;
  virtual Verdict on_timeout(TimePoint now) = 0;
};

}  // namespace holdfast::checker
