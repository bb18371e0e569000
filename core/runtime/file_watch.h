// Files with a number in them (behaviour.md d.14, e.4): told by inotify on the file's directory, so that a file that is renamed
// over the old one is seen, and on the file itself, so that one behind a symbolic link is. What inotify cannot watch yet (no
// such directory, a link to nothing) is looked at each second, and every file each ten seconds to be sure. For the checker's
// FILE_CHECK and for track_file of vrrp. Only regular files are opened, and only their first octets are read. Absent: what
// the number means.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

/// The integer with which the text begins, after blanks: decimal, or with 0x or 0 in front hexadecimal or octal. Numbers too
/// big for 64 bits are the biggest.
std::optional<std::int64_t> first_number(std::string_view text);

/// What was found in a file.
struct FileNumber {
  std::optional<std::int64_t> value;
  std::string problem;  ///< why there is none, though there is such a file; "" = no such file, or all is well
  bool operator==(const FileNumber&) const = default;
};
FileNumber read_number(const std::string& path);

class FileWatch {
 public:
  using Sink = std::function<void(const std::string& path, const FileNumber&)>;
  FileWatch(EventLoop& loop, Sink sink);

  /// The first number is told soon after, never from inside. Only a lack of inotify is an error; the file is then looked at
  /// each second.
  Status watch(const std::string& path);
  void unwatch(const std::string& path);

 private:
  struct Watched {
    int directory = -1, file = -1;  ///< watch descriptors of inotify
    bool told = false;
    FileNumber number;
  };

  Status open_inotify();
  void on_inotify();
  void on_second();
  void on_sure();
  void on_soon();
  void look_at(const std::string& path);
  void rewatch(const std::string& path, Watched& watched);
  void drop(int descriptor);
  void arm();

  EventLoop& loop_;
  Sink sink_;
  UniqueFd inotify_;
  std::map<std::string, Watched> watched_;
  std::set<std::string> due_;       // shall be looked at soon
  std::set<std::string> doubtful_;  // inotify cannot tell everything of them
  DeadlineTimer soon_, second_, sure_;
  bool second_armed_ = false, sure_armed_ = false;
  std::unique_ptr<FdWatch> watch_;
};

}  // namespace holdfast
