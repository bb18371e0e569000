// init_file of track_file (behaviour.md d.14): the number that stands in a tracked file when nobody has written one. Core
// writes it, for children write no files. Absent: reading the files (core/runtime/file_watch.h).
#pragma once

#include <string>
#include <vector>

#include "core/config/schema/track_file.h"

namespace holdfast::watchdog {

enum class Overwriting : std::uint8_t {
  AsConfigured,  ///< the daemon starts, or a reload brings the file: `overwrite` counts
  Never          ///< children serve on with what stands in the files
};

/// Writes those that have init_file: a file that is missing, and with `overwrite` also one that is there. Directories are not
/// made; only regular files are written to. Returns one line for each that could not be written.
std::vector<std::string> write_init_files(const std::vector<config::TrackFile>& files, Overwriting overwriting);

/// Of `next`, those that `before` has not with the same path.
std::vector<config::TrackFile> new_files(const std::vector<config::TrackFile>& before,
                                         const std::vector<config::TrackFile>& next);

}  // namespace holdfast::watchdog
