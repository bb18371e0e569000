// The language of test/scenarios/checker/*.txt: blocks of commands, a line of four dashes, and the time line that must follow.
//
//   config … end              the text of a configuration between the two lines (keepalived's language)
//   start | kill | resume     begin with the configuration; die (records stay, as core keeps them); come back with them
//   reload | stop             take the configuration as it is now; leave in order (`stop keep`: -I)
//   run 10s | run 300ms
//   server 10.0.0.1:80 up | refuse | timeout | status 503 | local   what probes of this endpoint find from now on
//   exit CMD 0 | exit CMD timeout | signal 9                        what the MISC_CHECK with this command gives from now on
//   file PATH 5 | file PATH -                                       the content of a tracked file
//   address 192.0.2.9 add|remove        of this host
//   instance VI_1 active|backup         what vrrp says
//   marks refused                       the kernel sets no firewall marks (nftables_ipvs)
//   show probes | show records | show mail   let the time line hold them too
//   table                               the kernel's services as they are desired now
//
// The time line: milliseconds since the first command and what the engine did. A probe takes 10 ms, one that times out its
// connect_timeout, a script 20 ms.
#pragma once

#include <string>

namespace holdfast::test {

std::string run_checker_scenario(const std::string& text);

}  // namespace holdfast::test
