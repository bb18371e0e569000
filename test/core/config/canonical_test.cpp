#include "core/config/canonical.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/core/config/support.h"
#include "test/support/source_folder.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

TEST_CASE("a value that is the built-in default is marked, whoever wrote it") {
  const std::string text = canonical_text(load_text(instance(" priority 100\n advert_int 3")).config);
  CHECK(text.find("    priority 100  # default\n") != std::string::npos);
  CHECK(text.find("    advert_int 3\n") != std::string::npos);
  CHECK(text.find("    virtual_router_id 1\n") != std::string::npos);
  CHECK(text.find("        10.0.0.1") != std::string::npos);
}

TEST_CASE("an empty word that is not the default is written") {
  const Config first = load_text("global_defs {\n vmac_prefix \"\"\n}\n").config;
  CHECK(first.global_defs.vmac_prefix.empty());
  CHECK(load_text(canonical_text(first)).config.global_defs == first.global_defs);
}

TEST_CASE("reading it back gives the same configuration, whatever was read") {
  for (const char* folder : {"test/config", "../shared/corpus/conf"}) {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(fs::path(holdfast::source_folder()) / folder, missing)) {
      if (entry.path().extension() != ".conf") continue;
      std::stringstream file;
      file << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      const Config first = load_text(file.str()).config;
      const std::string text = canonical_text(first);
      INFO(entry.path() << "\n" << text);
      CHECK(canonical_text(load_text(text).config) == text);
    }
  }
}

TEST_CASE("BFD_CHECK is printed back, but not what was wrong with it") {
  const std::string bfd = "bfd_instance b {\n neighbor_ip 10.0.0.9\n}\nbfd_instance c {\n neighbor_ip 10.0.0.8\n}\n";
  const Loaded loaded = load_text(
      bfd +
      "virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 10.0.0.2 80 {\n"
      " BFD_CHECK {\n name b\n alpha\n name c\n }\n BFD_CHECK {\n name b\n }\n BFD_CHECK {\n name c\n }\n }\n}\n");
  CHECK(messages(loaded, Severity::Error).size() == 2);
  const std::string text = canonical_text(loaded.config);
  CHECK(text.find("        BFD_CHECK {\n            name b\n            alpha\n        }\n        BFD_CHECK {\n"
                  "            name c\n        }\n    }\n") != std::string::npos);
  const Loaded again = load_text(text);
  CHECK(again.diagnostics.has(Severity::Warning) == false);
  CHECK(canonical_text(again.config) == text);
}

TEST_CASE("a block's head without its braces reads back as what it was taken for") {
  for (const char* middle :
       {" track_interface\n virtual_routes {\n 10.1.0.0/16\n }\n",
        " virtual_ipaddress_excluded\n track_script {\n s\n }\n",
        " track_process {\n authentication\n track_file\n }\n", " notify_stop\n track_bfd {\n b {\n }\n }\n"}) {
    const Config first = load_text(instance(middle)).config;
    const std::string text = canonical_text(first);
    INFO(text);
    CHECK(canonical_text(load_text(text).config) == text);
    CHECK(load_text(text).config.vrrp_instances.size() == first.vrrp_instances.size());
  }
}

TEST_CASE("an entry that is also the head of a block reads back as the entry") {
  const std::string text = canonical_text(
      load_text("global_defs {\n notification_email {\n a@b vrrp_instance c@d\n }\n}\nvrrp_sync_group G {\n group {\n"
                " A virtual_server\n }\n}\n")
          .config);
  const Loaded again = load_text(text);
  CHECK(again.config.global_defs.mail.recipients == std::vector<std::string>{"a@b", "vrrp_instance", "c@d"});
  CHECK(canonical_text(again.config) == text);
}

TEST_CASE("what is disabled for a wrong line of its own is absent, and so it stays") {
  for (const char* broken :
       {"bfd_instance one {\n neighbor_ip 10.0.0.999\n}\n", "bfd_instance one {\n neighbor_ip 10.0.0.9 {\n }\n}\n",
        "virtual_server 10.0.0.1 80 {\n real_server 10.0.0.2 80 {\n BFD_CHECK {\n name b {\n }\n }\n }\n}\n"}) {
    const std::string text = canonical_text(load_text(broken).config);
    INFO(text);
    CHECK(text.find("bfd_instance") == std::string::npos);
    CHECK(text.find("BFD_CHECK") == std::string::npos);
    CHECK(canonical_text(load_text(text).config) == text);
  }
}
