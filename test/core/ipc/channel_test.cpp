#include "core/ipc/channel.h"

#include <memory>
#include <sys/socket.h>
#include <vector>

#include "test/core/ipc/support.h"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Heard {
  std::vector<std::string> frames;
  std::vector<std::string> closes;
  Channel::Callbacks callbacks() {
    return {[this](std::string frame) { frames.push_back(std::move(frame)); },
            [this](std::string reason) { closes.push_back(std::move(reason)); }};
  }
};

void write_raw(const UniqueFd& fd, std::string_view octets) {
  REQUIRE(::send(fd.get(), octets.data(), octets.size(), 0) == static_cast<ssize_t>(octets.size()));
}

void says_goodbye_and_dies(Ends& ends) {
  std::string stream;
  append_frame(stream, "goodbye");
  write_raw(ends.far, stream);
  ends.far.reset();
}

}  // namespace

TEST_CASE("frames travel in both directions in order") {
  EventLoop loop;
  Ends ends;
  Heard a, b;
  Channel near(loop, std::move(ends.near), 1000, 10'000, a.callbacks());
  Channel far(loop, std::move(ends.far), 1000, 10'000, b.callbacks());
  near.send("one");
  near.send("");
  near.send("three");
  far.send("answer");
  until(loop, [&] { return b.frames.size() == 3 && a.frames.size() == 1; });
  CHECK(b.frames == std::vector<std::string>{"one", "", "three"});
  CHECK(a.closes.empty());
}

TEST_CASE("what the peer does not read waits in the queue and arrives whole") {
  EventLoop loop;
  Ends ends;
  Heard a, b;
  Channel near(loop, std::move(ends.near), 1000, 64U << 20, a.callbacks());
  const std::string big(3U << 20, 'x');
  near.send(big);
  near.send("after");
  CHECK(near.queued() > 0);
  Channel far(loop, std::move(ends.far), 4U << 20, 1000, b.callbacks());
  until(loop, [&] { return b.frames.size() == 2; });
  CHECK(b.frames[0] == big);
  CHECK(near.queued() == 0);
}

TEST_CASE("a peer that never reads costs the queue's limit, then the link") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 1000, 100'000, a.callbacks());
  int sent = 0;
  while (a.closes.empty() && sent < 10'000) {
    near.send(std::string(1000, 'x'));
    ++sent;
  }
  REQUIRE(a.closes.size() == 1);
  CHECK(a.closes[0].find("the peer does not read") != std::string::npos);
  CHECK_FALSE(near.open());
  near.send("ignored");
  CHECK(a.closes.size() == 1);
}

TEST_CASE("a peer that goes away is told once") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 1000, 1000, a.callbacks());
  ends.far.reset();
  until(loop, [&] { return !a.closes.empty(); });
  CHECK(a.closes == std::vector<std::string>{"closed by the peer"});
}

TEST_CASE("last words before the end are heard first") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 1000, 1000, a.callbacks());
  says_goodbye_and_dies(ends);
  near.drain();
  CHECK(a.frames == std::vector<std::string>{"goodbye"});
  CHECK(a.closes.size() == 1);
  near.drain();
  CHECK(a.closes.size() == 1);
}

TEST_CASE("last words are heard although something was sent to the dead before") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 1000, 1000, a.callbacks());
  says_goodbye_and_dies(ends);
  near.send("are you there?");
  near.send("really?");
  CHECK(a.closes.empty());
  CHECK(near.queued() == 0);
  until(loop, [&] { return !a.closes.empty(); });
  CHECK(a.frames == std::vector<std::string>{"goodbye"});
  CHECK(a.closes == std::vector<std::string>{"closed by the peer"});
}

TEST_CASE("an end inside a message is named") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 1000, 1000, a.callbacks());
  write_raw(ends.far, std::string_view("\0\0\0\7good", 8));
  ends.far.reset();
  until(loop, [&] { return !a.closes.empty(); });
  CHECK(a.closes == std::vector<std::string>{"closed by the peer inside a message (8 octets)"});
  CHECK(a.frames.empty());
}

TEST_CASE("a frame over the limit closes the link") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 1000, 1000, a.callbacks());
  write_raw(ends.far, std::string_view("\0\0\3\xe9", 4));
  until(loop, [&] { return !a.closes.empty(); });
  CHECK(a.closes == std::vector<std::string>{"frame of 1001 octets, at most 1000 are allowed"});
}

TEST_CASE("a channel may be destroyed while it hands over a frame") {
  EventLoop loop;
  Ends ends;
  std::unique_ptr<Channel> near;
  int frames = 0;
  near = std::make_unique<Channel>(loop, std::move(ends.near), 1000, 1000,
                                   Channel::Callbacks{[&](const std::string&) {
                                                        ++frames;
                                                        near.reset();
                                                      },
                                                      [](const std::string&) { FAIL("it is gone"); }});
  std::string stream;
  append_frame(stream, "one");
  append_frame(stream, "two");
  write_raw(ends.far, stream);
  until(loop, [&] { return frames == 1; });
  settle(loop);
  CHECK(frames == 1);
}

TEST_CASE("a channel may be destroyed while it tells of its end, also in the middle of sending") {
  EventLoop loop;
  Ends ends;
  std::unique_ptr<Channel> near;
  int closes = 0;
  near = std::make_unique<Channel>(loop, std::move(ends.near), 1000, 1000,
                                   Channel::Callbacks{[](const std::string&) {},
                                                      [&](const std::string& reason) {
                                                        CHECK(reason.find("does not read") != std::string::npos);
                                                        ++closes;
                                                        near.reset();
                                                      }});
  for (int i = 0; i < 1000 && near; ++i) near->send(std::string(900, 'x'));
  CHECK(closes == 1);
  CHECK_FALSE(near);
}

TEST_CASE("a peer that never stops writing does not starve the loop") {
  EventLoop loop;
  Ends ends;
  Heard a;
  Channel near(loop, std::move(ends.near), 10U << 20, 1000, a.callbacks());
  Channel far(loop, std::move(ends.far), 1000, 64U << 20, {});
  bool timer_rang = false;
  DeadlineTimer timer(loop, [&] { timer_rang = true; });
  timer.arm(now());
  for (int i = 0; i < 100; ++i) far.send(std::string(100'000, 'x'));
  until(loop, [&] { return timer_rang; });
  until(loop, [&] { return a.frames.size() == 100; });
}
