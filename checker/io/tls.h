// TLS of SSL_GET, the only file that sees libssl. A session is handed ciphertext and gives ciphertext back: it knows no
// socket. Without tls_verify anything that speaks TLS 1.0 or later will do, as the connection proves nothing but that the
// server answers (keepalived verifies nothing either, behaviour.md e.4); with it the certificate must be good for the name.
// Used by checker/io/stream_probe. Absent: session resumption (each check shall see a whole handshake).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "checker/logic/probe.h"
#include "core/base/result.h"
#include "core/config/schema/check.h"

struct ssl_ctx_st;

namespace holdfast::checker {

/// What all sessions share: our certificate and the authorities that are trusted. Made when the first session wants them: the
/// system's authorities take longer to read than a start may last.
class TlsContext {
 public:
  TlsContext();
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// For sessions that begin from now on. The first error is told; what could be read is used.
  Status use(const config::TlsClient& client);

 private:
  friend class TlsSession;
  ssl_ctx_st* context(bool verify) const;

  config::TlsClient client_;
  mutable ssl_ctx_st* lenient_ = nullptr;  // for sessions that do not verify
  mutable ssl_ctx_st* strict_ = nullptr;
};

struct TlsOptions {
  std::string sni;  ///< "" = none; an address is not sent (RFC 6066 §3)
  bool verify = false;
  std::string name;  ///< host name or address that the certificate must be good for, when `verify`
};

class TlsSession {
 public:
  TlsSession(const TlsContext& context, const TlsOptions& options);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  enum class Progress : std::uint8_t { NeedsMore, Done, Failed };

  /// Ciphertext from the peer.
  void feed(std::string_view octets);
  /// Goes on with the handshake. Failed: see failure().
  Progress handshake();
  /// Plaintext into `buffer`. Done: `size` octets, 0 when the peer has closed in order (close_notify).
  Progress read(char* buffer, std::size_t capacity, std::size_t& size);
  /// Only after the handshake.
  void write(std::string_view octets);
  /// Says goodbye (close_notify).
  void close();
  /// Ciphertext for the peer.
  std::string take_output();
  const Verdict& failure() const { return failure_; }

 private:
  struct Impl;

  Progress judge(int result);

  std::unique_ptr<Impl> impl_;
  bool verify_ = false;
  Verdict failure_;
};

}  // namespace holdfast::checker
