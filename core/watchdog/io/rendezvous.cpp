#include "core/watchdog/io/rendezvous.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/runtime/socket.h"

namespace holdfast::watchdog {
namespace {

constexpr std::size_t kMostCallers = 16;
constexpr Duration kPatience = seconds(2);
constexpr Duration kStarvedPause = milliseconds(100);

/// Compares without telling by its duration how much was right.
bool same_secret(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace

Result<std::unique_ptr<Rendezvous>> Rendezvous::open(EventLoop& loop, const std::string& path, std::string cookie,
                                                     Callbacks callbacks) {
  auto listener = listen_unix(path, 0600);
  if (!listener) return listener.error();
  return std::unique_ptr<Rendezvous>(
      new Rendezvous(loop, path, std::move(*listener), std::move(cookie), std::move(callbacks)));
}

Rendezvous::Rendezvous(EventLoop& loop, std::string path, UniqueFd listener, std::string cookie, Callbacks callbacks)
    : loop_(loop),
      path_(std::move(path)),
      listener_(std::move(listener)),
      cookie_(std::move(cookie)),
      callbacks_(std::move(callbacks)),
      watch_(loop, listener_.get(), Ready::Read, [this] { accept_callers(); }),
      timer_(loop, [this] { expire(); }) {}

Rendezvous::~Rendezvous() {
  unlink(path_.c_str());
}

void Rendezvous::accept_callers() {
  for (;;) {
    auto socket = accept_connection(listener_.get());
    if (!socket) return pause_when_starved(socket.error().code);
    const auto peer = peer_credentials(socket->get());
    if (!peer || peer->uid != 0) {
      callbacks_.on_refused(
          fmt::format("a process of user {} knocked at {}", peer ? static_cast<int>(peer->uid) : -1, path_));
      continue;
    }
    if (callers_.size() >= kMostCallers) {
      callbacks_.on_refused(
          fmt::format("process {} knocked at {} while {} others waited", peer->pid, path_, kMostCallers));
      continue;
    }
    Caller& caller = callers_.emplace_back();
    caller.pid = peer->pid;
    caller.socket = std::move(*socket);
    caller.deadline = loop_.now() + kPatience;
    caller.watch =
        std::make_unique<FdWatch>(loop_, caller.socket.get(), Ready::Read, [this, &caller] { hear(caller); });
    timer_.arm(callers_.front().deadline);
  }
}

void Rendezvous::pause_when_starved(int error) {
  if (error != EMFILE && error != ENFILE && error != ENOMEM && error != ENOBUFS) return;
  // The caller stays in the queue, and would wake the loop again and again.
  watch_.set(Ready::None);
  timer_.arm(loop_.now() + kStarvedPause);
}

void Rendezvous::hear(Caller& caller) {
  std::array<char, 4096> buffer{};
  const ssize_t n = recv(caller.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return refuse(caller, "went away without a word");
  caller.reader.feed({buffer.data(), static_cast<std::size_t>(n)});
  const auto frame = caller.reader.next();
  if (!frame) return refuse(caller, "sent a " + frame.error().message);
  if (*frame) judge(caller, **frame);
}

void Rendezvous::judge(Caller& caller, const std::string& frame) {
  proto::Envelope envelope;
  if (!envelope.ParseFromString(frame) || !envelope.has_hello()) return refuse(caller, "did not begin with a greeting");
  const proto::Hello& hello = envelope.hello();
  if (!same_secret(hello.cookie(), cookie_)) return refuse(caller, "has a wrong cookie");
  if (hello.pid() != caller.pid) return refuse(caller, "says it is another process");
  if (caller.reader.pending() > 0) return refuse(caller, "said more before it was answered");
  caller.watch.reset();
  const pid_t pid = caller.pid;
  UniqueFd socket = std::move(caller.socket);
  forget(caller);
  if (!callbacks_.on_orphan(hello, pid, std::move(socket))) {
    callbacks_.on_refused(fmt::format("process {} is not one we wait for", pid));
  }
}

void Rendezvous::refuse(Caller& caller, std::string reason) {
  const pid_t pid = caller.pid;
  forget(caller);
  callbacks_.on_refused(fmt::format("process {} at {} {}", pid, path_, reason));
}

void Rendezvous::forget(const Caller& caller) {
  callers_.remove_if([&caller](const Caller& c) { return &c == &caller; });
}

void Rendezvous::expire() {
  watch_.set(Ready::Read);
  while (!callers_.empty() && callers_.front().deadline <= loop_.now())
    refuse(callers_.front(), "said nothing for 2 seconds");
  if (!callers_.empty()) timer_.arm(callers_.front().deadline);
}

}  // namespace holdfast::watchdog
