#include "core/ipc/frame.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace holdfast;

namespace {

std::string framed(std::initializer_list<std::string_view> payloads) {
  std::string stream;
  for (const std::string_view payload : payloads) append_frame(stream, payload);
  return stream;
}

/// Every frame that is there; the error, if any, ends the list as "!message".
std::vector<std::string> read_all(FrameReader& reader) {
  std::vector<std::string> frames;
  for (;;) {
    auto next = reader.next();
    if (!next) {
      frames.push_back("!" + next.error().message);
      return frames;
    }
    if (!*next) return frames;
    frames.push_back(**next);
  }
}

}  // namespace

TEST_CASE("the length stands in front in four octets, big-endian") {
  CHECK(framed({"abc"}) == std::string("\0\0\0\3abc", 7));
  CHECK(framed({""}) == std::string(4, '\0'));
  CHECK(framed({std::string(0x0102, 'x')}).substr(0, 4) == std::string("\0\0\1\2", 4));
}

TEST_CASE("frames come out as they went in, empty ones too") {
  FrameReader reader(100);
  reader.feed(framed({"one", "", "three"}));
  CHECK(read_all(reader) == std::vector<std::string>{"one", "", "three"});
  CHECK(reader.pending() == 0);
}

TEST_CASE("half a frame waits for its other half, wherever it is cut") {
  const std::string stream = framed({"one", "two"});
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameReader reader(100);
    reader.feed(stream.substr(0, cut));
    std::vector<std::string> frames = read_all(reader);
    CHECK(frames.size() == (cut >= 14 ? 2 : cut >= 7 ? 1 : 0));
    reader.feed(stream.substr(cut));
    for (const std::string& frame : read_all(reader)) frames.push_back(frame);
    CHECK(frames == std::vector<std::string>{"one", "two"});
  }
}

TEST_CASE("octet by octet is as good as at once") {
  FrameReader reader(100);
  std::vector<std::string> frames;
  for (const char octet : framed({"a", "bc"})) {
    reader.feed({&octet, 1});
    for (const std::string& frame : read_all(reader)) frames.push_back(frame);
  }
  CHECK(frames == std::vector<std::string>{"a", "bc"});
}

TEST_CASE("a frame of the limit passes, one more octet is an error at once") {
  FrameReader reader(5);
  reader.feed(framed({"12345"}));
  CHECK(read_all(reader) == std::vector<std::string>{"12345"});
  reader.feed(std::string("\0\0\0\6", 4));
  CHECK(read_all(reader) == std::vector<std::string>{"!frame of 6 octets, at most 5 are allowed"});
  reader.feed("123456");
  CHECK(read_all(reader) == std::vector<std::string>{"!frame of 6 octets, at most 5 are allowed"});
}

TEST_CASE("the longest length that can be written is refused without keeping anything") {
  FrameReader reader(kSupervisionFrameLimit);
  reader.feed("\xff\xff\xff\xff");
  CHECK_FALSE(reader.next());
  CHECK(reader.pending() == 4);
}

TEST_CASE("many frames in odd pieces") {
  std::mt19937 random(7);
  std::string stream;
  std::vector<std::string> sent;
  for (int i = 0; i < 3000; ++i) {
    sent.emplace_back(random() % 2000, static_cast<char>(i));
    append_frame(stream, sent.back());
  }
  FrameReader reader(2000);
  std::vector<std::string> received;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t piece = 1 + random() % 100'000;
    reader.feed(std::string_view(stream).substr(at, piece));
    at += piece;
    for (std::string& frame : read_all(reader)) received.push_back(std::move(frame));
  }
  CHECK(received == sent);
  CHECK(reader.pending() == 0);
}

TEST_CASE("rubbish is frames or an error, never more than was fed") {
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    FrameReader reader(64);
    std::string rubbish;
    for (std::size_t j = random() % 300; j > 0; --j) rubbish.push_back(static_cast<char>(random() % 4));
    reader.feed(rubbish);
    std::size_t octets = 0;
    for (const std::string& frame : read_all(reader)) octets += frame.starts_with('!') ? 0 : frame.size() + 4;
    CHECK(octets <= rubbish.size());
  }
}

TEST_CASE("a large buffer is given back when everything in it was read, a small one is kept") {
  FrameReader reader(10U << 20);
  const std::string large = framed({std::string(1U << 20, 'x')});
  reader.feed(large);
  reader.feed(framed({"next"}).substr(0, 6));
  REQUIRE(*reader.next());
  CHECK(reader.pending() == 6);
  reader.feed(framed({"next"}).substr(6));
  CHECK(**reader.next() == "next");
  CHECK(reader.capacity() <= kKeptBufferOctets);

  reader.feed(framed({std::string(10'000, 'x')}));
  REQUIRE(*reader.next());
  CHECK(reader.capacity() >= 10'000);
}
