// For tests of the checker's language: a virtual server that is complete, and its parts.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "test/core/config/support.h"

namespace holdfast::config {

/// A virtual server 10.0.0.1:80 with `lines`, and on line 6 one real server 10.0.0.2:80 with `real_lines`.
inline std::string service(const std::string& lines, const std::string& real_lines = "") {
  return "virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n\n real_server 10.0.0.2 80 {\n" +
         real_lines + "\n}\n" + lines + "\n}\n";
}

inline VirtualServer only_server(const Loaded& loaded) {
  for (const std::string& line : messages(loaded)) UNSCOPED_INFO(line);
  REQUIRE(loaded.config.virtual_servers.size() == 1);
  return loaded.config.virtual_servers.front();
}

inline RealServer only_real(const Loaded& loaded) {
  REQUIRE(only_server(loaded).real_servers.size() == 1);
  return only_server(loaded).real_servers.front();
}

inline Check only_check(const Loaded& loaded) {
  REQUIRE(only_real(loaded).checks.size() == 1);
  return only_real(loaded).checks.front();
}

/// The one check of a real server with these lines.
template <class Kind>
Kind check_of(const std::string& real_lines) {
  const Loaded loaded = load_text(service("", real_lines));
  return std::get<Kind>(*only_check(loaded).kind);
}

}  // namespace holdfast::config
