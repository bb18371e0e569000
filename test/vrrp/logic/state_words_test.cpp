#include "vrrp/logic/state_words.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("states are called what keepalived calls them") {
  CHECK(std::string(state_word(State::Backup)) == "BACKUP");
  CHECK(std::string(state_word(State::Active)) == "MASTER");
  CHECK(std::string(state_word(State::Fault)) == "FAULT");
  CHECK(std::string(state_word(State::Initialize)) == "INIT");
}

TEST_CASE("notify scripts hear STOP instead of INIT") {
  CHECK(std::string(notify_word(State::Initialize)) == "STOP");
  for (const State state : {State::Backup, State::Active, State::Fault}) {
    CHECK(std::string(notify_word(state)) == state_word(state));
  }
}

}  // namespace holdfast::vrrp
