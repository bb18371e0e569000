#include "checker/logic/probes/http_response.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include "core/base/assert.h"

namespace holdfast::checker {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::string_view kStart = "HTTP/";
constexpr std::string_view kHeaderEnd = "\r\n\r\n";

/// A Beast body that keeps nothing.
struct SinkBody {
  using value_type = HttpBodySink*;

  class reader {
   public:
    template <bool isRequest, class Fields>
    reader(http::header<isRequest, Fields>&, value_type& sink) : sink_(sink) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      error = {};
      std::size_t taken = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers);
           ++at) {
        const boost::asio::const_buffer piece = *at;
        sink_->on_body({static_cast<const char*>(piece.data()), piece.size()});
        taken += piece.size();
      }
      return taken;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& sink_;  // set after the parser is made
  };
};

Verdict verdict_of(const error_code& error) {
  if (error == http::error::body_limit || error == http::error::header_limit) {
    return {Failure::TooMuchData, error == http::error::body_limit ? "body" : "header"};
  }
  if (error == http::error::partial_message) return {Failure::ClosedEarly, "in the body"};
  return {Failure::HttpMalformed, error.message()};
}

/// Beast wants the blank after the status that servers without a reason phrase leave out; keepalived does not.
std::string with_reason(std::string_view header) {
  constexpr std::size_t status_end = std::string_view("HTTP/1.1 200").size();
  std::string text(header);
  if (text.size() > status_end && text[status_end] == '\r') text.insert(status_end, 1, ' ');
  return text;
}

}  // namespace

struct HttpResponse::Parser {
  http::response_parser<SinkBody> beast;

  explicit Parser(HttpBodySink* sink) {
    beast.get().body() = sink;
    beast.header_limit(static_cast<std::uint32_t>(2 * kHttpHeaderLimit));
    beast.body_limit(kHttpBodyLimit);
    beast.eager(true);
  }
};

HttpResponse::HttpResponse(HttpBodySink& sink) : sink_(sink) {}

HttpResponse::~HttpResponse() = default;

std::optional<Verdict> HttpResponse::feed(std::string_view octets) {
  while (state_ == State::Header && !octets.empty()) {
    if (auto verdict = read_header(octets)) return verdict;
  }
  if (state_ != State::Body || octets.empty()) return {};
  return read_body(octets);
}

// Takes from `octets` what belongs to the header.
std::optional<Verdict> HttpResponse::read_header(std::string_view& octets) {
  const std::size_t before = pending_.size();
  pending_ += octets.substr(0, kHttpHeaderLimit + 1);
  const std::size_t compared = std::min(pending_.size(), kStart.size());
  if (pending_.compare(0, compared, kStart, 0, compared) != 0) return Verdict{Failure::HttpMalformed, "not HTTP"};
  const std::size_t end = pending_.find(kHeaderEnd, before < 3 ? 0 : before - 3);
  const std::size_t size = end == std::string::npos ? pending_.size() : end + kHeaderEnd.size();
  if (header_octets_ + size > kHttpHeaderLimit) return Verdict{Failure::TooMuchData, "header"};
  octets.remove_prefix(std::min(size - before, octets.size()));
  if (end == std::string::npos) return {};
  header_octets_ += size;
  pending_.resize(size);
  return begin_body(std::exchange(pending_, {}));
}

std::optional<Verdict> HttpResponse::begin_body(std::string_view header) {
  parser_ = std::make_unique<Parser>(&sink_);
  const std::string text = with_reason(header);
  error_code error;
  parser_->beast.put(boost::asio::const_buffer(text.data(), text.size()), error);
  if (error && error != http::error::need_more) return verdict_of(error);
  if (!parser_->beast.is_header_done()) return Verdict{Failure::HttpMalformed, "header"};
  const int status = static_cast<int>(parser_->beast.get().result_int());
  if (status < 200 && !sink_.wants_informational(status)) return {};
  status_ = status;
  state_ = parser_->beast.is_done() ? State::Complete : State::Body;
  return sink_.on_status(status_);
}

std::optional<Verdict> HttpResponse::read_body(std::string_view octets) {
  const bool coded = parser_->beast.chunked();
  std::string joined;
  if (!pending_.empty()) {
    joined = std::exchange(pending_, {});
    joined += octets;
    octets = joined;
  }
  while (!octets.empty() && !parser_->beast.is_done()) {
    error_code error;
    const std::size_t used = parser_->beast.put(boost::asio::const_buffer(octets.data(), octets.size()), error);
    if (coded && used > 0) sink_.on_coded_body(octets.substr(0, used));
    octets.remove_prefix(used);
    if (error && error != http::error::need_more) return verdict_of(error);
    if (error || used == 0) break;
  }
  if (parser_->beast.is_done()) {
    state_ = State::Complete;
    return {};
  }
  if (octets.size() > kHttpChunkHeaderLimit) return Verdict{Failure::TooMuchData, "chunk header"};
  pending_ = octets;
  return {};
}

std::optional<Verdict> HttpResponse::close() {
  if (state_ == State::Complete) return {};
  if (state_ == State::Header) {
    if (header_octets_ == 0 && pending_.empty()) return Verdict{Failure::NoData, {}};
    return Verdict{Failure::ClosedEarly, "in the header"};
  }
  error_code error;
  parser_->beast.put_eof(error);
  if (error) return verdict_of(error);
  if (!parser_->beast.is_done()) return Verdict{Failure::ClosedEarly, "in the body"};
  state_ = State::Complete;
  return {};
}

}  // namespace holdfast::checker
