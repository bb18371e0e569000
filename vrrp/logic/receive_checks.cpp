#include "vrrp/logic/receive_checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "vrrp/logic/advert_builder.h"
#include "vrrp/logic/authentication.h"
#include "vrrp/logic/old_checksum.h"

namespace holdfast::vrrp {

namespace {

Verdict dropped(Complaint complaint, std::string text) {
  return {std::nullopt, complaint, std::move(text)};
}

std::optional<Verdict> check_length(const Datagram& d, const FixedHeader& header) {
  const bool known_version = header.version == 2 || header.version == 3;
  const std::size_t expected =
      known_version ? pdu_length(header.version, header.address_count, d.source.family()) : kFixedHeaderOctets;
  if (d.pdu.size() == expected || (!known_version && d.pdu.size() > expected)) return std::nullopt;
  return dropped(Complaint::WrongLength,
                 fmt::format("vrrp packet too {} from {}, length {} and expect {}",
                             d.pdu.size() < expected ? "short" : "long", d.source.text(), d.pdu.size(), expected));
}

std::optional<Verdict> check_authenticity(const Datagram& d, const Advertisement& advert,
                                          const config::VrrpInstance& ours) {
  switch (check_authentication(advert, ours.authentication, *ours.auth_pass)) {
    case AuthenticationVerdict::Accepted:
      return std::nullopt;
    case AuthenticationVerdict::UnknownType:
      return dropped(Complaint::UnknownAuthenticationType,
                     fmt::format("Invalid auth type: {} from {}", advert.authentication_type, d.source.text()));
    case AuthenticationVerdict::TypeMismatch:
      return dropped(Complaint::AuthenticationTypeMismatch,
                     fmt::format("received a {} auth from {}, expecting {}!", advert.authentication_type,
                                 d.source.text(), static_cast<int>(ours.authentication)));
    case AuthenticationVerdict::WrongPassword:
      return dropped(Complaint::WrongPassword, fmt::format("received an invalid passwd from {}!", d.source.text()));
  }
  return std::nullopt;
}

/// The AH stands there if and only if it must (behaviour.md d.6).
std::optional<Verdict> check_header(const Datagram& d, const config::VrrpInstance& ours, WireMemory& memory) {
  const bool wanted = ours.authentication == config::Authentication::Ah;
  const auto from = [&d] { return d.source.text(); };
  if (wanted == d.authentication_header.empty()) {
    return dropped(Complaint::AuthenticationTypeMismatch,
                   wanted ? fmt::format("expected AH header but there is none from {}", from())
                          : fmt::format("unexpected AH header from {}", from()));
  }
  if (!wanted) return std::nullopt;
  switch (check_authentication_header(d, ours.virtual_router_id, *ours.auth_pass, memory.ah.own())) {
    case AhVerdict::Authentic:
      return std::nullopt;
    case AhVerdict::WrongSpi:
      return dropped(Complaint::WrongDigest, fmt::format("IPSEC AH : invalid IPSEC SPI value from {}", from()));
    case AhVerdict::Replayed:
      return dropped(Complaint::ReplayedDigest,
                     fmt::format("IPSEC-AH : sequence number already processed from {}", from()));
    case AhVerdict::WrongDigest:
      return dropped(Complaint::WrongDigest, fmt::format("IPSEC-AH : invalid IPSEC HMAC-MD5 value from {}. Due to "
                                                         "fields mutation or bad password !",
                                                         from()));
  }
  return std::nullopt;
}

/// Takes what stands behind the PDU off `d`, if that is what an auth_hmac trailer would be.
ByteView take_trailer(Datagram& d, const config::VrrpInstance& ours) {
  const FixedHeader header = peek_header(d.pdu);
  const bool known_version = header.version == 2 || header.version == 3;
  if (!ours.hmac || !known_version) return {};
  const std::size_t length = pdu_length(header.version, header.address_count, d.source.family());
  if (d.pdu.size() <= length) return {};
  const ByteView trailer = d.pdu.subspan(length);
  d.pdu = d.pdu.first(length);
  return trailer;
}

std::optional<Verdict> check_hmac(const Datagram& d, ByteView trailer, const config::VrrpInstance& ours,
                                  WireMemory& memory) {
  if (!ours.hmac) return std::nullopt;
  const auto from = [&d] { return d.source.text(); };
  if (trailer.empty()) {
    if (ours.hmac->mode != config::HmacMode::Enforce) return std::nullopt;
    return dropped(Complaint::TrailerMissing, fmt::format("missing authentication trailer from {}", from()));
  }
  const HmacSubject subject{d.source, peek_header(d.pdu).version, ours.virtual_router_id};
  const TrailerCheck check{memory.utc, ours.advert_interval, ours.unicast_peers.size()};
  switch (check_trailer(*ours.hmac, subject, d.pdu, trailer, check, memory.hmac.own())) {
    case TrailerVerdict::Authentic:
      return std::nullopt;
    case TrailerVerdict::Malformed:
      return dropped(Complaint::TrailerMalformed, fmt::format("malformed authentication trailer from {}", from()));
    case TrailerVerdict::UnknownKey:
      return dropped(Complaint::TrailerKeyUnknown,
                     fmt::format("unknown authentication key id {} from {}", trailer[1], from()));
    case TrailerVerdict::WrongHmac:
      return dropped(Complaint::TrailerWrong, fmt::format("invalid authentication HMAC from {}", from()));
    case TrailerVerdict::Stale:
      return dropped(Complaint::TrailerStale, fmt::format("stale authentication trailer from {}", from()));
    case TrailerVerdict::Replayed:
      return dropped(Complaint::TrailerReplayed, fmt::format("replayed authentication trailer from {}", from()));
  }
  return std::nullopt;
}

/// RFC 9568 §7.1, §5.1.1.3; for unicast only what the peer's line says.
std::optional<Verdict> check_time_to_live(const Datagram& d, const config::VrrpInstance& ours) {
  if (!ours.unicast()) {
    if (d.time_to_live == kTimeToLive) return std::nullopt;
    return dropped(Complaint::WrongTimeToLive, fmt::format("invalid TTL/HL from {}. Received {} and expect {}",
                                                           d.source.text(), d.time_to_live, kTimeToLive));
  }
  const auto peer = std::ranges::find(ours.unicast_peers, d.source, &config::UnicastPeer::address);
  if (peer == ours.unicast_peers.end()) return std::nullopt;
  const int least = peer->min_ttl.value_or(0);
  const int most = peer->max_ttl.value_or(255);
  if (d.time_to_live >= least && d.time_to_live <= most) return std::nullopt;
  return dropped(Complaint::WrongTimeToLive,
                 fmt::format("TTL/HL {} not in range {} - {} from {}", d.time_to_live, least, most, d.source.text()));
}

/// With a text and no complaint's consequence when the old checksum is heard for the first time.
std::optional<Verdict> check_checksum(const Datagram& d, ByteView trailer, const config::VrrpInstance& ours,
                                      WireMemory& memory, Verdict& remark) {
  if (has_old_checksum(ours) && d.destination.is_v4()) {
    const ChecksumVerdict verdict = check_unicast_checksum(d, ours, memory);
    if (verdict == ChecksumVerdict::FirstOld) {
      remark.complaint = Complaint::OldChecksum;
      remark.text = "Setting unicast VRRPv3 checksum to old version";
    }
    if (verdict != ChecksumVerdict::Wrong) return std::nullopt;
  } else if (checksum_is_right(d.pdu, checksum_style(ours), d.source, d.destination)) {
    return std::nullopt;
  }
  // Whether the checksum covers the trailer is not said anywhere; it proves nothing beside the HMAC.
  const ByteView whole(d.pdu.data(), d.pdu.size() + trailer.size());
  if (!trailer.empty() && checksum_is_right(whole, checksum_style(ours), d.source, d.destination)) return std::nullopt;
  return dropped(Complaint::WrongChecksum,
                 fmt::format("Invalid VRRPv{} checksum from {}", ours.version, d.source.text()));
}

/// Multicast for our group, or unicast for us, whatever is configured.
std::optional<Verdict> check_destination(const Datagram& d, const config::VrrpInstance& ours) {
  const bool multicast = d.destination.is_multicast();
  if (ours.unicast()) {
    if (multicast) {
      return dropped(Complaint::NotOurGroup,
                     fmt::format("discarding multicast packet from {} on unicast instance", d.source.text()));
    }
    const bool peer =
        std::ranges::find(ours.unicast_peers, d.source, &config::UnicastPeer::address) != ours.unicast_peers.end();
    if (peer || !ours.check_unicast_source) return std::nullopt;
    return dropped(Complaint::NotAPeer, fmt::format("unicast source address {} not a unicast peer", d.source.text()));
  }
  if (d.destination == ours.multicast_group) return std::nullopt;
  const char* kind = multicast ? "multicast packet for another group" : "unicast packet";
  return dropped(Complaint::NotOurGroup,
                 fmt::format("discarding {} from {} on multicast instance", kind, d.source.text()));
}

std::size_t advertised(const config::VrrpInstance& ours) {
  return std::min(ours.virtual_addresses.size(), kMostAddresses);
}

/// Empty when both lists hold the same addresses, whatever their order.
std::string address_list_difference(const Datagram& d, const Advertisement& advert, const config::VrrpInstance& ours) {
  if (advert.addresses.size() != advertised(ours)) {
    return fmt::format("expected {} VIPs but received {}", advertised(ours), advert.addresses.size());
  }
  std::vector<IpAddress> theirs = advert.addresses;
  std::ranges::sort(theirs);
  for (std::size_t i = 0; i < advertised(ours); ++i) {
    const IpAddress& address = ours.virtual_addresses[i].prefix.address;
    if (std::ranges::binary_search(theirs, address)) continue;
    return fmt::format("ip address associated with VRID {} not present in advert from {}: {}", ours.virtual_router_id,
                       d.source.text(), address.text());
  }
  return {};
}

std::string interval_difference(const Datagram& d, const Advertisement& advert, const config::VrrpInstance& ours) {
  if (ours.version == 2) {
    return fmt::format("advertisement interval mismatch with {} mine={} sec rcv'd={} sec", d.source.text(),
                       ours.advert_interval / seconds(1), advert.interval / seconds(1));
  }
  return fmt::format("advertisement interval mismatch with {} ours = {} centi-sec rcv'd={} centi-sec", d.source.text(),
                     ours.advert_interval / centiseconds(1), advert.interval / centiseconds(1));
}

}  // namespace

Verdict check_advert(const Datagram& datagram, const config::VrrpInstance& ours, const IpAddress& known_active,
                     WireMemory& memory) {
  const auto from = [&datagram] { return datagram.source.text(); };
  if (auto verdict = check_header(datagram, ours, memory)) return *verdict;
  Datagram d = datagram;
  const ByteView trailer = take_trailer(d, ours);
  const FixedHeader header = peek_header(d.pdu);
  if (auto verdict = check_length(d, header)) return *verdict;
  if (auto verdict = check_time_to_live(d, ours)) return *verdict;
  if (header.version != ours.version) {
    return dropped(Complaint::WrongVersion, fmt::format("wrong VRRP version from {}. Received {} and expect {}", from(),
                                                        header.version, ours.version));
  }
  if (auto verdict = check_hmac(d, trailer, ours, memory)) return *verdict;
  std::optional<Advertisement> advert = parse_pdu(d.pdu, d.source.family());
  if (!advert) return dropped(Complaint::WrongLength, {});
  if (ours.version == 2) {
    if (auto verdict = check_authenticity(d, *advert, ours)) return *verdict;
  }
  const bool other_interval = advert->interval != ours.advert_interval;
  if (other_interval && (ours.version == 2 || advert->interval == Duration::zero())) {
    return dropped(Complaint::IntervalMismatch, interval_difference(d, *advert, ours));
  }
  if (advert->type != kTypeAdvertisement) {
    return dropped(Complaint::WrongType, fmt::format("Invalid packet type from {}. {} and expect {}", from(),
                                                     advert->type, kTypeAdvertisement));
  }
  if (d.total_length != d.received_length) {
    return dropped(Complaint::WrongTotalLength,
                   fmt::format("ip_tot_len mismatch against received length from {}. {} and received {}", from(),
                               d.total_length, d.received_length));
  }
  Verdict accepted{std::move(advert), std::nullopt, {}};
  if (auto verdict = check_checksum(d, trailer, ours, memory, accepted)) return *verdict;
  if (auto verdict = check_destination(d, ours)) return *verdict;
  if (ours.owner() && ours.owner_ignore_adverts) return dropped(Complaint::IgnoredAsOwner, {});
  if (accepted.complaint) return accepted;
  if (other_interval) {
    accepted.complaint = Complaint::IntervalMismatch;
    accepted.text = interval_difference(d, *accepted.advert, ours);
  } else if (!(ours.skip_check_adv_addr && d.source == known_active)) {
    accepted.text = address_list_difference(d, *accepted.advert, ours);
    if (!accepted.text.empty()) accepted.complaint = Complaint::AddressListMismatch;
  }
  return accepted;
}

void count_complaint(Complaint complaint, Statistics& counters) {
  Rare<PacketErrors>& errors = counters.errors;
  switch (complaint) {
    case Complaint::WrongLength:
    case Complaint::WrongTotalLength:
      ++errors.own().length;
      break;
    case Complaint::WrongTimeToLive:
      ++errors.own().ttl;
      break;
    case Complaint::WrongVersion:
      ++errors.own().version;
      break;
    case Complaint::UnknownAuthenticationType:
      ++errors.own().invalid_authentication_type;
      break;
    case Complaint::AuthenticationTypeMismatch:
      ++errors.own().authentication_type_mismatch;
      break;
    case Complaint::WrongPassword:
    case Complaint::WrongDigest:
    case Complaint::ReplayedDigest:
    case Complaint::TrailerMissing:
    case Complaint::TrailerMalformed:
    case Complaint::TrailerKeyUnknown:
    case Complaint::TrailerWrong:
    case Complaint::TrailerStale:
    case Complaint::TrailerReplayed:
      ++errors.own().authentication_failures;
      break;
    case Complaint::IntervalMismatch:
      ++errors.own().interval;
      break;
    case Complaint::WrongType:
      ++errors.own().type;
      break;
    case Complaint::WrongChecksum:
      ++errors.own().checksum;
      break;
    case Complaint::NotOurGroup:
    case Complaint::NotAPeer:
      ++errors.own().destination;
      break;
    case Complaint::OldChecksum:
      break;
    case Complaint::IgnoredAsOwner:
      ++errors.own().ignored_as_owner;
      break;
    case Complaint::AddressListMismatch:
      ++errors.own().address_list;
      break;
  }
}

}  // namespace holdfast::vrrp
