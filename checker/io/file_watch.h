// Files of FILE_CHECK (behaviour.md d.14, e.4): told by inotify on the file's directory, so that a file that is renamed over
// the old one is seen, and on the file itself, so that one behind a symbolic link is. What inotify cannot watch yet (no such
// directory, a link to nothing) is looked at each second. The real FilePort. A child reads these files and no others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "checker/ports.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::checker {

/// The integer with which the text begins, after blanks; numbers too big for 64 bits are the biggest.
std::optional<std::int64_t> first_number(std::string_view text);

class FileWatch : public FilePort {
 public:
  FileWatch(EventLoop& loop, EventSink sink);

  /// The first FileChanged comes soon after, never from inside. Only a lack of inotify is an error.
  Status watch(const std::string& path) override;
  void unwatch(const std::string& path) override;

 private:
  struct Watched {
    int directory = -1, file = -1;  ///< watch descriptors of inotify
    bool told = false;
    std::optional<std::int64_t> value;
  };

  Status open_inotify();
  void on_inotify();
  void on_second();
  void on_soon();
  void look_at(const std::string& path);
  void rewatch(const std::string& path, Watched& watched);
  void drop(int descriptor);
  void arm();

  EventLoop& loop_;
  EventSink sink_;
  UniqueFd inotify_;
  std::map<std::string, Watched> watched_;
  std::set<std::string> due_;       // shall be looked at soon
  std::set<std::string> doubtful_;  // inotify cannot tell everything of them
  DeadlineTimer soon_, second_;
  bool second_armed_ = false;
  std::unique_ptr<FdWatch> watch_;
};

}  // namespace holdfast::checker
