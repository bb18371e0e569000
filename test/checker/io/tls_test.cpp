#include "checker/io/tls.h"

#include <filesystem>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "test/checker/io/loopback_server.h"
#include "test/checker/io/probe_runner.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::LoopbackServer;
using holdfast::test::ProbeRunner;
using holdfast::test::spec_for;

namespace {

/// A key and a certificate that it signs itself, for the names in `names` ("DNS:a,IP:b").
struct Identity {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  std::string folder;

  explicit Identity(const std::string& names) {
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate, key, EVP_sha256());
    char name[] = "/tmp/tls_test_XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    folder = name;
    FILE* file = fopen((folder + "/c.pem").c_str(), "w");
    PEM_write_X509(file, certificate);
    fclose(file);
    file = fopen((folder + "/k.pem").c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    fclose(file);
  }
  ~Identity() {
    EVP_PKEY_free(key);
    X509_free(certificate);
    std::filesystem::remove_all(folder);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;
};

enum class Ending { CloseNotify, Abrupt };

/// How a TLS server behaves.
struct Behaviour {
  std::string answer = "HTTP/1.0 200 OK\r\n\r\nhello";
  Ending ending = Ending::CloseNotify;
  bool wants_certificate = false;
  int oldest = TLS1_2_VERSION, newest = TLS1_3_VERSION;
};

class TlsServer {
 public:
  TlsServer(const Identity& identity, Behaviour behaviour)
      : behaviour_(std::move(behaviour)), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_, identity.certificate);
    SSL_CTX_use_PrivateKey(context_, identity.key);
    SSL_CTX_set_min_proto_version(context_, behaviour_.oldest);
    SSL_CTX_set_max_proto_version(context_, behaviour_.newest);
    if (behaviour_.newest < TLS1_2_VERSION) SSL_CTX_set_security_level(context_, 0);
    if (behaviour_.wants_certificate) {
      SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                         [](int, X509_STORE_CTX*) { return 1; });
    }
    server_ = std::make_unique<LoopbackServer>([this](int fd) { serve(fd); });
  }
  ~TlsServer() {
    server_.reset();  // ends its thread before the context goes
    SSL_CTX_free(context_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  std::uint16_t port() const { return server_->port(); }
  std::string sni;

 private:
  void serve(int fd) {
    SSL* ssl = SSL_new(context_);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
      const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
      sni = name != nullptr ? name : "";
      char request[4096];
      if (SSL_read(ssl, request, sizeof request) > 0) {
        SSL_write(ssl, behaviour_.answer.data(), static_cast<int>(behaviour_.answer.size()));
        if (behaviour_.ending == Ending::CloseNotify) SSL_shutdown(ssl);
      }
    }
    SSL_free(ssl);
    ERR_clear_error();
  }

  Behaviour behaviour_;
  SSL_CTX* context_;
  std::unique_ptr<LoopbackServer> server_;
};

HttpProbe https() {
  HttpProbe probe;
  probe.tls = true;
  return probe;
}

}  // namespace

TEST_CASE("a TLS server is asked and judged, whatever its certificate") {
  const Identity identity("DNS:real.example");
  TlsServer server(identity, {});
  ProbeRunner runner;
  HttpProbe probe = https();
  CHECK(runner.run(spec_for(probe, server.port())).up());
  CHECK(server.sni.empty());
  probe.sni = "some.example";
  probe.url.regex = config::HttpRegex{};
  probe.url.regex->pattern = "^hello$";
  CHECK(runner.run(spec_for(probe, server.port())).up());
  CHECK(server.sni == "some.example");
  probe.sni = "127.0.0.1";
  CHECK(runner.run(spec_for(probe, server.port())).up());
  CHECK(server.sni.empty());
}

TEST_CASE("an old TLS version will do") {
  const Identity identity("DNS:real.example");
  Behaviour old;
  old.oldest = old.newest = TLS1_VERSION;
  TlsServer server(identity, old);
  CHECK(ProbeRunner().run(spec_for(https(), server.port())).up());
}

