#include "core/watchdog/io/notify_pipe.h"

#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

struct Bench {
  TemporaryDirectory folder;
  EventLoop loop;
  std::vector<std::string> said;
  ScriptHost scripts{loop, [this](std::string text) { said.push_back(std::move(text)); }};
  NotifyPipe pipe{loop, scripts, [this](std::string text) { said.push_back(std::move(text)); }};
  config::NotifyFifo settings;
  Bench() { settings.path = folder.file("fifo"); }

  UniqueFd reader() const { return UniqueFd(::open(settings.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)); }
  static std::string read_all(const UniqueFd& fd) {
    std::string text(1 << 20, '\0');
    const ssize_t size = ::read(fd.get(), text.data(), text.size());
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }
  mode_t mode() const {
    struct stat is {};
    return stat(settings.path.c_str(), &is) == 0 ? is.st_mode : 0;
  }
};

}  // namespace

TEST_CASE("an absent notify fifo is made, holds lines until a reader comes, and goes with us") {
  Bench b;
  b.pipe.configure(b.settings);
  CHECK(b.mode() == (S_IFIFO | 0644));
  b.pipe.write("INSTANCE V", "INSTANCE \"V\" MASTER 100");
  CHECK(Bench::read_all(b.reader()) == "INSTANCE \"V\" MASTER 100\n");
  b.pipe.close();
  CHECK(b.mode() == 0);
  CHECK(b.said.empty());
}

TEST_CASE("a notify fifo that was there stays when we go") {
  Bench b;
  REQUIRE(mkfifo(b.settings.path.c_str(), 0600) == 0);
  b.pipe.configure(b.settings);
  b.pipe.write("x", "line");
  CHECK(Bench::read_all(b.reader()) == "line\n");
  b.pipe.close();
  CHECK(b.mode() == (S_IFIFO | 0600));
}

TEST_CASE("while the fifo is full the newest line of each subject is kept, in the order of the changes") {
  Bench b;
  b.pipe.configure(b.settings);
  const std::string filler(3999, 'x');
  for (int i = 0; i < 100; ++i) b.pipe.write("filler " + std::to_string(i), filler);
  REQUIRE(b.said.size() == 1);
  CHECK(b.said[0].find("is full") != std::string::npos);
  b.pipe.write("V", "V BACKUP");
  b.pipe.write("W", "W MASTER");
  b.pipe.write("V", "V MASTER");
  const UniqueFd reader = b.reader();
  std::string text;
  b.loop.run_until(
      [&] {
        text += Bench::read_all(reader);
        return text.ends_with("V MASTER\n");
      },
      b.loop.now() + seconds(20));
  CHECK(text.ends_with("W MASTER\nV MASTER\n"));
  CHECK(text.find("V BACKUP") == std::string::npos);
  CHECK(text.size() == 100 * 4000 + 2 * 9);
}

TEST_CASE("what is no line of text is not written, and a path that is no fifo is refused") {
  Bench b;
  b.pipe.configure(b.settings);
  b.pipe.write("x", "two\nlines");
  b.pipe.write("x", std::string(5000, 'x'));
  CHECK(b.said.size() == 2);
  CHECK(Bench::read_all(b.reader()).empty());
  b.pipe.close();
  std::ofstream(b.settings.path) << "a file";
  config::NotifyFifo again = b.settings;
  again.user = "root";
  b.pipe.configure(again);
  REQUIRE(b.said.size() == 3);
  CHECK(b.said[2].find("is no fifo") != std::string::npos);
  b.pipe.write("x", "line");
  CHECK(b.said.size() == 3);
}
