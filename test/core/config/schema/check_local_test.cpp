#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("MISC_CHECK needs a command") {
  const auto misc =
      check_of<MiscCheck>("MISC_CHECK {\n misc_path \"/bin/c 'a b'\"\n misc_timeout 7\n misc_dynamic\n user u g\n}");
  CHECK(misc.command == ScriptCommand{{"/bin/c", "a b"}, "u", "g"});
  CHECK(misc.timeout == seconds(7));
  CHECK(misc.dynamic);
  const Loaded loaded = load_text(service("", "MISC_CHECK {\n misc_timeout 4295\n}"));
  CHECK(only_real(loaded).checks.empty());
  CHECK(mentions(loaded, "No script path has been specified for MISC_CHECKER - skipping"));
  CHECK(mentions(loaded, "number '4295' outside range [0, 4294]"));
}

TEST_CASE("a command without a timeout may take as long as the delay between two") {
  CHECK(std::get<MiscCheck>(*only_check(load_text(service("delay_loop 9", "MISC_CHECK {\n misc_path /c\n}"))).kind)
            .timeout == seconds(9));
}

TEST_CASE("FILE_CHECK takes path and weight of its track_file, wherever that stands") {
  const std::string file = "track_file f {\n file \"/run/x y\"\n weight -3 reverse\n}\n";
  const std::string use = service("", "FILE_CHECK {\n track_file f\n}\nFILE_CHECK {\n track_file f\n weight 65535\n}");
  for (const std::string& text : {file + use, use + file}) {
    const Loaded loaded = load_text(text);
    CHECK(messages(loaded).empty());
    REQUIRE(only_real(loaded).checks.size() == 2);
    CHECK(std::get<FileCheck>(*only_real(loaded).checks[0].kind) == FileCheck{"f", "/run/x y", -3, true});
    CHECK(std::get<FileCheck>(*only_real(loaded).checks[1].kind) == FileCheck{"f", "/run/x y", 65535, false});
  }
}

TEST_CASE("FILE_CHECK of no file, or of one that is not defined, is dropped alone") {
  const Loaded loaded =
      load_text(service("",
                        "TCP_CHECK {\n}\nFILE_CHECK {\n track_file a\n}\nFILE_CHECK {\n}\nFILE_CHECK {\n"
                        " track_file f\n weight 70000\n}\nFILE_CHECK {\n track_file b\n}") +
                "track_file f {\n file /x\n}\n");
  CHECK(mentions(loaded, "k.conf:10:13: track_file a not found"));
  CHECK(mentions(loaded, "track_file b not found"));
  CHECK(mentions(loaded, "FILE_CHECK has no track_file specified - ignoring"));
  CHECK(mentions(loaded, "outside range [-65535, 65535]"));
  REQUIRE(only_real(loaded).checks.size() == 2);
  CHECK(std::get<FileCheck>(*only_real(loaded).checks[1].kind).path == "/x");
}

TEST_CASE("BFD_CHECK is read, must name an instance, and has no effect") {
  const Loaded loaded = load_text("bfd_instance b {\n neighbor_ip 10.0.0.9\n}\n" +
                                  service("", "BFD_CHECK {\n name b\n}\nBFD_CHECK {\n name c\n}\nBFD_CHECK {\n}"));
  CHECK(only_real(loaded).checks.empty());
  CHECK(mentions(loaded, "note: 'BFD_CHECK' is read but not used in this version"));
  CHECK(mentions(loaded, "([10.0.0.2]:80) BFD_CHECK - BFD c not configured"));
  CHECK(mentions(loaded, "([10.0.0.2]:80) No name has been specified for BFD_CHECKER - skipping"));
  CHECK(messages(loaded).size() == 2);
}
