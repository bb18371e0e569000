#include "core/watchdog/child_port.h"

#include <optional>

#include "core/netlink/vip_remover.h"

namespace holdfast::watchdog {
namespace {

constexpr std::size_t kLongestFilter = 1024;  // octets: 128 instructions
constexpr std::size_t kQueueLimit = 128U << 20;

proto::Role wire_role(Role role) {
  return role == Role::Vrrp ? proto::ROLE_VRRP : proto::ROLE_CHECKER;
}

/// Times that can be added and subtracted without a thought: up to 30 years.
bool credible(std::int64_t us) {
  return us >= 0 && us < 1'000'000'000'000'000;
}

std::optional<IpAddress> address_of(const std::string& octets) {
  return IpAddress::from_bytes({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

std::optional<Ear> ear_from_wire(const proto::Ear& wire) {
  const auto address = address_of(wire.address());
  const bool protocol_is_known = wire.protocol() == 112 || wire.protocol() == 51;
  if (!address || !protocol_is_known || wire.filter().size() > kLongestFilter || !credible(wire.latest_interval_us())) {
    return std::nullopt;
  }
  return Ear{wire.interface_index(), *address, static_cast<std::uint8_t>(wire.protocol()),
             Bytes(wire.filter().begin(), wire.filter().end()), Duration(wire.latest_interval_us())};
}

std::optional<WillChanged> from_wire(Role role, const proto::LastWill& wire) {
  WillChanged change{role, {}, {wire.revoked().begin(), wire.revoked().end()}};
  for (const proto::Bequest& in : wire.bequests()) {
    if (!credible(in.advert_anchor_us()) || !credible(in.advert_interval_us()) ||
        !credible(in.peers_down_interval_us())) {
      return std::nullopt;
    }
    Bequest bequest{in.key(),
                    from_us(in.advert_anchor_us()),
                    Duration(in.advert_interval_us()),
                    Duration(in.peers_down_interval_us()),
                    {},
                    {}};
    for (const proto::WillAddress& address : in.addresses()) {
      const auto ip = address_of(address.address());
      if (!ip || address.prefix_length() > static_cast<unsigned>(ip->max_prefix_length())) continue;
      bequest.addresses.push_back({address.interface_index(), {*ip, static_cast<int>(address.prefix_length())}});
    }
    if (in.has_ear()) {
      bequest.ear = ear_from_wire(in.ear());
      if (!bequest.ear) return std::nullopt;
    }
    for (const std::string& order : in.orders()) {
      Bytes message(order.begin(), order.end());
      if (netlink::is_routing_removal(message)) bequest.orders.push_back(std::move(message));
    }
    change.bequests.push_back(std::move(bequest));
  }
  return change;
}

}  // namespace

ChildPort::ChildPort(EventLoop& loop, Role role, UniqueFd socket, Callbacks callbacks)
    : role_(role),
      callbacks_(std::move(callbacks)),
      channel_(loop, std::move(socket), kSupervisionFrameLimit, kQueueLimit,
               Channel::Callbacks{[this](std::string frame) { on_frame(frame); },
                                  [this](std::string reason) {
                                    callbacks_.on_event(LinkLost{role_, std::move(reason), false});
                                  }}) {}

void ChildPort::distrust(const std::string& reason) {
  callbacks_.on_event(LinkLost{role_, reason, true});
}

void ChildPort::on_frame(const std::string& frame) {
  proto::Envelope envelope;
  if (!envelope.ParseFromString(frame)) return distrust("a message that cannot be parsed");
  switch (envelope.body_case()) {
    case proto::Envelope::kHello:
      // The greeting of a child that core started itself only confirms what core knows.
      if (envelope.hello().role() != wire_role(role_)) return distrust("it says it is of another role");
      return;
    case proto::Envelope::kReady:
      return callbacks_.on_event(ChildReady{role_, envelope.ready().generation()});
    case proto::Envelope::kPrepared: {
      const proto::Prepared& p = envelope.prepared();
      return callbacks_.on_event(
          ChildPrepared{role_, p.generation(), p.accepted(), {p.reasons().begin(), p.reasons().end()}});
    }
    case proto::Envelope::kPong:
      callbacks_.on_lateness(envelope.pong().lateness());
      return callbacks_.on_event(ChildPong{role_, envelope.pong().sequence()});
    case proto::Envelope::kRecords:
      return callbacks_.on_records(envelope.records());
    case proto::Envelope::kRunScript:
      return callbacks_.on_run_script(envelope.run_script());
    case proto::Envelope::kNotifyLine:
      return callbacks_.on_notify_line(envelope.notify_line());
    case proto::Envelope::kAlert:
      return callbacks_.on_alert(envelope.alert());
    case proto::Envelope::kLog:
      return callbacks_.on_log(envelope.log());
    case proto::Envelope::kStopped:
      return callbacks_.on_event(ChildStopped{role_});
    case proto::Envelope::kLastWill: {
      const auto change = from_wire(role_, envelope.last_will());
      return change ? callbacks_.on_event(*change) : distrust("a last will with times that cannot be");
    }
    case proto::Envelope::kDumpText:
      return callbacks_.on_dump(envelope.dump_text());
    default:
      return distrust("a message of a kind that a child does not send");
  }
}

}  // namespace holdfast::watchdog
