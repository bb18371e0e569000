#include "vrrp/logic/receive_checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "vrrp/logic/advert_builder.h"
#include "vrrp/logic/authentication.h"

namespace holdfast::vrrp {

namespace {

Verdict dropped(Complaint complaint, std::string text) {
  return {std::nullopt, complaint, std::move(text)};
}

std::optional<Verdict> check_length(const Datagram& d, const FixedHeader& header) {
  const bool known_version = header.version == 2 || header.version == 3;
  const std::size_t expected = known_version ? pdu_length(header.version, header.address_count) : kFixedHeaderOctets;
  if (d.pdu.size() == expected || (!known_version && d.pdu.size() > expected)) return std::nullopt;
  return dropped(Complaint::WrongLength,
                 fmt::format("vrrp packet too {} from {}, length {} and expect {}",
                             d.pdu.size() < expected ? "short" : "long", d.source.text(), d.pdu.size(), expected));
}

std::optional<Verdict> check_authenticity(const Datagram& d, const Advertisement& advert,
                                          const config::VrrpInstance& ours) {
  switch (check_authentication(advert, ours.authentication, ours.auth_pass)) {
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

Verdict check_advert(const Datagram& d, const config::VrrpInstance& ours, const IpAddress& known_active) {
  const std::string from = d.source.text();
  const FixedHeader header = peek_header(d.pdu);
  if (auto verdict = check_length(d, header)) return *verdict;
  if (d.time_to_live != kTimeToLive) {  // RFC 9568 §7.1, §5.1.1.3
    return dropped(Complaint::WrongTimeToLive,
                   fmt::format("invalid TTL/HL from {}. Received {} and expect {}", from, d.time_to_live, kTimeToLive));
  }
  if (header.version != ours.version) {
    return dropped(Complaint::WrongVersion, fmt::format("wrong VRRP version from {}. Received {} and expect {}", from,
                                                        header.version, ours.version));
  }
  std::optional<Advertisement> advert = parse_pdu(d.pdu);
  if (!advert) return dropped(Complaint::WrongLength, {});
  if (ours.version == 2) {
    if (auto verdict = check_authenticity(d, *advert, ours)) return *verdict;
  }
  const bool other_interval = advert->interval != ours.advert_interval;
  if (other_interval && (ours.version == 2 || advert->interval == Duration::zero())) {
    return dropped(Complaint::IntervalMismatch, interval_difference(d, *advert, ours));
  }
  if (advert->type != kTypeAdvertisement) {
    return dropped(Complaint::WrongType, fmt::format("Invalid packet type from {}. {} and expect {}", from,
                                                     advert->type, kTypeAdvertisement));
  }
  if (d.total_length != d.received_length) {
    return dropped(Complaint::WrongTotalLength,
                   fmt::format("ip_tot_len mismatch against received length from {}. {} and received {}", from,
                               d.total_length, d.received_length));
  }
  if (!checksum_is_right(d.pdu, checksum_style(ours), d.source, d.destination)) {
    return dropped(Complaint::WrongChecksum, fmt::format("Invalid VRRPv{} checksum from {}", ours.version, from));
  }
  if (d.destination != ours.multicast_group) {
    const char* kind = d.destination.is_multicast() ? "multicast packet for another group" : "unicast packet";
    return dropped(Complaint::NotOurGroup, fmt::format("discarding {} from {} on multicast instance", kind, from));
  }
  if (ours.owner() && ours.owner_ignore_adverts) return dropped(Complaint::IgnoredAsOwner, {});
  Verdict verdict{std::move(advert), std::nullopt, {}};
  if (other_interval) {
    verdict.complaint = Complaint::IntervalMismatch;
    verdict.text = interval_difference(d, *verdict.advert, ours);
  } else if (!(ours.skip_check_adv_addr && d.source == known_active)) {
    verdict.text = address_list_difference(d, *verdict.advert, ours);
    if (!verdict.text.empty()) verdict.complaint = Complaint::AddressListMismatch;
  }
  return verdict;
}

void count_complaint(Complaint complaint, Statistics& c) {
  switch (complaint) {
    case Complaint::WrongLength:
    case Complaint::WrongTotalLength:
      ++c.length_errors;
      break;
    case Complaint::WrongTimeToLive:
      ++c.ttl_errors;
      break;
    case Complaint::WrongVersion:
      ++c.version_errors;
      break;
    case Complaint::UnknownAuthenticationType:
      ++c.invalid_authentication_type;
      break;
    case Complaint::AuthenticationTypeMismatch:
      ++c.authentication_type_mismatch;
      break;
    case Complaint::WrongPassword:
      ++c.authentication_failures;
      break;
    case Complaint::IntervalMismatch:
      ++c.interval_errors;
      break;
    case Complaint::WrongType:
      ++c.invalid_type;
      break;
    case Complaint::WrongChecksum:
      ++c.checksum_errors;
      break;
    case Complaint::NotOurGroup:
      ++c.destination_errors;
      break;
    case Complaint::IgnoredAsOwner:
      ++c.ignored_as_owner;
      break;
    case Complaint::AddressListMismatch:
      ++c.address_list_errors;
      break;
  }
}

}  // namespace holdfast::vrrp
