#include "core/ipc/frame.h"

#include <fmt/format.h>

#include "core/base/assert.h"

namespace holdfast {

void append_frame(std::string& stream, std::string_view payload) {
  ASSERT(payload.size() <= UINT32_MAX);
  for (int shift = 24; shift >= 0; shift -= 8) stream.push_back(static_cast<char>(payload.size() >> shift));
  stream.append(payload);
}

void consume(std::string& buffer, std::size_t octets) {
  buffer.erase(0, octets);
  if (buffer.empty() && buffer.capacity() > kKeptBufferOctets) std::string().swap(buffer);
}

Result<std::optional<std::string>> FrameReader::next() {
  if (pending() < kFrameHeaderOctets) return std::optional<std::string>();
  std::size_t length = 0;
  for (std::size_t i = 0; i < kFrameHeaderOctets; ++i)
    length = length << 8 | static_cast<std::uint8_t>(buffer_[at_ + i]);
  if (length > limit_) return Error{fmt::format("frame of {} octets, at most {} are allowed", length, limit_)};
  if (pending() < kFrameHeaderOctets + length) return std::optional<std::string>();
  std::optional<std::string> frame(buffer_.substr(at_ + kFrameHeaderOctets, length));
  at_ += kFrameHeaderOctets + length;
  if (at_ == buffer_.size() || at_ > 1U << 20) {
    consume(buffer_, at_);
    at_ = 0;
  }
  return frame;
}

}  // namespace holdfast
