// Whether a received advert may reach the state machine: the checks of behaviour.md d.6 in that order (RFC 9568 §7.1).
// Each failure is an enumerator with a counter and one line of log; the virtual router logs it once until its
// complaints are reset.
//
// Rule of the era >= 2.3.3: another list of addresses is a complaint, not a reason to drop. Two routers that disagree
// about the list must still elect one of them.
#pragma once

#include <optional>
#include <string>

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/statistics.h"
#include "vrrp/logic/wire_memory.h"

namespace holdfast::vrrp {

enum class Complaint : std::uint8_t {
  WrongLength,
  WrongTimeToLive,
  WrongVersion,
  UnknownAuthenticationType,
  AuthenticationTypeMismatch,
  WrongPassword,
  WrongDigest,  ///< AH
  ReplayedDigest,
  TrailerMissing,  ///< auth_hmac, from here on
  TrailerMalformed,
  TrailerKeyUnknown,
  TrailerWrong,
  TrailerStale,
  TrailerReplayed,
  IntervalMismatch,
  WrongType,
  WrongTotalLength,
  WrongChecksum,
  NotOurGroup,
  NotAPeer,
  IgnoredAsOwner,
  AddressListMismatch,
  OldChecksum,  ///< no reason to drop, and not counted: 1.3.5's, which is spoken from now on
};

/// What became of one datagram.
struct Verdict {
  std::optional<Advertisement> advert;  ///< set: the state machine hears it
  std::optional<Complaint> complaint;   ///< may be set beside `advert`
  std::string text;                     ///< of the complaint, without "(I) "; empty = nothing to say
};

/// `known_active` is the address whose adverts we follow, for skip_check_adv_addr. `memory` is against replay, and keeps
/// which checksum the peers speak.
Verdict check_advert(const Datagram& datagram, const config::VrrpInstance& ours, const IpAddress& known_active,
                     WireMemory& memory);

void count_complaint(Complaint complaint, Statistics& counters);

}  // namespace holdfast::vrrp
