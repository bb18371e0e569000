// Starting programs and collecting their ends. Core only: vrrp and checker never run anything. fork + exec, not vfork: a
// vfork child that changes its user would change whether its parent may dump core.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/result.h"

namespace holdfast {

struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< supplementary
  bool operator==(const Credentials&) const = default;
};

struct SpawnOptions {
  std::string executable;                ///< path; not looked up in PATH
  std::vector<std::string> argv;         ///< argv[0] included
  std::vector<std::string> environment;  ///< "NAME=value", whole: nothing is inherited
  int inherit_fd = -1;                   ///< becomes descriptor 3 of the child, blocking mode unchanged; -1 = none
  bool new_process_group = false;        ///< the child leads a group of its own
  bool null_stdio = false;               ///< 0, 1 and 2 are /dev/null; else they are inherited
  std::optional<Credentials> credentials;
  std::optional<int> nice;        ///< absolute, -20..19
  bool reset_scheduling = true;   ///< SCHED_OTHER, whatever the parent runs at
  int death_signal = 0;           ///< sent to the child when the parent dies; 0 = none
  std::string working_directory;  ///< "" = the parent's
};

/// A running child that has passed exec: a program that cannot be executed is an Error with exec's errno, and no zombie.
/// All descriptors but 0, 1, 2 (and 3 with inherit_fd) are closed, handlers are default, no signal is blocked.
Result<pid_t> spawn(const SpawnOptions& options);

/// How a child ended: `status` is its exit status, or the signal.
struct Exit {
  pid_t pid = 0;
  bool signalled = false;
  int status = 0;
  bool operator==(const Exit&) const = default;
};

/// Every child that has ended since the last call; never waits.
std::vector<Exit> reap_children();

/// The environment of this process as "NAME=value", without the names given.
std::vector<std::string> environment_without(const std::vector<std::string>& names);

}  // namespace holdfast
