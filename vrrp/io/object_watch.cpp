#include "vrrp/io/object_watch.h"

#include <optional>
#include <set>
#include <utility>

#include "core/runtime/file_watch.h"
#include "vrrp/io/linkbeat_watch.h"
#include "vrrp/io/process_watch.h"

namespace holdfast::vrrp {

struct ObjectWatch::Beside {
  Beside(SideLoop::Tell how, EventSink where) : tell(std::move(how)), sink(std::move(where)) {}

  void say(Event event) const {
    tell([where = &sink, event = std::move(event)] { (*where)(event); });
  }

  void watch_files(EventLoop& loop, const std::set<std::string>& wanted) {
    if (!files) {
      files.emplace(loop, [this](const std::string& path, const FileNumber& number) {
        say(FileChanged{path, number.value, number.problem});
      });
    }
    for (const std::string& path : std::exchange(paths, wanted)) {
      if (!wanted.contains(path)) files->unwatch(path);
    }
    for (const std::string& path : wanted) {
      const Status status = files->watch(path);
      if (!status) say(PortNote{"Tracked files: " + status.error().message + ", looking at them each second"});
    }
  }

  void watch_processes(EventLoop& loop, const WatchProcesses& wanted) {
    if (!processes) {
      processes.emplace(
          loop, [this](const ProcessesCounted& count) { say(count); },
          [this](const std::string& line) { say(PortNote{line}); });
    }
    processes->want(wanted.processes, {wanted.buffer_octets, wanted.force_buffer});
  }

  void watch_linkbeats(EventLoop& loop, const WatchLinkbeats& wanted) {
    if (!linkbeats) {
      linkbeats.emplace(
          loop,
          [this](const std::string& interface, bool up) {
            say(LinkbeatSeen{interface, up});
          },
          [this](const std::string& line) { say(PortNote{line}); });
    }
    linkbeats->want(wanted.interfaces);
  }

  SideLoop::Tell tell;
  EventSink sink;
  std::set<std::string> paths;
  std::optional<FileWatch> files;
  std::optional<ProcessWatch> processes;
  std::optional<LinkbeatWatch> linkbeats;
};

ObjectWatch::ObjectWatch(EventLoop& loop, EventSink sink)
    : side_(loop), beside_(std::make_shared<Beside>(side_.tell(), std::move(sink))) {}

/// What lives on the thread ends on it.
ObjectWatch::~ObjectWatch() {
  if (!begun_) return;
  side_.post([beside = beside_](EventLoop&) {
    beside->files.reset();
    beside->processes.reset();
    beside->linkbeats.reset();
  });
}

void ObjectWatch::watch_files(const WatchFiles& what) {
  if (what.paths.empty() && !begun_) return;
  begun_ = side_.post([beside = beside_, paths = what.paths](EventLoop& loop) { beside->watch_files(loop, paths); });
}

void ObjectWatch::watch_processes(const WatchProcesses& what) {
  if (what.processes.empty() && !begun_) return;
  begun_ = side_.post([beside = beside_, what](EventLoop& loop) { beside->watch_processes(loop, what); });
}

void ObjectWatch::watch_linkbeats(const WatchLinkbeats& what) {
  if (what.interfaces.empty() && !begun_) return;
  begun_ = side_.post([beside = beside_, what](EventLoop& loop) { beside->watch_linkbeats(loop, what); });
}

}  // namespace holdfast::vrrp
