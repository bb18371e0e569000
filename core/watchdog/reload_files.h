// The files that a reload leaves or needs besides the configuration (behaviour.md b.4, c): reload_file, the log of
// reload_check_config, config_save_dir. Called by the process around a reading; what is in them is decided there.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/config/load.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

/// reload_file: exists as long as this object does.
class ReloadMark {
 public:
  /// "" makes none; one that cannot be made is said by `made()`.
  explicit ReloadMark(std::string path);
  ~ReloadMark();
  ReloadMark(const ReloadMark&) = delete;
  ReloadMark& operator=(const ReloadMark&) = delete;
  const Status& made() const { return made_; }

 private:
  std::string path_;
  Status made_;
};

/// Where it is: "" for none; the default is the pid file's name with .reload instead of .pid.
std::string reload_mark_path(const config::GlobalDefs& globals, const std::string& pid_file);

/// What -t would say, at the end of the file.
Status append_check_log(const std::string& path, const config::Loaded& loaded);

/// Names in config_save_dir; `number` counts the readings, 0 at the start.
std::string saved_configuration(pid_t pid, unsigned number);
std::string saved_state(Role role, pid_t pid, unsigned number, bool after);

/// A new file, mode 0600, that takes the place of an old one.
Status replace_file(const std::string& path, const std::string& text);

}  // namespace holdfast::watchdog
