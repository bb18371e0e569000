// Feeds an answer to a conversation in every way it can be cut: whole, in two pieces at each octet, octet by octet. The
// verdict must not depend on it. Absent: sockets and time.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "checker/logic/probe.h"

namespace Catch {
template <>
struct StringMaker<holdfast::checker::Verdict> {
  static std::string convert(const holdfast::checker::Verdict& verdict) {
    return std::string(failure_word(verdict.failure)) + " \"" + verdict.detail + "\"";
  }
};
}  // namespace Catch

namespace holdfast::test {

/// What happens when the answer is over and there is no verdict yet.
enum class Then { Close, Silence };

struct Outcome {
  std::string sent;
  checker::Verdict verdict;
  bool operator==(const Outcome&) const = default;
};

inline Outcome converse(checker::StreamConversation& conversation, const std::vector<std::string_view>& pieces,
                        Then then = Then::Close) {
  checker::Step step = conversation.on_connected();
  Outcome outcome{step.send, {}};
  for (const std::string_view piece : pieces) {
    if (step.verdict) break;
    if (piece.empty()) continue;
    step = conversation.on_data(piece);
    outcome.sent += step.send;
  }
  if (!step.verdict && then == Then::Close) {
    step = conversation.on_closed();
    outcome.sent += step.send;
  }
  outcome.verdict = step.verdict ? *step.verdict : conversation.on_timeout();
  return outcome;
}

/// The outcome of `answer`, the same however it is cut. `make` gives a new conversation.
template <class Make>
Outcome outcome_of(const Make& make, std::string_view answer, Then then = Then::Close) {
  const Outcome whole = converse(*make(), {answer}, then);
  for (std::size_t cut = 1; cut < answer.size(); ++cut) {
    const Outcome cut_once = converse(*make(), {answer.substr(0, cut), answer.substr(cut)}, then);
    if (cut_once == whole) continue;
    INFO("cut at " << cut);
    CHECK(cut_once.verdict == whole.verdict);
    CHECK(cut_once.sent == whole.sent);
    break;
  }
  std::vector<std::string_view> octets;
  for (std::size_t i = 0; i < answer.size(); ++i) octets.push_back(answer.substr(i, 1));
  const Outcome trickled = converse(*make(), octets, then);
  CHECK(trickled.verdict == whole.verdict);
  CHECK(trickled.sent == whole.sent);
  return whole;
}

}  // namespace holdfast::test
