#include "core/config/canonical.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/core/config/support.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

TEST_CASE("a value that is the built-in default is marked, whoever wrote it") {
  const std::string text = canonical_text(load_text(instance(" priority 100\n advert_int 3")).config);
  CHECK(text.find("    priority 100  # default\n") != std::string::npos);
  CHECK(text.find("    advert_int 3\n") != std::string::npos);
  CHECK(text.find("    virtual_router_id 1\n") != std::string::npos);
  CHECK(text.find("        10.0.0.1") != std::string::npos);
}

TEST_CASE("reading it back gives the same configuration, whatever was read") {
  for (const char* folder : {"test/config", "../shared/corpus/conf"}) {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(fs::path(HOLDFAST_SOURCE_DIR) / folder, missing)) {
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
