// Which of the host's processes are those that a vrrp_track_process means, and how many (behaviour.md d.14). Pure: the process
// watch (vrrp/io) says what began, what it became and what ended; here it is matched and counted. Only processes that match
// something are kept, so that a host with many costs nothing.
//
// Without parameters, param_match or full_command the name that the kernel gives a process counts (15 octets of it, and of a
// path only what is behind its last slash); else its first argument and those behind it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/config/schema/track_process.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

struct ProcessFacts {
  std::string name;                    ///< as the kernel has it, up to 15 octets
  std::vector<std::string> arguments;  ///< argv; empty for a thread of the kernel
};

/// The name in the text of /proc/PID/stat; nothing when it cannot be read, or for a process that has ended and waits to be
/// buried.
std::optional<std::string> name_in_stat(std::string_view text);
/// The words in the text of /proc/PID/cmdline.
std::vector<std::string> arguments_in(std::string_view text);

bool matches(const config::TrackProcess& wanted, const ProcessFacts& facts);

class ProcessCensus {
 public:
  /// Counts begin anew: everything is to be told again.
  void want(std::vector<config::TrackProcess> processes);
  /// All that is known of processes is forgotten, the counts told last are not.
  void forget();
  bool wants_arguments() const;

  /// What this process is now.
  void is(std::int32_t process, const ProcessFacts& facts);
  void ended(std::int32_t process);
  /// A copy of its parent, until it becomes something else.
  void forked(std::int32_t parent, std::int32_t child);

  /// Counts that are not those told last.
  std::vector<ProcessesCounted> news();

 private:
  struct Wanted {
    config::TrackProcess process;
    int count = 0;
    std::optional<int> told;
  };
  void count(const std::vector<std::size_t>& matched, int difference);

  std::vector<Wanted> wanted_;
  std::unordered_map<std::int32_t, std::vector<std::size_t>> matched_;  ///< by process: indexes into wanted_
};

}  // namespace holdfast::vrrp
