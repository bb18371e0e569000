#include "checker/logic/probes/http.h"

#include <algorithm>

#include "checker/logic/probes/http_request.h"
#include "core/base/assert.h"

namespace holdfast::checker {

HttpConversation::HttpConversation(const HttpProbe& probe, const config::CheckEndpoint& endpoint,
                                   ConversationTools& tools)
    : url_(probe.url), request_(http_request(probe, endpoint)), response_(*this) {
  if (url_.digest) {
    ASSERT(tools.md5);
    md5_ = tools.md5;
    digest_ = md5_();
  }
  if (!url_.regex) return;
  const auto compiled = tools.regexes.get(*url_.regex);
  if (compiled) {
    regex_ = *compiled;
  } else {
    regex_error_ = compiled.error().message;
  }
}

Step HttpConversation::on_connected() {
  if (!regex_error_.empty()) return {{}, Verdict{Failure::LocalError, regex_error_}};
  return {std::exchange(request_, {}), {}};
}

Step HttpConversation::on_data(std::string_view octets) {
  return step(response_.feed(octets));
}

Step HttpConversation::on_closed() {
  return step(response_.close());
}

Step HttpConversation::step(std::optional<Verdict> verdict) {
  if (!verdict && response_.complete()) verdict = judge();
  return {{}, std::move(verdict)};
}

Verdict HttpConversation::on_timeout() const {
  return {Failure::ReadTimeout, response_.in_body() ? "in the body" : "no header"};
}

bool HttpConversation::wanted(int status) const {
  return std::ranges::any_of(url_.status_codes, [status](const std::pair<int, int>& range) {
    return range.first <= status && status <= range.second;
  });
}

bool HttpConversation::wants_informational(int status) const {
  return wanted(status);
}

std::optional<Verdict> HttpConversation::on_status(int status) {
  if (wanted(status)) return {};
  return Verdict{Failure::HttpStatus, std::to_string(status)};
}

void HttpConversation::on_body(std::string_view octets) {
  if (digest_) digest_->add(octets);
  if (regex_) keep_for_regex(octets);
}

void HttpConversation::on_coded_body(std::string_view octets) {
  if (!digest_) return;
  if (!coded_digest_) coded_digest_ = md5_();
  coded_digest_->add(octets);
}

// What has matched within the limit has matched, however long the body is.
void HttpConversation::keep_for_regex(std::string_view octets) {
  if (!kept_all_) return;
  kept_ += octets.substr(0, kRegexBodyLimit - kept_.size());
  if (kept_.size() < kRegexBodyLimit) return;
  kept_all_ = false;
  const Result<bool> found = regex_->matches(kept_);
  matched_early_ = found && *found;
  kept_ = {};
}

Verdict HttpConversation::judge() {
  if (digest_) {
    if (Verdict verdict = judge_digest(); !verdict.up()) return verdict;
  }
  return regex_ ? judge_regex() : Verdict{};
}

Verdict HttpConversation::judge_digest() {
  const std::string_view wanted_digest(reinterpret_cast<const char*>(url_.digest->data()), url_.digest->size());
  const std::string seen = digest_->finish();
  if (seen == wanted_digest || (coded_digest_ && coded_digest_->finish() == wanted_digest)) return {};
  return {Failure::HttpDigest, hex(seen)};
}

Verdict HttpConversation::judge_regex() {
  const config::HttpRegex& rule = *url_.regex;
  bool found = matched_early_;
  if (kept_all_) {
    const Result<bool> matches = regex_->matches(kept_);
    if (!matches) return {Failure::HttpRegex, matches.error().message};
    found = *matches;
  } else if (!found && (rule.max_offset == 0 || rule.max_offset > kRegexBodyLimit / 2)) {
    return {Failure::TooMuchData, "body for a regex"};
  }
  if (found != rule.must_not_match) return {};
  return {Failure::HttpRegex, found ? "matches" : "no match"};
}

}  // namespace holdfast::checker
