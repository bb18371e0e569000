// The language of test/scenarios/watchdog/*.txt: blocks of commands, a line of four dashes, and the time line that must follow.
// The engine is real; its vrrp child and its core are played here, on a virtual clock.
//
//   policy respawn=no keep_vips=yes wait=5s      command line and child_wait_time; before begin
//   child ready=5ms adverts=1s down=3609ms       how soon a child is ready, and its will: rhythm, peers' master-down time
//   child vips=no                                it is Backup: no will
//   child latest=4s                              it does not know its peers: by then the slowest has taken over
//   begin | begin remembered=500ms               start; the record file vouches for adverts up to so long ago
//   begin orphan=50 [remembered=…]               a child of an earlier core lives
//   knock same | knock changed                   the orphan attaches; `changed`: it runs another configuration
//   run 5s | run 300ms
//   kill | exit 1 | crash 11                     the child dies: SIGKILL, exit status, signal
//   freeze | thaw                                SIGSTOP, SIGCONT of the child
//   garble | hang-up                             it sends rubbish | its link breaks while it lives
//   sleep 10s [timers]                           core is stopped; on waking it hears its sockets first, or its timers
//   spawn fails Too many open files | spawn works
//   takeover                                     what core listens for comes;  ear fails out of descriptors
//   loop on | loop off                           a child aborts 1 ms after its start
//   prepare accept | refuse WHY | silent         what it answers to a new configuration;  commit silent
//   reload | deaf | stop                         SIGHUP | it ignores a stop | SIGTERM of core
//   state                                        prints the child's
//
// The time line: milliseconds since the first command and what the engine did. `remove` says how long after the child's last
// advert that was. Pings are not shown.
#pragma once

#include <string>

namespace holdfast::test {

/// Runs every block of a scenario and gives the text with the output that really came. Equal text = the test passes.
std::string run_watchdog_scenario(const std::string& text);

}  // namespace holdfast::test