TEST_CASE("with tls_verify the certificate must be known and good for the name") {
  const Identity identity("DNS:real.example,IP:127.0.0.1");
  TlsServer server(identity, {});
  ProbeRunner runner;
  HttpProbe probe = https();
  probe.tls_verify = true;
  CHECK(runner.run(spec_for(probe, server.port())).failure == Failure::TlsCertificate);
  REQUIRE(runner.probes.use_certificates({"", identity.folder + "/c.pem", "", ""}));
  CHECK(runner.run(spec_for(probe, server.port())) == Verdict{});
  probe.sni = "real.example";
  CHECK(runner.run(spec_for(probe, server.port())) == Verdict{});
  probe.sni = "other.example";
  CHECK(runner.run(spec_for(probe, server.port())) == Verdict{Failure::TlsCertificate, "hostname mismatch"});
  probe.sni.clear();
  probe.url.virtualhost = "other.example";
  CHECK(runner.run(spec_for(probe, server.port())).failure == Failure::TlsCertificate);
}

TEST_CASE("a server that wants a certificate gets ours, or sends an alert") {
  const Identity identity("DNS:real.example");
  Behaviour strict;
  strict.wants_certificate = true;
  for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    strict.newest = newest;
    TlsServer server(identity, strict);
    ProbeRunner runner;
    CHECK(runner.run(spec_for(https(), server.port())).failure == Failure::TlsAlert);
    REQUIRE(runner.probes.use_certificates({"", "", identity.folder + "/c.pem", identity.folder + "/k.pem"}));
    CHECK(runner.run(spec_for(https(), server.port())) == Verdict{});
  }
}

TEST_CASE("an end without close_notify matters only when asked for") {
  const Identity identity("DNS:real.example");
  Behaviour abrupt;
  abrupt.ending = Ending::Abrupt;
  TlsServer server(identity, abrupt);
  TlsServer polite(identity, {});
  ProbeRunner runner;
  HttpProbe probe = https();
  CHECK(runner.run(spec_for(probe, server.port())).up());
  probe.url.tls_compliant = true;
  CHECK(runner.run(spec_for(probe, server.port())) == Verdict{Failure::ClosedEarly, "without TLS close_notify"});
  CHECK(runner.run(spec_for(probe, polite.port())).up());
}

TEST_CASE("a server that speaks no TLS, or none to us, fails in the handshake") {
  LoopbackServer plain([](int fd) {
    LoopbackServer::write(fd, "HTTP/1.0 400 Bad Request\r\n\r\n");
    LoopbackServer::wait_for_client_to_leave(fd);
  });
  LoopbackServer closing([](int fd) {
    char octets[16];
    (void)recv(fd, octets, sizeof octets, MSG_WAITALL);
    shutdown(fd, SHUT_WR);
    LoopbackServer::wait_for_client_to_leave(fd);
  });
  LoopbackServer silent([](int fd) { LoopbackServer::wait_for_client_to_leave(fd); });
  ProbeRunner runner;
  CHECK(runner.run(spec_for(https(), plain.port())).failure == Failure::TlsHandshake);
  CHECK(runner.run(spec_for(https(), closing.port())) == Verdict{Failure::ClosedEarly, "in the TLS handshake"});
  ProbeSpec spec = spec_for(https(), silent.port());
  spec.endpoint.connect_timeout = milliseconds(50);
  CHECK(runner.run(spec) == Verdict{Failure::ConnectTimeout, "in the TLS handshake"});
}

TEST_CASE("a big body comes through TLS whole") {
  const Identity identity("DNS:real.example");
  Behaviour big;
  big.answer = "HTTP/1.0 200 OK\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x');
  TlsServer server(identity, big);
  HttpProbe probe = https();
  probe.url.digest = std::array<std::uint8_t, 16>{};
  const Verdict verdict = ProbeRunner().run(spec_for(probe, server.port()));
  CHECK(verdict.failure == Failure::HttpDigest);
}
