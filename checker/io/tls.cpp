#include "checker/io/tls.h"

#include <algorithm>
#include <climits>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <utility>
#include <vector>

#include "core/base/assert.h"
#include "core/base/ip_address.h"

namespace holdfast::checker {

namespace {

int answer_password(char* buffer, int capacity, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  const int size = std::min(capacity, static_cast<int>(text.size()));
  std::copy_n(text.data(), size, buffer);
  return size;
}

std::string newest_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  std::string text = reason != nullptr ? reason : "OpenSSL error " + std::to_string(code);
  ERR_clear_error();
  return text;
}

SSL_CTX* new_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  ASSERT(context != nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return context;
}

/// Old servers are served too: this is no channel for secrets.
SSL_CTX* new_lenient_context() {
  SSL_CTX* context = new_context();
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_cipher_list(context, "ALL:!aNULL:!eNULL:@SECLEVEL=0");
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  return context;
}

SSL_CTX* new_strict_context() {
  SSL_CTX* context = new_context();
  SSL_CTX_set_default_verify_paths(context);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return context;
}

/// Errors are added to `errors`, with the name of the file.
void load(SSL_CTX* context, const config::TlsClient& client, std::vector<std::string>& errors) {
  const auto note = [&errors](bool worked, const std::string& file) {
    if (!worked) errors.push_back(file + ": " + newest_error());
  };
  ERR_clear_error();
  std::string password = client.password;
  SSL_CTX_set_default_passwd_cb(context, answer_password);
  SSL_CTX_set_default_passwd_cb_userdata(context, &password);
  if (!client.ca.empty()) note(SSL_CTX_load_verify_file(context, client.ca.c_str()) == 1, client.ca);
  if (!client.certificate.empty()) {
    note(SSL_CTX_use_certificate_chain_file(context, client.certificate.c_str()) == 1, client.certificate);
  }
  if (!client.key.empty()) {
    note(SSL_CTX_use_PrivateKey_file(context, client.key.c_str(), SSL_FILETYPE_PEM) == 1, client.key);
  }
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
}

void demand_certificate(SSL* ssl, const std::string& name) {
  X509_VERIFY_PARAM* rules = SSL_get0_param(ssl);
  const bool set = IpAddress::parse(name) ? X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1
                                          : SSL_set1_host(ssl, name.c_str()) == 1;
  ASSERT(set || name.empty());
}

}  // namespace

TlsContext::TlsContext() = default;

TlsContext::~TlsContext() {
  SSL_CTX_free(lenient_);
  SSL_CTX_free(strict_);
}

Status TlsContext::use(const config::TlsClient& client) {
  client_ = client;
  SSL_CTX_free(std::exchange(strict_, nullptr));
  SSL_CTX_free(std::exchange(lenient_, nullptr));
  if (client == config::TlsClient{}) return success();
  std::vector<std::string> errors;
  lenient_ = new_lenient_context();
  load(lenient_, client_, errors);
  if (errors.empty()) return success();
  return Error{errors.front(), 0};
}

ssl_ctx_st* TlsContext::context(bool verify) const {
  ssl_ctx_st*& wanted = verify ? strict_ : lenient_;
  if (wanted == nullptr) {
    wanted = verify ? new_strict_context() : new_lenient_context();
    std::vector<std::string> told;  // by use() already
    load(wanted, client_, told);
  }
  return wanted;
}

struct TlsSession::Impl {
  SSL* ssl = nullptr;
  BIO* in = nullptr;  // both belong to ssl
  BIO* out = nullptr;
  ~Impl() { SSL_free(ssl); }
};

TlsSession::TlsSession(const TlsContext& context, const TlsOptions& options)
    : impl_(std::make_unique<Impl>()), verify_(options.verify) {
  impl_->ssl = SSL_new(context.context(options.verify));
  impl_->in = BIO_new(BIO_s_mem());
  impl_->out = BIO_new(BIO_s_mem());
  ASSERT(impl_->ssl != nullptr && impl_->in != nullptr && impl_->out != nullptr);
  SSL_set_bio(impl_->ssl, impl_->in, impl_->out);
  SSL_set_connect_state(impl_->ssl);
  if (!options.sni.empty() && !IpAddress::parse(options.sni)) {
    SSL_set_tlsext_host_name(impl_->ssl, options.sni.c_str());
  }
  if (verify_) demand_certificate(impl_->ssl, options.name);
}

TlsSession::~TlsSession() = default;

void TlsSession::feed(std::string_view octets) {
  BIO_write(impl_->in, octets.data(), static_cast<int>(std::min<std::size_t>(octets.size(), INT_MAX)));
}

TlsSession::Progress TlsSession::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(impl_->ssl);
  return result == 1 ? Progress::Done : judge(result);
}

TlsSession::Progress TlsSession::read(char* buffer, std::size_t capacity, std::size_t& size) {
  ERR_clear_error();
  size = 0;
  const int result = SSL_read_ex(impl_->ssl, buffer, capacity, &size);
  if (result == 1) return Progress::Done;
  if (SSL_get_error(impl_->ssl, result) == SSL_ERROR_ZERO_RETURN) return Progress::Done;
  return judge(result);
}

TlsSession::Progress TlsSession::judge(int result) {
  const int error = SSL_get_error(impl_->ssl, result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Progress::NeedsMore;
  const unsigned long code = ERR_peek_last_error();
  const int reason = ERR_GET_REASON(code);
  const long certificate = SSL_get_verify_result(impl_->ssl);
  if (verify_ && reason == SSL_R_CERTIFICATE_VERIFY_FAILED && certificate != X509_V_OK) {
    failure_ = {Failure::TlsCertificate, X509_verify_cert_error_string(certificate)};
    ERR_clear_error();
  } else {
    const bool alert = ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET;
    failure_ = {alert ? Failure::TlsAlert : Failure::TlsHandshake, newest_error()};
  }
  return Progress::Failed;
}

void TlsSession::write(std::string_view octets) {
  ERR_clear_error();
  std::size_t written = 0;
  SSL_write_ex(impl_->ssl, octets.data(), octets.size(), &written);
}

void TlsSession::close() {
  ERR_clear_error();
  if (SSL_is_init_finished(impl_->ssl) != 0) SSL_shutdown(impl_->ssl);
  ERR_clear_error();
}

std::string TlsSession::take_output() {
  std::string octets(BIO_ctrl_pending(impl_->out), '\0');
  if (!octets.empty()) BIO_read(impl_->out, octets.data(), static_cast<int>(octets.size()));
  return octets;
}

}  // namespace holdfast::checker
