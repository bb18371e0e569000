// Core's side of the link to one child: envelopes become watchdog events, requests for scripts and log lines; what core says
// becomes envelopes. A child that speaks out of turn loses its link.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/ipc/channel.h"
#include "core/watchdog/logic/events.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

class ChildPort {
 public:
  struct Callbacks {
    std::function<void(const Event&)> on_event;
    std::function<void(const proto::RecordChanges&)> on_records;
    std::function<void(const proto::RunScript&)> on_run_script;
    std::function<void(const proto::NotifyLine&)> on_notify_line;
    std::function<void(const proto::Alert&)> on_alert;
    std::function<void(const proto::LogLines&)> on_log;
    std::function<void(const proto::DumpText&)> on_dump;
    std::function<void(const proto::Lateness&)> on_lateness;
  };

  ChildPort(EventLoop& loop, Role role, UniqueFd socket, Callbacks callbacks);

  void send(const proto::Envelope& envelope) { channel_.send(envelope.SerializeAsString()); }
  /// For the configuration, which is serialised once and sent to many.
  void send_serialised(const std::string& envelope) { channel_.send(envelope); }
  void drain() { channel_.drain(); }

 private:
  void on_frame(const std::string& frame);
  void distrust(const std::string& reason);

  Role role_;
  Callbacks callbacks_;
  Channel channel_;
};

}  // namespace holdfast::watchdog
