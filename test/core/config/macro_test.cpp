#include "core/config/macro.h"

#include <catch2/catch.hpp>

#include "core/config/print.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
/// The tree of a text, printed.
std::string printed(const std::string& text, LoadOptions options = {}) {
  return print(load_text(text, options).tree);
}
}  // namespace

TEST_CASE("hash and bang start a comment outside double quotes unless a backslash stands before them") {
  CHECK(strip_comment("a # b") == "a ");
  CHECK(strip_comment("a ! b") == "a ");
  CHECK(strip_comment("a \"# b\" # c") == "a \"# b\" ");
  CHECK(strip_comment("a \\# b") == "a # b");
  CHECK(strip_comment("a '# b'") == "a '");
  CHECK(strip_comment("a \"\\#\"") == "a \"\\#\"");
}

TEST_CASE("lines over 65535 octets and lines with a NUL are dropped with an error; keepalived's limit is not ours") {
  CHECK(messages(load_text("global_defs {\n router_id " + std::string(5000, 'x') + "\n}\n")).empty());
  CHECK(messages(load_text("a " + std::string(65533, 'x') + "\n")).front().find("Unknown keyword") !=
        std::string::npos);
  const Loaded loaded = load_text("a " + std::string(65534, 'x') + "\nb" + std::string(1, '\0') + "\n");
  CHECK(messages(loaded) == std::vector<std::string>{"k.conf:1:1: line too long, expected at most 65535 octets",
                                                     "k.conf:2:1: line holds a NUL octet"});
}

TEST_CASE("a file that includes itself, also by way of others, is an error that names the way") {
  MemoryFileSystem files;
  files.add("/e/k.conf", "include a\ninstance x\n").add("/e/a", "include b\n").add("/e/b", "include a\n");
  const Loaded loaded = load(files, "/e/k.conf", {});
  CHECK(messages(loaded) ==
        std::vector<std::string>{
            "/e/b:1:1: '/e/a' includes itself - ignoring: /e/a includes /e/b includes /e/a, expected "
            "a file that is not being read already"});
  CHECK(loaded.config.global_defs.instance == "x");
}

TEST_CASE("each variant of include says what is an error (behaviour.md a.3)") {
  const auto code = [](const std::string& text, bool all = false) {
    MemoryFileSystem files;
    files.add("k.conf", text).add("part", "instance x\n").add("program", "instance y\n", true);
    LoadOptions options;
    options.all_include_checks = all;
    return exit_code(load(files, "k.conf", options).diagnostics);
  };
  for (const char* fine : {"include nowhere", "include no*", "include program", "includer no*", "includer nowhere",
                           "includem no*", "includeb nowhere", "includeb no*t/x", "includem part", "includew pa*",
                           "includeb {part,part}", "includer part"}) {
    INFO(fine);
    CHECK(code(std::string(fine) + "\n") == 0);
  }
  for (const char* wrong : {"includem nowhere", "includew nowhere", "includew no*", "includeb {part,x}",
                            "includeb {x,y}", "includea nowhere", "includea no*", "includea {part,x}",
                            "includer program", "includem program", "includew program", "includeb program"}) {
    INFO(wrong);
    CHECK(code(std::string(wrong) + "\n") == 6);
  }
  CHECK(code("include nowhere\n", true) == 6);
  CHECK(code("includes part\n") == 5);  // no include: an unknown keyword
}

TEST_CASE("include_check sets what plain includes check from there on") {
  const auto code = [](const std::string& modes) {
    return exit_code(
        load_text("include before\nglobal_defs {\n include_check" + modes + "\n}\ninclude no*\n").diagnostics);
  };
  CHECK(code("") == 6);
  CHECK(code(" match") == 0);
  CHECK(code(" wildcard_match") == 6);
  CHECK(code(" read") == 0);
  CHECK(code(" read +wildcard_match") == 6);
  CHECK(code(" wildcard_match -wildcard_match") == 0);
}

