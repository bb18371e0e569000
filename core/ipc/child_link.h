// A child's side of supervision.proto: says hello, answers pings, carries logs, records and script requests to core, and hands
// what core says to the process. If core dies it keeps what must be said again, or asks the process for it, knocks at the
// rendezvous socket until a new core opens, and reports when nobody came within the grace period.
//
// What it does not do: decide anything about VRRP or checks.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/base/lateness.h"
#include "core/base/name_set.h"
#include "core/ipc/channel.h"
#include "core/log/syslog_sink.h"
#include "core/runtime/event_loop.h"
#include "proto/supervision.pb.h"

namespace holdfast {

class ChildLink {
 public:
  struct Callbacks {
    std::function<void(const proto::Configure&)> on_configure;
    std::function<void(const proto::Records&)> on_past;
    std::function<void()> on_start;
    std::function<void(const proto::Prepare&)> on_prepare;
    std::function<void(std::uint64_t generation)> on_commit;
    std::function<void(std::uint64_t generation)> on_abandon;
    std::function<void(const proto::ScriptResult&)> on_script_result;
    std::function<void(const proto::Dump&)> on_dump;
    /// Only the checker is told.
    std::function<void(const proto::VrrpEvents&)> on_vrrp_events{};
    std::function<void()> on_stop;
    /// A new core knows nothing of us: what is KeptBy::Process is to be said to it, as it is now.
    std::function<void()> on_adopted{};
    /// What a pong tells besides "I am at work".
    std::function<Lateness()> lateness;
    /// Core is gone and no other came within the grace period, or none can come.
    std::function<void()> on_orphaned_too_long;
  };

  /// Who has what a new core must be told: for what is many, a copy here would be one too much.
  enum class KeptBy { Link, Process };

  ChildLink(EventLoop& loop, UniqueFd socket, proto::Role role, Callbacks callbacks);
  ~ChildLink();

  /// From Configure: where to look for a new core, and with what to prove that we belong to it.
  void remember(const proto::Settings& settings);
  void set_grace(Duration grace) { grace_ = grace; }
  /// Of the configuration in force; 0 before the first.
  void set_generation(std::uint64_t generation, std::string digest);

  void ready(std::uint64_t generation);
  void prepared(std::uint64_t generation, bool accepted, const std::vector<std::string>& reasons);
  void stopped();
  /// The answer comes as on_script_result, also when core died meanwhile (as NOT_STARTED).
  void run_script(proto::RunScript request);
  /// A line for the notify fifos (NotifyLine); lost when there is no core.
  void notify(const std::string& subject, const std::string& text);
  /// A mail (Alert). While there is no core the newest few are kept for the next one.
  void alert(const std::string& subject, const std::string& body);
  /// While there is no core nothing of these waits: the next one is told how it is then, and what is no more.
  void upsert_record(const std::string& key, std::string value, KeptBy keeper = KeptBy::Link);
  void erase_record(const std::string& key);
  void bequeath(proto::Bequest bequest, KeptBy keeper = KeptBy::Link);
  void revoke(const std::string& key);
  /// Through core; while there is none, straight to syslog (one datagram that never waits). Bounded: lines that do not fit are
  /// counted and the count is sent with the next that do.
  void log(int priority, std::string text);
  void dump_text(proto::DumpText dump);
  /// Sends what was collected during this turn of the loop as few messages as possible.
  void flush();
  bool orphaned() const { return !channel_; }

 private:
  void attach(UniqueFd socket);
  void on_frame(const std::string& frame);
  void on_close(const std::string& reason);
  void knock();
  void say_hello();
  void say_everything_again();
  /// Core takes in changes: it is there, and was told everything before them.
  bool heard() const { return channel_ && !orphaned_at_; }
  void add_upsert(const std::string& key, const std::string& value);
  void flush_changes();
  void answer_lost_scripts();
  void send(const proto::Envelope& envelope);
  void send_alert(const proto::Alert& alert);

  EventLoop& loop_;
  proto::Role role_;
  Callbacks callbacks_;
  proto::Settings settings_;
  std::uint64_t generation_ = 0;
  std::string digest_;
  Duration grace_ = seconds(30);
  TimePoint started_at_;

  std::unique_ptr<Channel> channel_;
  DeadlineTimer knock_timer_;
  std::optional<TimePoint> orphaned_at_;

  // Everything core must know of us, to be said again to a new core.
  std::map<std::string, std::string> records_;
  std::map<std::string, std::string> bequests_;  ///< packed: a message takes five times the room
  NameSet records_of_process_, bequests_of_process_;
  std::map<std::uint64_t, proto::RunScript> scripts_in_flight_;
  std::deque<proto::Alert> alerts_kept_;
  // Changes of this turn. What is no more waits for the next core, too: the file of records may have told it.
  proto::RecordChanges record_changes_;
  proto::LastWill will_changes_;
  std::set<std::string> erased_, revoked_;
  std::unique_ptr<SyslogSink> syslog_;
  proto::LogLines log_;
  std::size_t log_octets_ = 0;
};

}  // namespace holdfast
