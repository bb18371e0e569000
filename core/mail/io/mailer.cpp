#include "core/mail/io/mailer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/ipc/frame.h"
#include "core/mail/io/mail_server.h"
#include "core/mail/logic/smtp_dialog.h"
#include "core/runtime/clock.h"
#include "core/runtime/privileges.h"
#include "core/runtime/signals.h"
#include "core/runtime/users.h"
#include "proto/mail.pb.h"

namespace holdfast::mail {
namespace {

using Report = proto::MailReport;

constexpr std::size_t kJobLimit = 16U << 20;
constexpr const char* kLooking = "looking up the server";
constexpr const char* kConnecting = "connecting";

/// As little as a process can be. Each of these may fail in a container; core is trusted, the server comes later.
void confine() {
  if (geteuid() == 0) {
    const auto nobody = find_user("nobody");
    const uid_t uid = nobody ? nobody->uid : 65534;
    const gid_t gid = nobody ? nobody->gid : 65534;
    if (setgroups(0, nullptr) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) errno = 0;
  }
  const rlimit none{0, 0}, few{32, 32};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_FSIZE, &none);
  setrlimit(RLIMIT_NOFILE, &few);
  std::ignore = keep_capabilities({});
  std::ignore = forbid_exec();
}

class Mailer {
 public:
  explicit Mailer(UniqueFd link) : link_(std::move(link)) {}
  bool read_job();
  /// A little more than the job may take.
  unsigned longest_life_s() const { return static_cast<unsigned>(job_.total_timeout_us() / 1000000) + 2; }
  void run();

 private:
  std::optional<UniqueFd> reach();
  void converse(int fd);
  bool send_all(int fd, std::string_view octets, TimePoint until);
  void take(const SmtpTurn& turn);
  void tell(Report::Kind kind, const std::string& step, const std::string& detail = {}, std::size_t letter = 0,
            const std::string& recipient = {});
  TimePoint step_end() const { return std::min(now() + Duration(job_.step_timeout_us()), end_); }

  UniqueFd link_;
  proto::MailJob job_;
  TimePoint end_{};
};

bool Mailer::read_job() {
  fcntl(link_.get(), F_SETFL, fcntl(link_.get(), F_GETFL) & ~O_NONBLOCK);
  FrameReader reader(kJobLimit);
  std::array<char, 16384> buffer{};
  for (;;) {
    const auto frame = reader.next();
    if (!frame) return false;
    if (*frame) return job_.ParseFromString(**frame) && job_.letters_size() > 0 && job_.recipients_size() > 0;
    const ssize_t count = read(link_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    reader.feed({buffer.data(), static_cast<std::size_t>(count)});
  }
}

void Mailer::tell(Report::Kind kind, const std::string& step, const std::string& detail, std::size_t letter,
                  const std::string& recipient) {
  Report report;
  report.set_kind(kind);
  report.set_step(step);
  report.set_detail(detail);
  report.set_letter(static_cast<std::uint32_t>(letter));
  report.set_recipient(recipient);
  std::string frame;
  append_frame(frame, report.SerializeAsString());
  for (std::size_t at = 0; at < frame.size();) {
    const ssize_t count = write(link_.get(), frame.data() + at, frame.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // core is gone: the letters are delivered all the same
    at += static_cast<std::size_t>(count);
  }
}

void Mailer::run() {
  end_ = now() + Duration(job_.total_timeout_us());
  const auto fd = reach();
  if (fd) converse(fd->get());
}

std::optional<UniqueFd> Mailer::reach() {
  tell(Report::AT, kLooking);
  const auto servers = find_server(job_.server(), static_cast<std::uint16_t>(job_.port()));
  if (!servers) {
    tell(Report::BROKEN, kLooking, servers.error().message);
    return std::nullopt;
  }
  std::string why;
  for (const ServerAddress& server : *servers) {
    tell(Report::AT, kConnecting);
    auto fd = connect_to(server, step_end());
    if (fd) {
      tell(Report::CONNECTED, kConnecting, server.text());
      return std::move(*fd);
    }
    const bool late = fd.error().code == ETIMEDOUT;
    tell(late ? Report::CONNECT_TIMEOUT : Report::CONNECT_ERROR, kConnecting, server.text());
    why = server.text() + ": " + fd.error().message;
    if (now() >= end_) break;
  }
  tell(Report::BROKEN, kConnecting, why);
  return std::nullopt;
}

bool Mailer::send_all(int fd, std::string_view octets, TimePoint until) {
  while (!octets.empty()) {
    const ssize_t count = send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count > 0) {
      octets.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      if (!wait_for(fd, POLLOUT, until)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void Mailer::take(const SmtpTurn& turn) {
  for (const SmtpNews& news : turn.news) {
    const Report::Kind kind = news.kind == SmtpNews::Kind::Sent      ? Report::SENT
                              : news.kind == SmtpNews::Kind::Refused ? Report::REFUSED
                              : news.kind == SmtpNews::Kind::Broken  ? Report::BROKEN
                                                                     : Report::RECIPIENT_REFUSED;
    tell(kind, step_word(news.step), news.detail, news.letter, news.recipient);
  }
}

void Mailer::converse(int fd) {
  SmtpDialog dialog({job_.helo(), job_.sender(), {job_.recipients().begin(), job_.recipients().end()}},
                    {job_.letters().begin(), job_.letters().end()});
  std::array<char, 4096> buffer{};
  TimePoint until = step_end();
  for (;;) {
    if (!wait_for(fd, POLLIN, until)) return take(dialog.on_timeout());
    const ssize_t count = recv(fd, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return take(dialog.on_closed(count == 0 ? "the server closed the connection" : strerror(errno)));
    const SmtpTurn turn = dialog.on_data({buffer.data(), static_cast<std::size_t>(count)});
    take(turn);
    if (turn.over) return;
    if (turn.step_done) {
      until = step_end();
      tell(Report::AT, step_word(dialog.step()));
    }
    if (!send_all(fd, turn.send, until)) return take(dialog.on_closed("the server does not read"));
  }
}

}  // namespace

void run_mailer(UniqueFd link) {
  prctl(PR_SET_NAME, "keepalived");
  ignore_sigpipe();
  Mailer mailer(std::move(link));
  confine();
  if (!mailer.read_job()) _exit(1);
  alarm(mailer.longest_life_s());  // core may be gone, and a look-up has no time limit of ours
  mailer.run();
  _exit(0);  // nothing is left to be tidied up
}

}  // namespace holdfast::mail
