// One TCP connection, plain or TLS, and the conversation over it: TCP_CHECK, HTTP_GET, SSL_GET, SMTP_CHECK. Each step
// (connecting, each wait for octets) has the endpoint's connect_timeout, the whole has the spec's deadline. The connection is
// closed in order, as keepalived does, so that servers do not log a reset; with bind_port it is reset instead: the port
// would be taken for a minute otherwise. Made by checker/io/probe_port.
#pragma once

#include <memory>
#include <string>

#include "checker/io/running_probe.h"
#include "checker/io/tls.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::checker {

class StreamProbe : public RunningProbe {
 public:
  /// `tls` is null for a plain connection.
  StreamProbe(const ProbeContext& context, std::uint64_t id, const ProbeSpec& spec,
              std::unique_ptr<StreamConversation> conversation, std::unique_ptr<TlsSession> tls);
  ~StreamProbe() override;

  std::optional<Verdict> start(TimePoint now) override;
  TimePoint due() const override { return std::min(step_due_, total_due_); }
  Verdict on_timeout(TimePoint now) override;

 private:
  enum class Stage : std::uint8_t { Connecting, Handshaking, Talking };

  void on_ready();
  std::optional<Verdict> advance();
  std::optional<Verdict> connected();
  std::optional<Verdict> receive();
  std::optional<Verdict> on_octets(std::string_view octets);
  std::optional<Verdict> handshake();
  std::optional<Verdict> read_plaintext();
  std::optional<Verdict> on_end();
  std::optional<Verdict> apply(Step step);
  std::optional<Verdict> flush();
  Verdict broken(int error) const;
  void begin_step();
  void watch(Ready what);

  ProbeContext context_;
  std::uint64_t id_;
  config::CheckEndpoint endpoint_;
  bool needs_close_notify_;  // tls_compliant
  Duration step_;
  Duration deadline_;
  TimePoint step_due_, total_due_;
  Stage stage_ = Stage::Connecting;
  std::unique_ptr<StreamConversation> conversation_;
  std::unique_ptr<TlsSession> tls_;
  std::string output_;
  UniqueFd fd_;
  std::unique_ptr<FdWatch> watch_;
};

}  // namespace holdfast::checker
