#include "core/mail/io/local_name.h"

#include <catch2/catch.hpp>
#include <unistd.h>

TEST_CASE("a machine has a name that begins as its host name does") {
  char name[256] = "";
  REQUIRE(gethostname(name, sizeof name - 1) == 0);
  const std::string found = holdfast::mail::local_name();
  CHECK_FALSE(found.empty());
  CHECK(found.starts_with(std::string(name).substr(0, std::string(name).find('.'))));
}
