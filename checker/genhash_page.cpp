#include "checker/genhash_page.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "checker/io/md5.h"
#include "checker/io/stream_probe.h"
#include "checker/logic/probes/http_request.h"
#include "checker/logic/probes/http_response.h"
#include "checker/logic/probes/tools.h"
#include "core/runtime/clock.h"
#include "core/runtime/event_loop.h"

namespace holdfast::checker {

namespace {

constexpr std::size_t kDumpColumns = 16;

/// Gets a page of any status and keeps it.
class PageConversation : public StreamConversation, private HttpBodySink {
 public:
  PageConversation(const PageRequest& request, Page& page)
      : request_(http_request(request.http, request.endpoint)), page_(page), response_(*this) {}

  Step on_connected() override { return {request_, {}}; }
  Step on_data(std::string_view octets) override {
    if (page_.header.size() <= kHttpHeaderLimit) page_.header += octets;
    return step(response_.feed(octets));
  }
  Step on_closed() override {
    // A body that is shorter than announced has a digest as well.
    if (response_.in_body()) return {{}, end()};
    return step(response_.close());
  }
  Verdict on_timeout() const override { return {Failure::ReadTimeout, {}}; }

 private:
  std::optional<Verdict> on_status(int) override { return {}; }
  void on_body(std::string_view octets) override { page_.body += octets; }
  void on_coded_body(std::string_view octets) override { coded_ += octets; }
  bool wants_informational(int) const override { return false; }

  Step step(std::optional<Verdict> verdict) {
    if (!verdict && response_.complete()) verdict = end();
    return {{}, std::move(verdict)};
  }
  Verdict end() {
    if (!coded_.empty()) page_.body = coded_;
    page_.header.resize(std::min(page_.header.size(), page_.header.find("\r\n\r\n") + 4));
    const auto md5 = make_md5();
    md5->add(page_.body);
    page_.digest = md5->finish();
    return {};
  }

  std::string request_, coded_;
  Page& page_;
  HttpResponse response_;
};

/// One probe and its deadline.
class Errand : private ProbeHost {
 public:
  Verdict run(const ProbeSpec& spec, std::unique_ptr<StreamConversation> conversation) {
    const TlsContext tls_context;
    const auto* http = std::get_if<HttpProbe>(&spec.kind);
    auto tls = http->tls ? std::make_unique<TlsSession>(tls_context, TlsOptions{http->sni, false, {}}) : nullptr;
    probe_ = std::make_unique<StreamProbe>(ProbeContext{loop_, *this, buffer_}, 0, spec, std::move(conversation),
                                           std::move(tls));
    verdict_ = probe_->start(loop_.now());
    while (!verdict_) {
      if (loop_.run_until([this] { return verdict_.has_value(); }, probe_->due())) break;
      if (loop_.now() >= probe_->due()) verdict_ = probe_->on_timeout(loop_.now());
    }
    probe_.reset();
    return *verdict_;
  }

 private:
  void finished(std::uint64_t, Verdict verdict) override { verdict_ = std::move(verdict); }

  EventLoop loop_;
  std::vector<char> buffer_ = std::vector<char>(64U << 10);
  std::unique_ptr<StreamProbe> probe_;
  std::optional<Verdict> verdict_;
};

/// 2.2.7's words (log_lines.md 4).
std::string_view words_of(Failure failure) {
  switch (failure) {
    case Failure::ConnectTimeout:
      return "Timeout connecting";
    case Failure::NetworkUnreachable:
      return "HTTP_CHECK - network unreachable";
    case Failure::ReadTimeout:
    case Failure::DeadlineExceeded:
      return "Timeout WEB read";
    case Failure::TlsHandshake:
    case Failure::TlsAlert:
    case Failure::TlsCertificate:
      return "SSL handshake/communication error connecting to";
    case Failure::ConnectionReset:
      return "Read error with";
    case Failure::SendFailed:
      return "Cannot send get request to";
    case Failure::TooMuchData:
      return "The answer is too long";
    case Failure::NoData:
    case Failure::ClosedEarly:
    case Failure::HttpMalformed:
      return "no data received from remote webserver";
    default:
      return "Connection failed";
  }
}

bool nothing_came(Failure failure) {
  return failure == Failure::NoData || failure == Failure::ClosedEarly || failure == Failure::HttpMalformed;
}

std::string title(std::string_view text) {
  return fmt::format("-----------------------[{}]-----------------------\n", text);
}

std::string dump(std::string_view octets) {
  std::string text;
  for (std::size_t line = 0; line < octets.size(); line += kDumpColumns) {
    const std::string_view row = octets.substr(line, kDumpColumns);
    fmt::format_to(std::back_inserter(text), "{:04}  ", line);
    for (std::size_t column = 0; column < kDumpColumns; ++column) {
      if (column == kDumpColumns / 2) text += "- ";
      text += column < row.size() ? hex(row.substr(column, 1)) + " " : "   ";
    }
    fmt::format_to(std::back_inserter(text), "  {:<16}\n", printable(row));
  }
  return text;
}

}  // namespace

Page get_page(const PageRequest& request) {
  Page page;
  ProbeSpec spec;
  spec.kind = request.http;
  spec.endpoint = request.endpoint;
  spec.deadline = std::max(seconds(60), 4 * request.endpoint.connect_timeout);
  Errand errand;
  const TimePoint start = now();
  const Verdict verdict = errand.run(spec, std::make_unique<PageConversation>(request, page));
  page.took = now() - start;
  if (verdict.up()) return page;
  page.failure = words_of(verdict.failure);
  page.nothing_came = nothing_came(verdict.failure);
  return page;
}

std::string describe_page(const PageRequest& request, const Page& page, bool verbose) {
  if (!page.failure.empty()) return page.failure + "\n";
  if (!verbose) return hex(page.digest) + "\n";
  return title("    HTTP Header Buffer    ") + dump(page.header) + title(" HTTP Header Ascii Buffer ") + page.header +
         "\n" + title("        HTML Buffer        ") + dump(page.body) + "\n" + title("    HTML hash resulting    ") +
         dump(page.digest) + "\n" + title(" HTML hash final resulting ") + hex(page.digest) + "\n\n" +
         fmt::format("Global response time for [{}] = {} usecs\n", request.http.url.path, page.took.count());
}

}  // namespace holdfast::checker
