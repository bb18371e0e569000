#include "vrrp/io/process_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace holdfast::vrrp {

namespace {

constexpr Duration kWithoutEvents = milliseconds(250);  ///< between two looks at /proc
constexpr Duration kToBeSure = seconds(60);             ///< the same while the kernel tells what happens
constexpr int kShare = 20;                              ///< a look may take this part of the time
constexpr int kMostDatagrams = 4096;                    ///< in one turn of the loop
constexpr std::size_t kMostOctets = 65536;              ///< of a command line

std::string contents(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::string text;
  std::array<char, 4096> part;
  while (fd && text.size() < kMostOctets) {
    const ssize_t size = read(fd.get(), part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  return text;
}

std::optional<std::int32_t> number_of(const char* name) {
  const std::string_view text(name);
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

}  // namespace

ProcessWatch::ProcessWatch(EventLoop& loop, Sink sink, Note note, std::string proc)
    : loop_(loop), sink_(std::move(sink)), note_(std::move(note)), proc_(std::move(proc)), next_scan_(loop, [this] {
        scan();
      }) {}

void ProcessWatch::want(std::vector<config::TrackProcess> processes, const EventBuffer& buffer) {
  wanting_ = !processes.empty();
  census_.want(std::move(processes));
  if (!wanting_) {
    watch_.reset();
    events_.reset();
    confirmed_ = asked_ = false;
    next_scan_.arm(std::nullopt);
    return;
  }
  if (!std::exchange(asked_, true)) subscribe(buffer);
  scan();
}

/// Before the first look, so that what happens meanwhile is not missed.
void ProcessWatch::subscribe(const EventBuffer& buffer) {
  auto opened = ProcessEventSocket::open(buffer);
  if (!opened) {
    note_("Tracked processes: the kernel does not tell of processes here (" + opened.error().message +
          "), looking at /proc instead");
    return;
  }
  events_.emplace(std::move(*opened));
  watch_ = std::make_unique<FdWatch>(loop_, events_->fd(), Ready::Read, [this] { on_events(); });
}

void ProcessWatch::on_events() {
  std::vector<ProcessEvent> events;
  for (int i = 0; i < kMostDatagrams; ++i) {
    const auto outcome = events_->receive(events);
    if (outcome == ProcessEventSocket::Outcome::Nothing) break;
    if (outcome == ProcessEventSocket::Outcome::Lost) lost_ = true;
  }
  for (const ProcessEvent& event : events) take(event);
  tell();
  if (lost_) arm();
}

void ProcessWatch::take(const ProcessEvent& event) {
  switch (event.kind) {
    case ProcessEvent::Kind::Confirmed:
      if (!std::exchange(confirmed_, true)) arm();
      return;
    case ProcessEvent::Kind::Forked:
      return census_.forked(event.parent, event.process);
    case ProcessEvent::Kind::Changed:
      return look_at(event.process);
    case ProcessEvent::Kind::Ended:
      return census_.ended(event.process);
  }
}

void ProcessWatch::look_at(std::int32_t process) {
  const std::string folder = fmt::format("{}/{}/", proc_, process);
  auto name = name_in_stat(contents(folder + "stat"));
  if (!name) return census_.ended(process);
  ProcessFacts facts{*std::move(name), {}};
  if (census_.wants_arguments()) facts.arguments = arguments_in(contents(folder + "cmdline"));
  census_.is(process, facts);
}

void ProcessWatch::scan() {
  const TimePoint begun = loop_.now();
  lost_ = false;
  census_.forget();
  DIR* processes = opendir(proc_.c_str());
  while (const dirent* entry = processes == nullptr ? nullptr : readdir(processes)) {
    if (const auto process = number_of(entry->d_name)) look_at(*process);
  }
  if (processes != nullptr) closedir(processes);
  last_scan_at_ = loop_.now();
  last_scan_took_ = last_scan_at_ - begun;
  tell();
  arm();
}

void ProcessWatch::tell() {
  for (const ProcessesCounted& news : census_.news()) sink_(news);
}

void ProcessWatch::arm() {
  const Duration pause = lost_ ? Duration::zero() : confirmed_ ? kToBeSure : kWithoutEvents;
  next_scan_.arm(last_scan_at_ + std::max(pause, kShare * last_scan_took_));
}

}  // namespace holdfast::vrrp
