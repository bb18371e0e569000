// Lines to the local syslog daemon: one RFC 3164 datagram each to /dev/log, by hand because syslog(3) blocks. While the
// daemon is slow or away lines wait in a bounded queue; what does not fit is counted and reported.
#pragma once

#include <string>

#include "core/log/bounded_queue.h"
#include "core/log/line.h"

namespace holdfast {

struct SyslogOptions {
  int facility = 3;  ///< RFC 3164: 3 = daemon, 1 = user, 16..23 = local0..7
  std::string path = "/dev/log";
  std::size_t queue = 1000;  ///< lines
};

class SyslogSink : public LogSink {
 public:
  explicit SyslogSink(SyslogOptions options);
  ~SyslogSink() override;
  SyslogSink(const SyslogSink&) = delete;
  SyslogSink& operator=(const SyslogSink&) = delete;

  void write(const LogLine& line) override;
  void flush() override;
  std::uint64_t lost() const override { return queue_.lost_in_all(); }

 private:
  bool send(const LogLine& line);
  bool connect();
  void disconnect();

  SyslogOptions options_;
  BoundedLogQueue queue_;
  int fd_ = -1;
  bool stream_ = false;  // some daemons make /dev/log a stream
};

/// "<30>Nov 22 21:17:41 Keepalived_vrrp[123]: text", local time; control characters are escaped as #ooo.
std::string syslog_datagram(const LogLine& line, int facility);

}  // namespace holdfast
