#include "core/log/syslog_sink.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace holdfast {

namespace {

constexpr std::size_t longest_datagram = 8192;

std::string syslog_time(std::int64_t time_us) {
  const time_t seconds = time_us / 1'000'000;
  tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  const std::size_t length = strftime(text, sizeof text, "%b %e %H:%M:%S", &parts);
  return std::string(text, length);
}

void append_printable(std::string& out, const std::string& text) {
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) {
      out += fmt::format("#{:03o}", octet);
    } else {
      out += c;
    }
  }
}

}  // namespace

SyslogSink::SyslogSink(SyslogOptions options) : options_(std::move(options)), queue_(options_.queue) {}

SyslogSink::~SyslogSink() {
  flush();
  disconnect();
}

void SyslogSink::write(const LogLine& line) {
  queue_.push(line);
  flush();
}

void SyslogSink::flush() {
  while (auto line = queue_.pop()) {
    if (send(*line)) continue;
    queue_.put_back(std::move(*line));
    return;
  }
}

bool SyslogSink::send(const LogLine& line) {
  std::string message = syslog_datagram(line, options_.facility);
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (fd_ < 0 && !connect()) return false;
    const std::size_t size = message.size() + (stream_ ? 1 : 0);  // a stream separates lines by NUL
    const ssize_t sent = ::send(fd_, message.c_str(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == static_cast<ssize_t>(size)) return true;
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)) return false;
    disconnect();  // the daemon was restarted, or took half a line from a stream
  }
  return false;
}

bool SyslogSink::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (options_.path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, options_.path.data(), options_.path.size());
  for (const bool stream : {false, true}) {
    fd_ = socket(AF_UNIX, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) return false;
    stream_ = stream;
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    const bool other_type = errno == EPROTOTYPE;
    disconnect();
    if (!other_type) return false;
  }
  return false;
}

void SyslogSink::disconnect() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

std::string syslog_datagram(const LogLine& line, int facility) {
  std::string message = fmt::format("<{}>{} {}[{}]: ", facility * 8 + syslog_severity(line.level),
                                    syslog_time(line.time_us), line.ident, line.pid);
  append_printable(message, line.text);
  if (message.size() > longest_datagram) message.resize(longest_datagram);
  return message;
}

}  // namespace holdfast
