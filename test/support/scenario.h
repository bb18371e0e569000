// The language of test/scenarios/vrrp/*.txt: blocks of commands, a line of four dashes, and the time line that must
// follow.
//
//   router a 10.0.0.1/24                      a host with link ens33 and this address (links=ens33,eth1 for more)
//   instance a V prio=200 vip=192.0.2.9/24    a vrrp_instance; keys below. Once more: a second instance
//   script a chk interval=2s weight=-30       a vrrp_script; rise= fall= init_fail=yes reverse=yes
//   file a F path=/f weight=1 reverse=yes     a track_file;  write a /f 5|none: what stands in it from now on
//   process a P quorum=1 max=3 weight=-20 reverse=yes fork_delay=1s terminate_delay=1s   a vrrp_track_process
//   running a P 2                             so many of them run from now on
//   delay a eth1 down=500ms up=1s             interface_up_down_delays
//   garp_group a eth1,eth2 interval=300ms     a garp_group
//   group a G members=V,W                     a vrrp_sync_group; track= track_if= notify=yes weigh=yes; ungroup a G
//   start a b | stop a | kill a | resume a (with records) | restart a (without) | pause a | wake a
//   run 5s | run 300ms
//   cut a b | heal | link a ens33 down|up|delete|create [KIND]|vrf [VRF] | address a 10.0.0.1/24 add|remove
//   exit a chk 1                              what the script returns from now on
//   remove a 192.0.2.9                        somebody removes a VIP;  flush a: all of them
//   refuse a 192.0.2.9 13 | permit a 192.0.2.9   the kernel refuses it with this errno
//   advert a from=10.0.0.9 prio=50 …          a made-up advert reaches a: vrid= version= ttl= type= auth=none|pass:x|N
//   int=1s
//                                             vips=A,A to=GROUP checksum=bad
//   deliver a 45c0…                           raw bytes reach a
//   change a V prio=90 | rename a V W | drop a V | reload a     edit the configuration, then load it
//   stats a | records a | addresses a         print them
//   show records|scripts|fifo|mail                 let the time line hold them too
//
// Keys of an instance: prio= state=MASTER vrid= version= advert=1s vip=A/N,A/N evip= auth=pass:x preempt=no delay=5s
// interface= source=A track=chk:-30,other track_if=eth1:-10 track_file=F:2 track_process=P:-20 notify=yes garp_delay= garp_repeat= garp_refresh=
// garp_interval= garp_extra= lower_delay= lower_repeat= lower_no_advert=yes higher_send=yes down_adverts= lifetime=9s
// skip_check=yes ignore=yes track_primary=no no_track=yes deleted=yes priority_changes=yes mail=yes|nofaults (of a group too).
//
// The time line: milliseconds since the first command, host, what it did. An advert is shown when it is the first,
// differs from the one before, or is off the rhythm; gratuitous ARP of one instant is summed up.
#pragma once

#include <string>

namespace holdfast::test {

/// Runs every block of a scenario and gives the text with the output that really came. Equal text = the test passes.
std::string run_scenario(const std::string& text);

}  // namespace holdfast::test
