// Runs probes: the real ProbePort. One deadline queue and one timer for all of them, one buffer for what they read, shared
// TLS contexts and compiled patterns. Made by checker/main wiring; its only customer is checker/process. Absent: when a
// check is due (the engine's), how many may run at once (the engine spreads them; a lack of descriptors is a LocalError).
#pragma once

#include <random>
#include <unordered_map>
#include <vector>

#include "checker/io/deadline_queue.h"
#include "checker/io/echo_socket.h"
#include "checker/io/running_probe.h"
#include "checker/io/tls.h"
#include "checker/logic/probes/tools.h"
#include "checker/ports.h"
#include "core/runtime/event_loop.h"

namespace holdfast::checker {

class Probes : public ProbePort, private ProbeHost {
 public:
  Probes(EventLoop& loop, EventSink sink);
  ~Probes() override;

  void start(std::uint64_t id, const ProbeSpec& spec) override;
  void cancel(std::uint64_t id) override;
  Status use_certificates(const config::TlsClient& client) override;
  /// Probes that run, with those whose verdict waits to be told.
  std::size_t running() const { return running_.size(); }

 private:
  struct Entry {
    std::unique_ptr<RunningProbe> probe;
    TimePoint started;
    TimePoint queued;                ///< the deadline under which it is in the queue
    std::optional<Verdict> verdict;  ///< clear already inside start()
  };

  void finished(std::uint64_t id, Verdict verdict) override;
  std::unique_ptr<RunningProbe> make(std::uint64_t id, const ProbeSpec& spec);
  void tell_early_verdicts();
  void on_deadline();
  void arm(std::optional<TimePoint> when);
  bool alive(const QueuedDeadline& entry) const;

  EventLoop& loop_;
  EventSink sink_;
  std::vector<char> buffer_;
  ConversationTools tools_;
  TlsContext tls_;
  std::mt19937_64 random_;
  EchoSockets echo_;
  std::unordered_map<std::uint64_t, Entry> running_;
  std::vector<std::uint64_t> early_;  // ids whose verdict was clear inside start()
  DeadlineQueue deadlines_;
  std::optional<TimePoint>
      armed_;  // of the grid, for the earliest deadline or earlier: may be that of a probe that has ended
  DeadlineTimer deadline_timer_, early_timer_;
};

}  // namespace holdfast::checker
