#include "checker/io/stream_probe.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>

#include "checker/io/endpoint_socket.h"

namespace holdfast::checker {

namespace {

// A server that sends without end must not keep the loop from the others.
constexpr int kReadsPerTurn = 8;

bool asks_close_notify(const ProbeSpec& spec) {
  const auto* http = std::get_if<HttpProbe>(&spec.kind);
  return http != nullptr && http->tls && http->url.tls_compliant;
}

void reset_at_close(int fd) {
  const linger at_once{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

StreamProbe::StreamProbe(const ProbeContext& context, std::uint64_t id, const ProbeSpec& spec,
                         std::unique_ptr<StreamConversation> conversation, std::unique_ptr<TlsSession> tls)
    : context_(context),
      id_(id),
      endpoint_(spec.endpoint),
      needs_close_notify_(asks_close_notify(spec)),
      step_(spec.endpoint.connect_timeout),
      deadline_(spec.deadline),
      conversation_(std::move(conversation)),
      tls_(std::move(tls)) {}

StreamProbe::~StreamProbe() {
  watch_.reset();  // before its descriptor
}

std::optional<Verdict> StreamProbe::start(TimePoint now) {
  step_due_ = now + step_;
  total_due_ = now + deadline_;
  Result<UniqueFd> fd = open_endpoint_socket(endpoint_, SOCK_STREAM);
  if (!fd) return Verdict{Failure::LocalError, fd.error().message};
  fd_ = std::move(*fd);
  if (endpoint_.bind_port != 0) reset_at_close(fd_.get());
  const int error = connect_endpoint(fd_.get(), endpoint_);
  if (error == 0) return connected();
  if (error != EINPROGRESS) return connect_verdict(error);
  watch(Ready::Write);
  return {};
}

void StreamProbe::on_ready() {
  if (std::optional<Verdict> verdict = advance()) context_.host.finished(id_, std::move(*verdict));
}

std::optional<Verdict> StreamProbe::advance() {
  if (stage_ == Stage::Connecting) {
    if (const int error = pending_error(fd_.get()); error != 0) return connect_verdict(error);
    return connected();
  }
  if (!output_.empty()) {
    if (auto verdict = flush()) return verdict;
  }
  return receive();
}

std::optional<Verdict> StreamProbe::connected() {
  if (!tls_) {
    stage_ = Stage::Talking;
    if (auto verdict = apply(conversation_->on_connected())) return verdict;
  } else {
    stage_ = Stage::Handshaking;
    if (auto verdict = handshake()) return verdict;
  }
  begin_step();
  watch(output_.empty() ? Ready::Read : Ready::ReadWrite);
  return {};
}

std::optional<Verdict> StreamProbe::receive() {
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const ssize_t size = recv(fd_.get(), context_.buffer.data(), context_.buffer.size(), 0);
    if (size < 0) {
      if (errno == EAGAIN || errno == EINTR) break;
      return broken(errno);
    }
    if (size == 0) return on_end();
    begin_step();
    if (auto verdict = on_octets({context_.buffer.data(), static_cast<std::size_t>(size)})) return verdict;
    if (static_cast<std::size_t>(size) < context_.buffer.size()) break;
  }
  return {};
}

std::optional<Verdict> StreamProbe::on_octets(std::string_view octets) {
  if (!tls_) return apply(conversation_->on_data(octets));
  tls_->feed(octets);
  if (stage_ == Stage::Handshaking) {
    if (auto verdict = handshake()) return verdict;
  }
  return stage_ == Stage::Talking ? read_plaintext() : std::nullopt;
}

std::optional<Verdict> StreamProbe::handshake() {
  const TlsSession::Progress progress = tls_->handshake();
  if (progress == TlsSession::Progress::Done) {
    stage_ = Stage::Talking;
    return apply(conversation_->on_connected());
  }
  output_ += tls_->take_output();  // also the alert that says why we fail
  auto verdict = flush();
  if (progress == TlsSession::Progress::Failed) return tls_->failure();
  return verdict;
}

std::optional<Verdict> StreamProbe::read_plaintext() {
  for (;;) {
    std::size_t size = 0;
    switch (tls_->read(context_.buffer.data(), context_.buffer.size(), size)) {
      case TlsSession::Progress::NeedsMore:
        return {};
      case TlsSession::Progress::Failed:
        return tls_->failure();
      case TlsSession::Progress::Done:
        break;
    }
    Step step = size > 0 ? conversation_->on_data({context_.buffer.data(), size}) : conversation_->on_closed();
    if (auto verdict = apply(std::move(step))) return verdict;
    if (size == 0) return Verdict{Failure::ClosedEarly, {}};
  }
}

// The end of the stream; in TLS one that was not announced.
std::optional<Verdict> StreamProbe::on_end() {
  if (stage_ == Stage::Handshaking) return Verdict{Failure::ClosedEarly, "in the TLS handshake"};
  if (needs_close_notify_) return Verdict{Failure::ClosedEarly, "without TLS close_notify"};
  if (auto verdict = apply(conversation_->on_closed())) return verdict;
  return Verdict{Failure::ClosedEarly, {}};
}

std::optional<Verdict> StreamProbe::apply(Step step) {
  if (tls_) {
    if (!step.send.empty()) tls_->write(step.send);
    if (step.verdict) tls_->close();
    output_ += tls_->take_output();
  } else {
    output_ += step.send;
  }
  auto verdict = flush();
  return step.verdict ? std::move(step.verdict) : verdict;
}

std::optional<Verdict> StreamProbe::flush() {
  while (!output_.empty()) {
    const ssize_t size = send(fd_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size < 0)
      return Verdict{errno == ECONNRESET ? Failure::ConnectionReset : Failure::SendFailed, std::strerror(errno)};
    output_.erase(0, static_cast<std::size_t>(size));
  }
  if (watch_ && stage_ != Stage::Connecting) watch_->set(output_.empty() ? Ready::Read : Ready::ReadWrite);
  return {};
}

Verdict StreamProbe::broken(int error) const {
  if (error == ETIMEDOUT) return {Failure::ReadTimeout, std::strerror(error)};
  if (error == ECONNRESET || error == EPIPE) {
    return {Failure::ConnectionReset, stage_ == Stage::Handshaking ? "in the TLS handshake" : ""};
  }
  return connect_verdict(error);
}

Verdict StreamProbe::on_timeout(TimePoint) {
  if (stage_ == Stage::Connecting) return {Failure::ConnectTimeout, {}};
  if (total_due_ < step_due_) return {Failure::DeadlineExceeded, {}};
  if (stage_ == Stage::Handshaking) return {Failure::ConnectTimeout, "in the TLS handshake"};
  return conversation_->on_timeout();
}

void StreamProbe::begin_step() {
  step_due_ = context_.loop.now() + step_;
}

void StreamProbe::watch(Ready what) {
  if (watch_) {
    watch_->set(what);
  } else {
    watch_ = std::make_unique<FdWatch>(context_.loop, fd_.get(), what, [this] { on_ready(); });
  }
}

}  // namespace holdfast::checker