TEST_CASE("an error in a line made of definitions says where they stand") {
  const Loaded loaded = load_text("$KIND=prioritty\n\n$LINES=\\\n  $KIND 3 \\\n  state MASTER\n" + instance("$LINES"));
  const std::string text = render(loaded.diagnostics.list().front(), loaded);
  CHECK(text.find("Unknown keyword 'prioritty'") != std::string::npos);
  CHECK(text.find("$KIND is defined at k.conf:1") != std::string::npos);
  CHECK(text.find("$LINES is defined at k.conf:4") != std::string::npos);
  CHECK(render_line(loaded.diagnostics.list().front(), loaded.tree.files, loaded.definition_uses)
            .find("[$KIND is defined at k.conf:1]") != std::string::npos);
}

TEST_CASE("a definition that goes on at the end of the last file is an error") {
  CHECK(messages(load_text("instance x\n$A=b \\\n"))[0] ==
        "k.conf:2:1: The definition of $A does not end, expected a last line without '\\'");
}

TEST_CASE("random_seed makes ${_RANDOM} the same each time") {
  const auto name = [](std::uint32_t seed) {
    LoadOptions options;
    options.random_seed = seed;
    return load_text("global_defs {\n random_seed 7\n router_id r${_RANDOM}\n}\n", options)
        .config.global_defs.router_id;
  };
  CHECK(name(1) == name(2));
}

TEST_CASE("carriage returns and a missing last newline do not matter") {
  CHECK(printed("instance x\r\nuse_pid_dir") == "instance x\nuse_pid_dir\n");
}

TEST_CASE("an include reads every match, sorted, relative to the file that includes") {
  MemoryFileSystem files;
  files.add("/e/k.conf", "include conf.d/*.conf\nchild_wait_time 3\n");
  files.add("/e/conf.d/b.conf", "instance b\n").add("/e/conf.d/a.conf", "include ../more\n");
  files.add("/e/conf.d/../more", "net_namespace n\n");
  const Loaded loaded = load(files, "/e/k.conf", {});
  CHECK(print(loaded.tree) == "net_namespace n\ninstance b\nchild_wait_time 3\n");
  CHECK(loaded.tree.files ==
        std::vector<std::string>{"/e/k.conf", "/e/conf.d/a.conf", "/e/conf.d/../more", "/e/conf.d/b.conf"});
  CHECK(loaded.tree.roots[1].at.file == 3);
  CHECK(loaded.texts[3] == "instance b\n");
  CHECK(exit_code(loaded.diagnostics) == 0);
}

TEST_CASE("an include works inside a block and may close it nowhere else") {
  MemoryFileSystem files;
  files.add("k.conf", "vrrp_instance I {\n include part\n}\n").add("part", "priority 7\n");
  CHECK(print(load(files, "k.conf", {}).tree) == "vrrp_instance I {\n    priority 7\n}\n");
}

TEST_CASE("programs among the matches are skipped with a message") {
  MemoryFileSystem files;
  files.add("k.conf", "include part\n").add("part", "priority 7\n", true);
  const Loaded loaded = load(files, "k.conf", {});
  CHECK(mentions(loaded, "Configuration file 'part' is not a regular non-executable file - skipping"));
  CHECK(exit_code(loaded.diagnostics) == 0);
}

TEST_CASE("a missing include is a message, and an error where it is asked for") {
  CHECK(exit_code(load_text("include gone\n").diagnostics) == 0);
  CHECK(mentions(load_text("include gone\n"), "Config files missing 'gone'."));
  CHECK(mentions(load_text("include g*\n"), "No config files matched 'g*'."));
  for (const char* word : {"includew", "includem", "includea"})
    CHECK(load_text(std::string(word) + " gone\n").diagnostics.has(Severity::Error));
  CHECK(load_text("include gone\n", {"", true, {}, 0}).diagnostics.has(Severity::Error));
}

TEST_CASE("conditional lines are kept for this config-id only") {
  const std::string text = "@node1 instance a\n@^node1 instance b\n@other instance c\n@^other instance d\n";
  CHECK(printed(text, {"node1", false, {}, 0}) == "instance a\ninstance d\n");
  CHECK(printed("@node1 global_defs {\n@node1 }\n", {"x", false, {}, 0}).empty());
}

