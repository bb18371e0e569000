// Architecture as a test: what the linker cannot see. Reads the sources of this checkout, nothing else.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "test/support/source_folder.h"

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = holdfast::source_folder();

struct Source {
  std::string path;  // from the root of the checkout
  std::string text;
};

std::vector<Source> sources() {
  std::vector<Source> found;
  for (const char* top : {"core", "vrrp", "checker", "ipvs_wrapper"}) {
    if (!fs::exists(kRoot / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".cpp" && path.extension() != ".h") continue;
      std::stringstream text;
      text << std::ifstream(path).rdbuf();
      found.push_back({fs::relative(path, kRoot).string(), text.str()});
    }
  }
  return found;
}

std::vector<std::string> includes(const std::string& text) {
  static const std::regex line("^#include [<\"]([^>\"]+)[>\"]", std::regex::multiline);
  std::vector<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), line), end; it != end; ++it) names.push_back((*it)[1]);
  return names;
}

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::ranges::any_of(prefixes, [&text](const std::string& prefix) { return text.starts_with(prefix); });
}

bool is_logic(const std::string& path) {
  return path.find("/logic/") != std::string::npos;
}

/// Which of our folders the files of a folder may include; the first rule that matches counts. docs/ARCHITECTURE.md.
struct Layer {
  std::string folder;
  std::vector<std::string> may_include;
};
const std::vector<Layer> kLayers{
    {"core/base/", {"core/base/"}},
    {"core/log/", {"core/base/", "core/log/"}},
    {"core/config/", {"core/base/", "core/config/"}},
    {"core/runtime/", {"core/base/", "core/log/", "core/runtime/"}},
    {"core/netlink/", {"core/base/", "core/log/", "core/runtime/", "core/netlink/"}},
    {"core/ipc/", {"core/base/", "core/log/", "core/runtime/", "core/config/", "core/ipc/", "proto/"}},
    {"core/mail/logic/", {"core/base/", "core/mail/logic/"}},
    {"core/mail/", {"core/base/", "core/log/", "core/runtime/", "core/config/", "core/ipc/", "core/mail/", "proto/"}},
    {"core/watchdog/logic/", {"core/base/", "core/config/", "core/watchdog/logic/"}},
    {"core/watchdog/", {"core/", "proto/"}},
    {"core/control/",
     {"core/base/", "core/log/", "core/runtime/", "core/ipc/", "core/control/", "core/version.h", "proto/"}},
    {"vrrp/logic/", {"core/base/", "core/config/", "vrrp/logic/"}},
    {"vrrp/io/",
     {"core/base/", "core/log/", "core/runtime/", "core/netlink/", "vrrp/logic/", "vrrp/io/", "vrrp/ports.h"}},
    {"vrrp/", {"core/base/", "core/config/", "core/log/", "core/runtime/", "core/ipc/", "vrrp/", "proto/"}},
    {"ipvs_wrapper/logic/", {"core/base/", "ipvs_wrapper/logic/", "ipvs_wrapper/ports.h"}},
    {"ipvs_wrapper/", {"core/base/", "core/log/", "core/runtime/", "core/netlink/", "ipvs_wrapper/"}},
    {"checker/logic/", {"core/base/", "core/config/", "ipvs_wrapper/logic/", "checker/logic/"}},
    {"checker/io/",
     {"core/base/", "core/config/", "core/log/", "core/runtime/", "core/netlink/", "checker/logic/", "checker/io/",
      "checker/ports.h"}},
    {"checker/",
     {"core/base/", "core/config/", "core/log/", "core/runtime/", "core/ipc/", "ipvs_wrapper/", "checker/", "proto/"}},
};
const std::vector<std::string> kOurs{"core/", "vrrp/", "checker/", "ipvs_wrapper/", "proto/"};

}  // namespace

TEST_CASE("a folder includes only what its layer may see") {
  for (const Source& source : sources()) {
    const auto layer = std::ranges::find_if(kLayers, [&](const Layer& l) { return source.path.starts_with(l.folder); });
    if (layer == kLayers.end()) continue;  // core/main.cpp and core/version.h
    for (const std::string& name : includes(source.text)) {
      if (!starts_with_any(name, kOurs)) continue;
      INFO(source.path << " includes " << name);
      CHECK(starts_with_any(name, layer->may_include));
    }
  }
}

TEST_CASE("logic touches nothing of the world") {
  const std::vector<std::string> world{"ev.h",     "netlink/", "google/",    "sys/socket.h", "sys/epoll.h",
                                       "unistd.h", "fcntl.h",  "fstream",    "thread",       "mutex",
                                       "time.h",   "ctime",    "sys/time.h", "net/",         "netinet/ip"};
  for (const Source& source : sources()) {
    if (!is_logic(source.path)) continue;
    for (const std::string& name : includes(source.text)) {
      INFO(source.path << " includes " << name);
      CHECK_FALSE(starts_with_any(name, world));
    }
    for (const char* call : {"steady_clock::now", "system_clock::now", "getenv(", "std::rand(", "printf("}) {
      INFO(source.path << " uses " << call);
      CHECK(source.text.find(call) == std::string::npos);
    }
  }
}

TEST_CASE("each C library is wrapped once") {
  for (const Source& source : sources()) {
    for (const std::string& name : includes(source.text)) {
      INFO(source.path << " includes " << name);
      if (name == "ev.h") CHECK(source.path == "core/runtime/event_loop.cpp");
      if (name.starts_with("netlink/")) CHECK(source.path.starts_with("core/netlink/"));
      const bool hashes = source.path == "vrrp/logic/hmac.cpp";
      if (name.starts_with("openssl/")) CHECK((hashes || source.path.starts_with("checker/io/")));
      if (name == "cap-ng.h" || name == "seccomp.h") CHECK(source.path == "core/runtime/privileges.cpp");
    }
  }
}

TEST_CASE("the machine's clock has one reader") {
  for (const Source& source : sources()) {
    if (source.path == "core/runtime/clock.cpp") continue;
    INFO(source.path);
    CHECK(source.text.find("clock_gettime") == std::string::npos);
    CHECK(source.text.find("_clock::now()") == std::string::npos);
  }
}

TEST_CASE("every file of logic and of the pure floor has its test") {
  for (const Source& source : sources()) {
    const bool pure =
        is_logic(source.path) || starts_with_any(source.path, {"core/base/", "core/config/", "core/ipc/"});
    // The rows of the schema are data: one test of the mechanism loops over every row of every block.
    const bool rows = source.path.starts_with("core/config/schema/");
    if (!pure || rows || !source.path.ends_with(".cpp")) continue;
    const std::string twin = "test/" + source.path.substr(0, source.path.size() - 4) + "_test.cpp";
    INFO(source.path << " wants " << twin);
    CHECK(fs::exists(kRoot / twin));
  }
}

TEST_CASE("headers say what they are for, and code has no leftovers") {
  for (const Source& source : sources()) {
    INFO(source.path);
    if (source.path.ends_with(".h")) {
      CHECK(source.text.starts_with("// "));
      CHECK(source.text.find("#pragma once") != std::string::npos);
    }
    for (const char* leftover : {"TODO", "FIXME", "XXX", "extern \"C\"", "#ifdef", "#ifndef"}) {
      INFO(leftover);
      CHECK(source.text.find(leftover) == std::string::npos);
    }
  }
}
