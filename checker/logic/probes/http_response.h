// Reads an HTTP/1.x answer of any size in any pieces, with bounded memory: the header is collected up to its limit, the body
// goes to a sink and is counted. Boost.Beast's parser decides what is HTTP. Called by probes/http. Informational answers
// (1xx) that nobody waits for are skipped. Absent: what the header lines mean beyond the end of the body.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "checker/logic/failure.h"
#include "checker/logic/probe.h"

namespace holdfast::checker {

inline constexpr std::size_t kHttpHeaderLimit = 16U << 10;       ///< octets, all lines of all answers
inline constexpr std::uint64_t kHttpBodyLimit = 16ULL << 20;     ///< octets, decoded
inline constexpr std::size_t kHttpChunkHeaderLimit = 16U << 10;  ///< octets of one chunk's header, or of the trailer

/// Gets the answer piece by piece.
class HttpBodySink {
 public:
  virtual ~HttpBodySink() = default;
  /// The header is read; nothing, or the verdict that follows from the status alone.
  virtual std::optional<Verdict> on_status(int status) = 0;
  /// Of the body without its transfer coding.
  virtual void on_body(std::string_view octets) = 0;
  /// Of the body as it was sent; only where that differs from the above (chunked).
  virtual void on_coded_body(std::string_view octets) = 0;
  /// Whether a 1xx status is an answer, not a notice before it.
  virtual bool wants_informational(int status) const = 0;
};

class HttpResponse {
 public:
  explicit HttpResponse(HttpBodySink& sink);
  ~HttpResponse();
  HttpResponse(const HttpResponse&) = delete;
  HttpResponse& operator=(const HttpResponse&) = delete;

  /// A failure, or what the sink said of the status. Octets after the end of the body are ignored.
  std::optional<Verdict> feed(std::string_view octets);
  /// The peer has sent all it will. A failure unless that was the end of the body.
  std::optional<Verdict> close();
  bool complete() const { return state_ == State::Complete; }
  bool in_body() const { return state_ == State::Body; }
  /// 0 before the header is read.
  int status() const { return status_; }

 private:
  enum class State : std::uint8_t { Header, Body, Complete };
  struct Parser;

  std::optional<Verdict> read_header(std::string_view& octets);
  std::optional<Verdict> begin_body(std::string_view header);
  std::optional<Verdict> read_body(std::string_view octets);

  HttpBodySink& sink_;
  State state_ = State::Header;
  std::string pending_;  // the header so far; then what the parser could not use yet
  std::size_t header_octets_ = 0;
  int status_ = 0;
  std::unique_ptr<Parser> parser_;
};

}  // namespace holdfast::checker
