// Where orphans find a new core: a Unix socket in the run directory. A caller is heard only if it is root (SO_PEERCRED), and
// only until its first message, which must be a Hello with the right cookie within two seconds.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "core/ipc/channel.h"
#include "core/runtime/event_loop.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

class Rendezvous {
 public:
  struct Callbacks {
    /// Takes the connection over when it returns true.
    std::function<bool(const proto::Hello& hello, pid_t pid, UniqueFd socket)> on_orphan;
    std::function<void(std::string reason)> on_refused;
  };

  static Result<std::unique_ptr<Rendezvous>> open(EventLoop& loop, const std::string& path, std::string cookie,
                                                  Callbacks callbacks);
  ~Rendezvous();

 private:
  struct Caller {
    pid_t pid = 0;
    UniqueFd socket;
    FrameReader reader{kControlFrameLimit};
    std::unique_ptr<FdWatch> watch;
    TimePoint deadline{};
  };

  Rendezvous(EventLoop& loop, std::string path, UniqueFd listener, std::string cookie, Callbacks callbacks);
  void accept_callers();
  void pause_when_starved(int error);
  void hear(Caller& caller);
  void judge(Caller& caller, const std::string& frame);
  void refuse(Caller& caller, std::string reason);
  void forget(const Caller& caller);
  void expire();

  EventLoop& loop_;
  std::string path_;
  UniqueFd listener_;
  std::string cookie_;
  Callbacks callbacks_;
  FdWatch watch_;
  DeadlineTimer timer_;
  std::list<Caller> callers_;
};

}  // namespace holdfast::watchdog
