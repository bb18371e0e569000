// Length-prefixed frames on a byte stream: four octets of big-endian length, then that many octets. Pure; both ends of
// every link of ours use it. An oversized length is an error at once, before anything of the frame is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace holdfast {

inline constexpr std::size_t kFrameHeaderOctets = 4;
/// A configuration of 100 000 lines is about 10 MB; nothing else comes near.
inline constexpr std::size_t kSupervisionFrameLimit = 64U << 20;
/// Requests of operators are small.
inline constexpr std::size_t kControlFrameLimit = 1U << 20;

/// A buffer that is larger goes when it is empty: a configuration or a thousand records come once.
inline constexpr std::size_t kKeptBufferOctets = 16U << 10;

/// Takes `octets` off the front, and gives a large buffer back when nothing is left in it.
void consume(std::string& buffer, std::size_t octets);
/// Appends the frame that carries `payload` to `stream`.
void append_frame(std::string& stream, std::string_view payload);

class FrameReader {
 public:
  explicit FrameReader(std::size_t limit) : limit_(limit) {}

  void feed(std::string_view octets) { buffer_.append(octets); }
  /// The next whole frame, nothing when more octets are needed, an error when the stream cannot be trusted any more.
  Result<std::optional<std::string>> next();
  /// Octets of a frame that has begun and not ended: at the end of the stream, a truncated message.
  std::size_t pending() const { return buffer_.size() - at_; }
  std::size_t capacity() const { return buffer_.capacity(); }

 private:
  std::size_t limit_;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace holdfast
