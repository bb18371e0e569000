#include "vrrp/io/process_watch.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <linux/netlink.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast;
using namespace holdfast::vrrp;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kToken = 4711;

/// One message of the connector as the kernel sends it.
Bytes message(std::uint32_t what, std::vector<std::uint32_t> members, std::uint32_t ack = 0) {
  std::vector<std::uint32_t> body{1, 1, 0, ack, 0, what, 0, 0, 0};  // idx, val, seq, ack, len+flags, what, cpu, time
  body.insert(body.end(), members.begin(), members.end());
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + body.size() * 4);
  Bytes bytes(header.nlmsg_len);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, body.data(), body.size() * 4);
  return bytes;
}

/// A host's processes, made of files.
struct FakeProc {
  fs::path path;
  FakeProc() {
    char name[] = "/tmp/fake_proc_XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path = name;
    fs::create_directory(path / "self");
    std::ofstream(path / "uptime") << "1";
  }
  ~FakeProc() { fs::remove_all(path); }
  void run(int process, const std::string& name, const std::string& command = {}, char state = 'S') const {
    const fs::path folder = path / std::to_string(process);
    fs::create_directory(folder);
    std::ofstream(folder / "stat") << process << " (" << name << ") " << state << " 1 1";
    std::ofstream(folder / "cmdline").write(command.data(), static_cast<std::streamsize>(command.size()));
  }
  void end(int process) const { fs::remove_all(path / std::to_string(process)); }
};

struct Bench {
  EventLoop loop;
  std::map<std::string, int> counts;
  std::vector<std::string> notes;
  ProcessWatch watch;
  explicit Bench(const std::string& proc)
      : watch(
            loop, [this](const ProcessesCounted& news) { counts[news.process] = news.count; },
            [this](const std::string& line) { notes.push_back(line); }, proc) {}
  bool comes(const std::string& process, int count) {
    return loop.run_until([&] { return counts.contains(process) && counts[process] == count; },
                          loop.now() + seconds(20));
  }
};

config::TrackProcess named(const std::string& name) {
  config::TrackProcess made;
  made.name = made.process = name;
  return made;
}

}  // namespace

TEST_CASE("the kernel's events are read, those of threads left out") {
  using Kind = ProcessEvent::Kind;
  const auto only = [](const Bytes& bytes) { return parse_process_events(bytes, kToken); };
  CHECK(only(message(0, {0}, kToken + 1)) == std::vector<ProcessEvent>{{Kind::Confirmed, 0, 0}});
  CHECK(only(message(0, {0}, kToken + 2)).empty());
  CHECK(only(message(0, {1}, kToken + 1)).empty());
  CHECK(only(message(1, {10, 10, 11, 11})) == std::vector<ProcessEvent>{{Kind::Forked, 11, 10}});
  CHECK(only(message(1, {10, 10, 11, 10})).empty());
  CHECK(only(message(2, {11, 11})) == std::vector<ProcessEvent>{{Kind::Changed, 11, 0}});
  CHECK(only(message(0x200, {11, 11, 1, 2, 3, 4})) == std::vector<ProcessEvent>{{Kind::Changed, 11, 0}});
  CHECK(only(message(0x80000000, {11, 11, 0, 17})) == std::vector<ProcessEvent>{{Kind::Ended, 11, 0}});
  CHECK(only(message(0x80000000, {12, 11, 0, 17})).empty());
  CHECK(only(message(4, {11, 11, 0, 0})).empty());
}

TEST_CASE("bytes that are no events are no events") {
  CHECK(parse_process_events({}, kToken).empty());
  const Bytes whole = message(1, {10, 10, 11, 11});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(parse_process_events(ByteView(whole).first(length), kToken).empty());
  }
  Bytes lies = whole;
  lies[0] = 255;
  CHECK(parse_process_events(lies, kToken).empty());
  Bytes two = whole;
  two.insert(two.end(), whole.begin(), whole.end());
  CHECK(parse_process_events(two, kToken).size() == 2);
}

TEST_CASE("processes are counted from the start, but not those that are dead") {
  const FakeProc proc;
  proc.run(10, "nginx");
  proc.run(11, "nginx");
  proc.run(12, "nginx", {}, 'Z');
  proc.run(13, "app", std::string("/opt/app\0-x\0", 12));
  fs::create_directory(proc.path / "14");  // it ended while it was looked at
  Bench b(proc.path);
  config::TrackProcess whole = named("/opt/app");
  whole.parameters = {"-x"};
  b.watch.want({named("nginx"), whole, named("none")}, {});
  CHECK(b.counts == std::map<std::string, int>{{"nginx", 2}, {"/opt/app", 1}, {"none", 0}});
}

TEST_CASE("what comes and goes is seen, by events or by looking") {
  // no event tells of these files: they are seen only by looking, and while there are events that is rare
  if (ProcessEventSocket::open({})) return;
  const FakeProc proc;
  proc.run(10, "nginx");
  Bench b(proc.path);
  b.watch.want({named("nginx")}, {});
  proc.run(11, "nginx");
  CHECK(b.comes("nginx", 2));
  proc.end(10);
  proc.end(11);
  CHECK(b.comes("nginx", 0));
  CHECK(b.notes.size() == 1);
}

TEST_CASE("a real process is seen when it begins and when it ends") {
  Bench b("/proc");
  config::TrackProcess sleeper = named("/bin/sleep");
  sleeper.parameters = {"86399"};
  b.watch.want({sleeper}, {});
  CHECK(b.counts["/bin/sleep"] == 0);
  const pid_t process = fork();
  REQUIRE(process >= 0);
  if (process == 0) {
    execl("/bin/sleep", "/bin/sleep", "86399", nullptr);
    _exit(1);
  }
  CHECK(b.comes("/bin/sleep", 1));
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
  CHECK(b.comes("/bin/sleep", 0));
  b.watch.want({}, {});
  CHECK_FALSE(b.loop.run_once());
}
