#include "vrrp/logic/state_words.h"

namespace holdfast::vrrp {

const char* state_word(State state) {
  switch (state) {
    case State::Backup:
      return "BACKUP";
    case State::Active:
      return "MASTER";
    case State::Fault:
      return "FAULT";
    case State::Initialize:
      break;
  }
  return "INIT";
}

const char* notify_word(State state) {
  return state == State::Initialize ? "STOP" : state_word(state);
}

}  // namespace holdfast::vrrp
