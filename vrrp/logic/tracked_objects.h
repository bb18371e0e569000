// Files and processes that instances track (behaviour.md d.3, d.14), each once however many instances watch it: the number
// in a track_file, and whether a vrrp_track_process has its quorum, with what its delays make of a change. The engine hands
// in what was seen and asks for the next deadline; assess() (tracking.h) makes priorities and faults of it.
//
// What is known is remembered, so that a successor, which does not know a file or process yet, goes on with what its
// predecessor knew instead of moving a priority twice; so does a reload that names another file, until that was read. Absent: reading files, counting processes (vrrp/io).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

enum class Health : std::uint8_t { Unknown, Up, Down };

struct FileView;
struct ProcessView;

class TrackedObjects {
 public:
  /// The files and processes that some of `instances` track; what is known of those that mean the same as before is kept,
  /// or taken from `past`.
  void configure(const config::Config& config, const std::vector<const config::VrrpInstance*>& instances,
                 const std::vector<ObjectRecord>& past, TimePoint now, Effects& out);
  /// Each takes in what was seen and tells whose instances must be assessed again.
  std::vector<ObjectKey> on(const FileChanged& event, Effects& out);
  std::vector<ObjectKey> on(const ProcessesCounted& event, TimePoint now, Effects& out);
  std::vector<ObjectKey> on_deadline(TimePoint now, Effects& out);
  std::optional<TimePoint> next_deadline() const;
  /// Nothing is watched any more.
  void stop(Effects& out);

  /// Nothing before the file was looked at; without a number in it it is 0.
  std::optional<std::int64_t> value(const std::string& file) const;
  Health health(const std::string& process) const;
  /// The first answers must come any moment: who waits for them elects with the right priority from the start.
  bool asking() const { return asking_until_.has_value(); }
  const config::TrackFile* file(const std::string& name) const;
  const config::TrackProcess* process(const std::string& name) const;

  /// For dumps, by name.
  std::vector<FileView> file_views() const;
  std::vector<ProcessView> process_views() const;

 private:
  struct File {
    config::TrackFile settings;
    std::optional<std::int64_t> value;
    std::string problem;  ///< as it was said last
  };
  struct Process {
    config::TrackProcess settings;
    Health health = Health::Unknown;
    std::optional<int> count;
    std::optional<TimePoint> decides_at;  ///< the quorum is another than `health` says, and counts from then on
  };
  void configure_files(const config::Config& config, const std::set<std::string>& tracked,
                       const std::vector<ObjectRecord>& past, Effects& out);
  void configure_processes(const config::Config& config, const std::set<std::string>& tracked,
                           const std::vector<ObjectRecord>& past, Effects& out);
  void decide(const std::string& name, Process& process, Effects& out);

  bool all_known() const;

  std::optional<TimePoint> asking_until_;
  std::map<std::string, File> files_;
  std::map<std::string, Process> processes_;
};

/// What makes a definition the same one after a reload or a crash: the file, or which processes count.
std::string identity_of(const config::TrackFile& file);
std::string identity_of(const config::TrackProcess& process);

}  // namespace holdfast::vrrp
