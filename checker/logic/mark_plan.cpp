#include "checker/logic/mark_plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "checker/logic/desired_service.h"
#include "checker/logic/identity.h"

namespace holdfast::checker {

namespace {

constexpr std::uint16_t kLastPort = 65535;

/// Addresses that differ in their last 32 bits, and ports.
struct Area {
  std::uint32_t first = 0, last = 0;
  std::uint16_t first_port = 0, last_port = kLastPort;
};

bool overlap(const Area& one, const Area& other) {
  return one.first <= other.last && other.first <= one.last && one.first_port <= other.last_port &&
         other.first_port <= one.last_port;
}

/// What is left of `area` without `hole`: at most four pieces.
void cut(const Area& area, const Area& hole, std::vector<Area>& pieces) {
  if (!overlap(area, hole)) return pieces.push_back(area);
  Area middle = area;
  if (hole.first > area.first) {
    pieces.push_back({area.first, hole.first - 1, area.first_port, area.last_port});
    middle.first = hole.first;
  }
  if (hole.last < area.last) {
    pieces.push_back({hole.last + 1, area.last, area.first_port, area.last_port});
    middle.last = hole.last;
  }
  if (hole.first_port > area.first_port)
    pieces.push_back({middle.first, middle.last, area.first_port, static_cast<std::uint16_t>(hole.first_port - 1)});
  if (hole.last_port < area.last_port)
    pieces.push_back({middle.first, middle.last, static_cast<std::uint16_t>(hole.last_port + 1), area.last_port});
}

/// The last four octets as a number.
std::uint32_t tail_of(const IpAddress& address) {
  const ByteView octets = address.bytes();
  std::uint32_t value = 0;
  for (std::size_t at = octets.size() - 4; at < octets.size(); ++at) value = (value << 8) | octets[at];
  return value;
}

IpAddress with_tail(const IpAddress& address, std::uint32_t tail) {
  Bytes octets(address.bytes().begin(), address.bytes().end());
  for (std::size_t at = octets.size(); at-- > octets.size() - 4; tail >>= 8)
    octets[at] = static_cast<std::uint8_t>(tail & 0xffU);
  return *IpAddress::from_bytes(octets);
}

class Planner {
 public:
  /// Whatever of the entry nobody has taken is marked.
  void mark(const config::GroupEntry& entry, ipvs::Protocol protocol, std::uint32_t mark) {
    std::vector<Area>& taken = taken_of(entry.first, protocol);
    const Area whole = area_of(entry);
    std::vector<Area> pieces{whole};
    for (const Area& hole : taken) {
      if (!overlap(whole, hole)) continue;  // nearly all: thousands are looked at
      std::vector<Area> rest;
      for (const Area& piece : pieces) cut(piece, hole, rest);
      pieces = std::move(rest);
    }
    for (const Area& piece : pieces) {
      taken.push_back(piece);
      ranges_.push_back({protocol, with_tail(entry.first, piece.first), with_tail(entry.first, piece.last),
                         piece.first_port, piece.last_port, mark});
    }
  }
  /// Served without a mark.
  void leave_out(const ipvs::ServiceKey& key) {
    if (key.fwmark != 0 || key.port == 0) return;
    const std::uint32_t tail = tail_of(key.address);
    taken_of(key.address, key.protocol).push_back({tail, tail, key.port, key.port});
  }
  std::vector<MarkedRange> take() { return std::move(ranges_); }

 private:
  using Neighbourhood = std::tuple<ipvs::Protocol, IpAddress>;
  static Area area_of(const config::GroupEntry& entry) {
    const std::uint32_t first = tail_of(entry.first);
    const std::uint16_t last_port = entry.port == 0 ? kLastPort : entry.port;
    return {first, first + entry.count - 1, entry.port, last_port};
  }
  std::vector<Area>& taken_of(const IpAddress& address, ipvs::Protocol protocol) {
    return taken_[{protocol, with_tail(address, 0)}];
  }

  std::map<Neighbourhood, std::vector<Area>> taken_;
  std::vector<MarkedRange> ranges_;
};

struct Reached {
  const config::VirtualServer* service;
  const config::VirtualServerGroup* group;  ///< null: none
  std::optional<std::uint32_t> mark;
};

std::vector<Reached> all_services(const config::Config& config, const MarkBook& marks) {
  std::unordered_map<std::string_view, const config::VirtualServerGroup*> groups;
  for (const config::VirtualServerGroup& group : config.virtual_server_groups) groups.emplace(group.name, &group);
  std::vector<Reached> services;
  for (const config::VirtualServer& service : config.virtual_servers) {
    const auto group = service.group.empty() ? groups.end() : groups.find(service.group);
    services.push_back(
        {&service, group == groups.end() ? nullptr : group->second, marks.mark_of(identity_of(service))});
  }
  return services;
}

}  // namespace

MarkPlan plan_marks(const config::Config& config, const MarkBook& marks) {
  const config::MarksSettings& settings = config.global_defs.marks;
  if (!settings.wanted()) return {};
  MarkPlan plan{settings.table(), settings.priority, config.global_defs.firewall.counters, {}};
  Planner planner;
  const std::vector<Reached> services = all_services(config, marks);
  const auto mark_entries = [&](bool any_port) {
    for (const Reached& reached : services) {
      if (!reached.mark || reached.group == nullptr) continue;
      for (const config::GroupEntry& entry : reached.group->entries) {
        if (!entry.fwmark && (entry.port == 0) == any_port)
          planner.mark(entry, static_cast<ipvs::Protocol>(reached.service->protocol), *reached.mark);
      }
    }
  };
  mark_entries(false);
  for (const Reached& reached : services) {
    if (reached.mark) continue;
    for (const ipvs::ServiceKey& key : service_keys(*reached.service, reached.group)) planner.leave_out(key);
  }
  mark_entries(true);
  plan.ranges = planner.take();
  return plan;
}

}  // namespace holdfast::checker
