// What the tests of the checker's logic share: a configuration from text.
#pragma once

#include <memory>
#include <string>

#include "core/config/load.h"

namespace holdfast::test {

inline std::shared_ptr<const config::Config> configuration(const std::string& text) {
  config::Loaded loaded = config::load(config::MemoryFileSystem().add("k.conf", text), "k.conf", {});
  return std::make_shared<const config::Config>(std::move(loaded.config));
}

inline config::Check tcp_check(const std::string& address = "10.0.0.1", std::uint16_t port = 80) {
  config::Check check;
  check.endpoint.address = *IpAddress::parse(address);
  check.endpoint.port = port;
  check.timing.delay_loop = seconds(6);
  check.timing.warmup = Duration::zero();
  return check;
}

}  // namespace holdfast::test
