// Everything that can happen to the watchdog, as values. process.cpp makes them, Engine::handle takes them with `now`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/time.h"

namespace holdfast::watchdog {

enum class Role : std::uint8_t { Vrrp = 0, Checker = 1 };
/// "VRRP", "Healthcheck": as keepalived's log lines call them (log_lines.md section 1).
const char* title(Role role);

/// A child that lives although no core of its own does: the lock on its pid file says so.
struct Orphan {
  Role role = Role::Vrrp;
  std::int32_t pid = 0;
  bool operator==(const Orphan&) const = default;
};

/// The daemon begins with a valid configuration.
struct Begin {
  std::vector<Role> needed;
  std::uint64_t generation = 1;
  std::vector<Orphan> orphans;
  TimePoint remembered_until{};  ///< the record file vouches for adverts up to here; epoch = no record file
};

struct Spawned {
  Role role = Role::Vrrp;
  std::int32_t pid = 0;
};
struct SpawnFailed {
  Role role = Role::Vrrp;
  std::string reason;
};
/// An orphan that proved who it is has a link to us now.
struct Attached {
  Role role = Role::Vrrp;
  std::int32_t pid = 0;
  bool same_configuration = false;  ///< the digest of what it runs equals that of what we read
};
struct Exited {
  Role role = Role::Vrrp;
  std::int32_t pid = 0;
  bool signalled = false;
  int status = 0;        ///< exit status or signal number
  bool unknown = false;  ///< an adopted child: not ours to wait for, how it ended cannot be known
};
/// The link broke, which mostly means that the process has just died; or what came over it cannot be trusted.
struct LinkLost {
  Role role = Role::Vrrp;
  std::string reason;
  bool untrustworthy = false;
  std::int32_t pid = 0;  ///< whose link it was; 0 = the present child's
};

struct ChildReady {
  Role role = Role::Vrrp;
  std::uint64_t generation = 0;
};
struct ChildPrepared {
  Role role = Role::Vrrp;
  std::uint64_t generation = 0;
  bool accepted = false;
  std::vector<std::string> reasons;
};
struct ChildPong {
  Role role = Role::Vrrp;
  std::uint64_t sequence = 0;
};
struct ChildStopped {
  Role role = Role::Vrrp;
};

struct WillAddress {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;
  bool operator==(const WillAddress&) const = default;
};
/// Where a peer can be heard that takes over: a packet that passes the filter there means it, whatever it says.
struct Ear {
  std::uint32_t interface_index = 0;  ///< 0 = any
  IpAddress address;                  ///< a multicast group to join, or an address of ours
  std::uint8_t protocol = 112;        ///< of IP
  Bytes filter;                       ///< sock_filter[]
  Duration latest_interval{};  ///< after the last advert: from here on it is time, whether anybody was heard or not
  bool operator==(const Ear&) const = default;
};
/// What must be undone if the child cannot be brought back before the peers take over (DESIGN §5, "Last will").
struct Bequest {
  std::string key;            ///< instance name
  TimePoint advert_anchor{};  ///< adverts went out at anchor + k × interval
  Duration advert_interval = seconds(1);
  Duration peers_down_interval = seconds(3);
  std::vector<WillAddress> addresses;
  std::vector<Bytes> orders = {};  ///< ready messages to the kernel that remove routes and rules, to be sent first
  std::optional<Ear> ear = {};     ///< of peers that were never heard; none = peers_down_interval is exact
  bool operator==(const Bequest&) const = default;
};
struct WillChanged {
  Role role = Role::Vrrp;
  std::vector<Bequest> bequests;
  std::vector<std::string> revoked;
};

/// A packet has passed the filter of this bequest's ear since StartListening.
struct TakeoverHeard {
  Role role = Role::Vrrp;
  std::string key;
};
/// The ear could not be put there.
struct ListeningFailed {
  Role role = Role::Vrrp;
  std::string key;
  std::string reason;
};

/// A new configuration has been read and is valid; the children have not seen it yet.
struct ReloadOffered {
  std::uint64_t generation = 0;
  std::vector<Role> needed;
};
struct StopRequested {};

using Event =
    std::variant<Begin, Spawned, SpawnFailed, Attached, Exited, LinkLost, ChildReady, ChildPrepared, ChildPong,
                 ChildStopped, WillChanged, TakeoverHeard, ListeningFailed, ReloadOffered, StopRequested>;

}  // namespace holdfast::watchdog
