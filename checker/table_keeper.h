// Joins the reconciler to the kernel: carries out what changed, compares the whole table at start, after a reload, after a
// refusal and every ipvs_reconcile_interval, and logs what it found and healed. Without IPVS in the kernel it says so, and
// tries again now and then: the checks go on, and vrrp with them.
//
// Nothing here keeps the loop from answering core: the table is read beside the loop, and operations go out in slices.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/config/schema/global_defs.h"
#include "core/runtime/background.h"
#include "ipvs_wrapper/logic/reconciler.h"
#include "ipvs_wrapper/ports.h"

namespace holdfast::checker {

class TableKeeper {
 public:
  struct Callbacks {
    std::function<void(int priority, std::string text)> say;
    /// next_deadline() has changed outside a call from the process.
    std::function<void()> rearm;
    /// The services that are wanted stand in the kernel, as far as it takes them; those that are not wanted are still there.
    /// May be told again when nothing has changed.
    std::function<void()> stand{};
    /// The table is compared now.
    std::function<void()> look{};
  };

  /// `reader` is used on another thread, `kernel` never.
  TableKeeper(EventLoop& loop, ipvs::KernelIpvs& kernel, ipvs::KernelIpvs& reader, Callbacks callbacks)
      : kernel_(kernel), reader_(reader), callbacks_(std::move(callbacks)), background_(loop) {}

  /// Before the first service: what a predecessor made is ours, and with `flush` (lvs_flush) nothing else may stay.
  void begin(const std::set<ipvs::ServiceKey>& inherited, bool flush, TimePoint now);
  /// Interval, timeouts: at start and at each reload.
  void configure(const config::GlobalDefs& globals, TimePoint now);
  void set(const ipvs::ServiceKey& key, const ipvs::Service& service) { reconciler_.set(key, service); }
  void remove(const ipvs::ServiceKey& key) { reconciler_.remove(key); }
  void set_sync_daemons(const std::vector<ipvs::SyncDaemon>& daemons);
  /// What was set and removed since the last call reaches the kernel. To be called once at the end of a turn.
  void settle(TimePoint now);
  /// At stop, after the services were removed: everything that is left goes out now; then lvs_flush_on_stop.
  void finish(config::LvsFlushOnStop flush);

  std::optional<TimePoint> next_deadline() const;
  /// To be called when now >= *next_deadline().
  void on_deadline(TimePoint now);

 private:
  bool open(TimePoint now);
  void compare(TimePoint now);
  void compared(const Result<ipvs::Table>& listed);
  void report_findings(const ipvs::Comparison& comparison);
  bool run_slice();
  void send_slice();
  void send(std::size_t end);
  void tell_stand();
  void apply_sync_daemons();
  void schedule(TimePoint now);

  ipvs::KernelIpvs& kernel_;
  ipvs::KernelIpvs& reader_;
  Callbacks callbacks_;
  ipvs::Reconciler reconciler_;
  Background background_;
  /// Services that were changed while the table was being read: what was read of them is old.
  std::set<ipvs::ServiceKey> touched_;
  /// Operations on their way, the next to go, and what was refused so far.
  std::vector<ipvs::Operation> pending_;
  std::size_t sent_ = 0;
  bool stand_told_ = false;     ///< of those on their way
  bool compared_once_ = false;  ///< before that nothing was sent
  std::vector<ipvs::Refusal> refusals_;

  Duration interval_ = seconds(10);
  std::optional<std::vector<ipvs::SyncDaemon>> sync_daemons_;  ///< wanted; nothing: nobody has said yet
  bool open_ = false;
  bool trouble_said_ = false;
  std::optional<TimePoint> next_compare_;
};

}  // namespace holdfast::checker
