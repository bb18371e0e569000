// A notify_fifo (behaviour.md d.12, f.4): a named pipe to which every change of state goes as a line, and the program that reads
// it, if the configuration names one. Writing never waits. While the pipe is full, the newest line of each subject is kept, in
// the order of the changes, and written when there is room again (keepalived drops what does not fit).
//
// Core owns one for each of notify_fifo, vrrp_notify_fifo, lvs_notify_fifo and hands it the children's lines. Absent: what the
// lines say.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/config/schema/global_defs.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/io/script_host.h"

namespace holdfast::watchdog {

class NotifyPipe {
 public:
  using Log = std::function<void(std::string)>;

  NotifyPipe(EventLoop& loop, ScriptHost& scripts, Log log);
  /// Nothing happens when `next` is what it is already. A pipe that is absent is made, mode 0644, and removed by close().
  void configure(const config::NotifyFifo& next);
  /// `line` without its end; a line that holds control characters, or is longer than 4000 octets, is dropped with a log line.
  void write(const std::string& subject, const std::string& line);
  /// Ends the reader and removes the pipe if it was made here.
  void close();

 private:
  struct Pending {
    std::string subject, line;
  };
  void open();
  void start_reader();
  void keep(const std::string& subject, std::string line);
  void work_off();

  EventLoop& loop_;
  ScriptHost& scripts_;
  Log log_;
  config::NotifyFifo settings_;
  UniqueFd fd_;
  std::unique_ptr<FdWatch> writable_;
  DeadlineTimer restart_;
  std::optional<ScriptRunner::Id> reader_;
  std::uint64_t readers_ = 0;  ///< how many were started: what an older one says is void
  bool made_ = false;
  bool full_ = false;  ///< said, and writable_ waits
  std::list<Pending> pending_;
  std::unordered_map<std::string, std::list<Pending>::iterator> pending_of_;
};

}  // namespace holdfast::watchdog
