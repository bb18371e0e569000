// HTTP_GET and SSL_GET: one url (behaviour.md e.4). The status is looked at first, then the digest of the body, then the
// regex. The body is always read to its end, up to kHttpBodyLimit, as keepalived does: a server that cannot finish an answer
// is not well. The digest may be of the body or of the body as it was sent (chunks and all): keepalived's genhash prints the
// latter. Made by probe.cpp. Absent: TLS (checker/io/tls), the urls of a check in turn (the engine).
#pragma once

#include <memory>
#include <string>

#include "checker/logic/probe.h"
#include "checker/logic/probes/http_response.h"
#include "checker/logic/probes/tools.h"

namespace holdfast::checker {

/// Octets of the body that are kept for a regex. A match must end within them, or max_offset lie in their first half.
inline constexpr std::size_t kRegexBodyLimit = 1U << 20;

class HttpConversation : public StreamConversation, private HttpBodySink {
 public:
  HttpConversation(const HttpProbe& probe, const config::CheckEndpoint& endpoint, ConversationTools& tools);

  Step on_connected() override;
  Step on_data(std::string_view octets) override;
  Step on_closed() override;
  Verdict on_timeout() const override;

 private:
  std::optional<Verdict> on_status(int status) override;
  void on_body(std::string_view octets) override;
  void on_coded_body(std::string_view octets) override;
  bool wants_informational(int status) const override;

  bool wanted(int status) const;
  Step step(std::optional<Verdict> verdict);
  Verdict judge();
  Verdict judge_digest();
  Verdict judge_regex();
  void keep_for_regex(std::string_view octets);

  config::HttpUrl url_;
  std::string request_;
  HttpResponse response_;
  std::unique_ptr<BodyDigest> digest_, coded_digest_;
  std::function<std::unique_ptr<BodyDigest>()> md5_;
  std::shared_ptr<CompiledRegex> regex_;
  std::string regex_error_;  // the pattern is none
  std::string kept_;         // body for the regex
  bool kept_all_ = true;
  bool matched_early_ = false;
};

}  // namespace holdfast::checker
