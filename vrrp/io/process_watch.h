// Counts the processes that vrrp_track_process means, on the thread of a SideLoop: the kernel's events where they are given
// (process_events.h), and a look through /proc at the start, when events were lost, now and then to be sure, and, where there
// are no events (a container, a network namespace of its own), again and again. How often depends on how long one takes, so
// that it never costs more than a small part of a processor. Absent: which process matches (process_census.h), the quorum.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/event_loop.h"
#include "vrrp/io/process_events.h"
#include "vrrp/logic/process_census.h"

namespace holdfast::vrrp {

class ProcessWatch {
 public:
  using Sink = std::function<void(const ProcessesCounted&)>;
  using Note = std::function<void(const std::string& line)>;

  /// `proc`: where the file system of the processes stands.
  ProcessWatch(EventLoop& loop, Sink sink, Note note, std::string proc = "/proc");

  /// Instead of what was wanted before; each count is told before this returns. An empty list ends it.
  void want(std::vector<config::TrackProcess> processes, const EventBuffer& buffer);

 private:
  void subscribe(const EventBuffer& buffer);
  void on_events();
  void take(const ProcessEvent& event);
  void scan();
  void look_at(std::int32_t process);
  void tell();
  void arm();

  EventLoop& loop_;
  Sink sink_;
  Note note_;
  std::string proc_;
  ProcessCensus census_;
  bool wanting_ = false;
  std::optional<ProcessEventSocket> events_;
  std::unique_ptr<FdWatch> watch_;
  bool confirmed_ = false;  ///< the kernel gives events
  bool asked_ = false;
  bool lost_ = false;  ///< some events: what is known may be wrong
  TimePoint last_scan_at_{};
  Duration last_scan_took_{};
  DeadlineTimer next_scan_;
};

}  // namespace holdfast::vrrp
