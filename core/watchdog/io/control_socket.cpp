#include "core/watchdog/io/control_socket.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

#include "core/ipc/utf8.h"
#include "core/runtime/socket.h"

namespace holdfast::watchdog {
namespace {

/// Per turn of the loop: a flood of connections must not keep core from its children.
constexpr int kAcceptsPerTurn = 8;
/// The status of 100 000 instances.
constexpr std::size_t kReplyLimit = 64U << 20;
constexpr Duration kListenerRest = seconds(1);

bool may_ask(int fd) {
  const auto peer = peer_credentials(fd);
  return peer && (peer->uid == 0 || peer->uid == geteuid());
}

}  // namespace

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(EventLoop& loop, const std::string& path,
                                                           MakeStatus make_status) {
  auto listener = listen_unix(path, 0600);
  if (!listener) return listener.error();
  return std::unique_ptr<ControlSocket>(new ControlSocket(loop, path, std::move(*listener), std::move(make_status)));
}

ControlSocket::ControlSocket(EventLoop& loop, std::string path, UniqueFd listener, MakeStatus make_status)
    : loop_(loop),
      path_(std::move(path)),
      listener_(std::move(listener)),
      make_status_(std::move(make_status)),
      watch_(loop, listener_.get(), Ready::Read, [this] { accept_clients(); }),
      timer_(loop, [this] { expire(); }) {}

ControlSocket::~ControlSocket() {
  unlink(path_.c_str());
}

void ControlSocket::accept_clients() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    auto socket = accept_connection(listener_.get());
    if (socket) {
      admit(std::move(*socket));
      continue;
    }
    // A listener that cannot be emptied (EMFILE, ENFILE, ENOMEM) would keep the loop spinning.
    if (socket.error().code != EAGAIN && socket.error().code != ECONNABORTED) {
      watch_.set(Ready::None);
      accept_again_at_ = loop_.now() + kListenerRest;
    }
    break;
  }
  arm();
}

void ControlSocket::admit(UniqueFd socket) {
  const bool allowed = may_ask(socket.get());
  Client& client = clients_.emplace_back();
  client.deadline = loop_.now() + kControlPatience;
  Channel::Callbacks callbacks;
  callbacks.on_frame = [this, &client](const std::string& frame) { hear(client, frame); };
  callbacks.on_close = [this, &client](const std::string&) { drop(client); };
  client.channel =
      std::make_unique<Channel>(loop_, std::move(socket), kControlFrameLimit, kReplyLimit, std::move(callbacks));
  if (!allowed) return refuse(client, proto::Refused::NOT_ALLOWED, "only root and the daemon's own user may ask");
  const auto present = std::ranges::count_if(clients_, [](const Client& c) { return c.stage != Stage::Gone; });
  if (static_cast<std::size_t>(present) > kMostControlClients) {
    refuse(client, proto::Refused::TOO_MANY, fmt::format("{} others are connected already", kMostControlClients));
  }
}

void ControlSocket::hear(Client& client, const std::string& frame) {
  if (client.stage != Stage::Asking) return drop(client);
  proto::ControlRequest request;
  if (!request.ParseFromString(frame))
    return refuse(client, proto::Refused::NOT_UNDERSTOOD, "a request that cannot be parsed");
  proto::ControlReply answer;
  switch (request.body_case()) {
    case proto::ControlRequest::kStatus:
      client.stage = Stage::Answered;
      client.deadline = loop_.now() + kControlPatience;
      *answer.mutable_status() = make_status_();
      reply(client, answer);
      return arm();
    case proto::ControlRequest::kWatch:
      client.stage = Stage::Watching;
      answer.mutable_watching()->set_pid(getpid());
      return reply(client, answer);
    default:
      return refuse(client, proto::Refused::NOT_UNDERSTOOD, "a request that this version does not know");
  }
}

void ControlSocket::reply(Client& client, const proto::ControlReply& reply) {
  if (client.channel) {
    proto::ControlReply clean = reply;
    make_utf8(clean);
    client.channel->send(clean.SerializeAsString());
  }
}

void ControlSocket::refuse(Client& client, proto::Refused::Why why, const std::string& text) {
  proto::ControlReply answer;
  answer.mutable_refused()->set_why(why);
  answer.mutable_refused()->set_text(text);
  reply(client, answer);
  drop(client);
}

bool ControlSocket::watched() const {
  return std::ranges::any_of(clients_, [](const Client& c) { return c.stage == Stage::Watching; });
}

void ControlSocket::publish(const proto::Happening& event) {
  if (!watched()) return;
  proto::ControlReply message;
  *message.mutable_event() = event;
  for (Client& client : clients_) {
    if (client.stage != Stage::Watching) continue;
    reply(client, message);
    if (client.stage == Stage::Watching && client.channel->queued() > kWatcherQueueLimit) drop(client);
  }
}

// Its channel may be on the stack above: it is destroyed by the timer, which is due at once.
void ControlSocket::drop(Client& client) {
  client.stage = Stage::Gone;
  client.deadline = loop_.now();
  arm();
}

void ControlSocket::expire() {
  const TimePoint now = loop_.now();
  clients_.remove_if([now](const Client& client) { return client.stage != Stage::Watching && client.deadline <= now; });
  if (accept_again_at_ != TimePoint{} && accept_again_at_ <= now) {
    accept_again_at_ = {};
    watch_.set(Ready::Read);
  }
  arm();
}

void ControlSocket::arm() {
  std::optional<TimePoint> next;
  const auto consider = [&next](TimePoint at) { next = next ? std::min(*next, at) : at; };
  for (const Client& client : clients_) {
    if (client.stage != Stage::Watching) consider(client.deadline);
  }
  if (accept_again_at_ != TimePoint{}) consider(accept_again_at_);
  timer_.arm(next);
}

}  // namespace holdfast::watchdog
