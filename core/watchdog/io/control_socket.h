// Where an operator asks: control.sock in the run directory. A caller is heard if it is root or the daemon's own user
// (SO_PEERCRED), says one request within two seconds, and then gets its answer, or events until it goes away. Whatever
// it does otherwise (garbage, silence, not reading, a thousand connections) costs it its connection and core nothing.
//
// Absent: what a status is made of (status.h), what is an event (news.h).
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "core/ipc/channel.h"
#include "core/runtime/event_loop.h"
#include "proto/control.pb.h"

namespace holdfast::watchdog {

/// Connections at a time; more are refused.
inline constexpr std::size_t kMostControlClients = 32;
/// From the connection to the whole request, and from the answer to its having been read.
inline constexpr Duration kControlPatience = seconds(2);
/// Octets of events that may wait for a watcher to read them (beyond those in the socket's own buffer).
inline constexpr std::size_t kWatcherQueueLimit = 256U << 10;

class ControlSocket {
 public:
  using MakeStatus = std::function<proto::DaemonStatus()>;

  /// `make_status` is called inside the loop, once per request.
  static Result<std::unique_ptr<ControlSocket>> open(EventLoop& loop, const std::string& path, MakeStatus make_status);
  ~ControlSocket();

  /// Somebody watches: without that an event need not be made.
  bool watched() const;
  void publish(const proto::Happening& event);
  std::size_t clients() const { return clients_.size(); }

 private:
  enum class Stage : std::uint8_t { Asking, Watching, Answered, Gone };
  struct Client {
    Stage stage = Stage::Asking;
    TimePoint deadline{};
    std::unique_ptr<Channel> channel;
  };

  ControlSocket(EventLoop& loop, std::string path, UniqueFd listener, MakeStatus make_status);
  void accept_clients();
  void admit(UniqueFd socket);
  void hear(Client& client, const std::string& frame);
  void reply(Client& client, const proto::ControlReply& reply);
  void refuse(Client& client, proto::Refused::Why why, const std::string& text);
  void drop(Client& client);
  void expire();
  void arm();

  EventLoop& loop_;
  std::string path_;
  UniqueFd listener_;
  MakeStatus make_status_;
  FdWatch watch_;
  DeadlineTimer timer_;
  TimePoint accept_again_at_{};  ///< out of descriptors: the listener rests until then; epoch = it does not
  /// Those that are Gone are swept from the loop, never inside their own callbacks.
  std::list<Client> clients_;
};

}  // namespace holdfast::watchdog
