#include "test/core/config/lvs_support.h"

using namespace holdfast::config;

TEST_CASE("the block SSL is read once; a second replaces it") {
  const Loaded loaded = load_text("SSL {\n password p\n ca a\n certificate b\n key c\n}\n");
  CHECK(messages(loaded, Severity::Note).empty());
  CHECK(loaded.config.tls_client == TlsClient{"p", "a", "b", "c"});
  const Loaded twice = load_text("SSL {\n ca a\n key k\n}\nSSL {\n ca b\n}\n");
  CHECK(mentions(twice, "k.conf:5:1: warning: SSL context already specified - replacing"));
  CHECK(twice.config.tls_client == TlsClient{"", "b", "", ""});
  CHECK(mentions(load_text("SSL {\n password\n foo x\n}\n"), "SSL password missing"));
}