TEST_CASE("definitions are replaced, also over several lines, and say where they are used") {
  CHECK(printed("$N=x\ninstance $N\n") == "instance x\n");
  CHECK(printed("$B=\\\npriority 3 \\\nnopreempt\nvrrp_instance I {\n$B\n}\n") ==
        "vrrp_instance I {\n    priority 3\n    nopreempt\n}\n");
  CHECK(mentions(load_text("$N=x\n  instance $N\n  bad $N\n"), "k.conf:3:3: Unknown keyword 'bad'"));
  CHECK(mentions(load_text("$IF=${IF}\ninstance $IF\n"), "k.conf:2:1: Definitions refer to themselves"));
}

TEST_CASE("a repeated line stands once for each value") {
  CHECK(printed("virtual_server_group g {\n~SEQ(A, 2) 10.0.0.$A 80\n~SEQ(A, 2) ~LST(B, x,y) $A $B\n}\n") ==
        "virtual_server_group g {\n    10.0.0.1 80\n    10.0.0.2 80\n    1 x\n    1 y\n    2 x\n    2 y\n}\n");
  CHECK(printed("$N=2\n~SEQ(A, $N) instance i${A}\n") == "instance i1\ninstance i2\n");
  CHECK(mentions(load_text("~SEQ(A) x\n"), "Invalid repetition"));
  const std::string bomb = "~SEQ(A, 60000) ~SEQ(B, 60000) ~SEQ(C, 60000) instance x\n";
  CHECK(mentions(load_text(bomb), "too many lines"));
}

TEST_CASE("an error in a later line of a definition names the line inside it, wherever it is used") {
  const Loaded loaded = load_text("$LINES=\\\n priority 3 \\\n prioritty 4 \\\n state MASTER\n" + instance("$LINES") +
                                  "vrrp_instance J {\n interface eth1\n virtual_router_id 2\n virtual_ipaddress {\n"
                                  " 10.0.0.2\n }\n  $LINES\n}\n");
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : loaded.diagnostics.list()) {
    if (diagnostic.text.find("prioritty") != std::string::npos) found.push_back(render(diagnostic, loaded));
  }
  REQUIRE(found.size() == 2);
  CHECK(found[0].starts_with("k.conf:11:1: Unknown keyword 'prioritty'"));
  CHECK(found[1].starts_with("k.conf:19:3: Unknown keyword 'prioritty'"));
  for (const std::string& text : found) {
    CHECK(text.find("$LINES is defined at k.conf:3") != std::string::npos);
    CHECK(text.find("$LINES is defined at k.conf:1") == std::string::npos);
  }
}

TEST_CASE("definitions inside a definition each name their own line") {
  const Loaded loaded = load_text(
      "$INNER=\\\n advert_int 1 \\\n bad_inner\n$OUTER=\\\n priority 3 \\\n bad_outer \\\n"
      " $INNER\n" +
      instance("$OUTER"));
  const auto text_of = [&](const char* word) {
    for (const Diagnostic& diagnostic : loaded.diagnostics.list()) {
      if (diagnostic.text.find(word) != std::string::npos) return render(diagnostic, loaded);
    }
    return std::string();
  };
  CHECK(text_of("bad_outer").find("$OUTER is defined at k.conf:6") != std::string::npos);
  CHECK(text_of("bad_inner").find("$OUTER is defined at k.conf:7") != std::string::npos);
  CHECK(text_of("bad_inner").find("$INNER is defined at k.conf:3") != std::string::npos);
}

TEST_CASE("lines of one definition are places of their own") {
  const Loaded loaded =
      load_text("$TWO=\\\n vrrp_script a {\\\n script /a\\\n }\\\n vrrp_script b {\\\n script /b\\\n }\n$TWO\n");
  REQUIRE(loaded.config.vrrp_scripts.size() == 2);
  const Location a = loaded.config.vrrp_scripts[0].at, b = loaded.config.vrrp_scripts[1].at;
  CHECK(a != b);
  CHECK(loaded.definition_uses.resolve(a) == loaded.definition_uses.resolve(b));
  CHECK(loaded.definition_uses.resolve(a).line == 8);
}
