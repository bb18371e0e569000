#include "vrrp/logic/statics.h"

#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "core/base/text.h"

namespace holdfast::vrrp {

namespace {

void log(LogLevel level, std::string text, Effects& out) {
  out.push_back(Log{level, std::move(text)});
}

void remove(std::vector<KernelAddress> addresses, Effects& out) {
  if (!addresses.empty()) out.push_back(RemoveAddresses{"", std::move(addresses)});
}

}  // namespace

std::vector<KernelAddress> Statics::resolved(const LinkTable& links) const {
  std::vector<KernelAddress> list;
  for (const config::VirtualAddress& line : address_lines_) {
    const LinkChanged* link = links.by_name(line.interface);
    if (link != nullptr) list.push_back({link->index, line, Duration::zero()});
  }
  return list;
}

void Statics::configure(std::vector<config::VirtualAddress> addresses, std::vector<config::Route> routes,
                        std::vector<config::Rule> rules, const LinkTable& links, TimePoint now, Effects& out) {
  address_lines_ = std::move(addresses);
  route_lines_ = std::move(routes);
  rule_lines_ = std::move(rules);
  if (!addresses_.holding()) addresses_.hold(now);
  if (!routing_.holding()) routing_.hold(now);
  reassess(links, now, out);
  remove_inherited(links, out);
}

void Statics::remove_inherited(const LinkTable& links, Effects& out) {
  const auto past = std::exchange(past_, std::nullopt);
  if (!past) return;
  remembered_ = *past;
  std::vector<KernelAddress> unwanted;
  for (const KernelAddress& address : past->addresses) {
    if (!addresses_.wants(key_of(address)) && links.has(key_of(address))) unwanted.push_back(address);
  }
  remove(std::move(unwanted), out);
  routing_.inherit("", past->routing);
}

void Statics::reassess(const LinkTable& links, TimePoint now, Effects& out) {
  dirty_ = true;
  replace_addresses(resolved(links), links, now, out);
  routing_.want("", resolve_routing(route_lines_, rule_lines_, links), now);
}

void Statics::replace_addresses(std::vector<KernelAddress> wanted, const LinkTable& links, TimePoint now,
                                Effects& out) {
  if (wanted == addresses_.wanted()) return;
  std::vector<KernelAddress> unwanted;
  for (const KernelAddress& address : wanted) {
    const KernelAddress* old = addresses_.find(key_of(address));
    if (old != nullptr && !same_in_kernel(*old, address)) unwanted.push_back(*old);  // a label only comes anew
  }
  for (KernelAddress& old : addresses_.want(std::move(wanted), now)) {
    if (links.by_index(old.interface_index) != nullptr) unwanted.push_back(std::move(old));
  }
  remove(std::move(unwanted), out);
}

std::vector<BrokenStatic> Statics::broken(const LinkTable& links) const {
  using Kind = FaultReason::Kind;
  std::vector<BrokenStatic> list;
  const auto usable = [&links](const std::string& name) {
    const LinkChanged* link = links.by_name(name);
    return link != nullptr && link->up;
  };
  for (const config::VirtualAddress& line : address_lines_) {
    if (line.details->track_group.empty() || line.no_track) continue;
    if (!usable(line.interface)) list.push_back({line.details->track_group, {Kind::StaticInterface, line.interface}});
    const LinkChanged* link = links.by_name(line.interface);
    if (link == nullptr) continue;
    const AddressKey key = key_of(KernelAddress{link->index, line, {}});
    if (!links.has(key) && refusals_.contains(key))
      list.push_back({line.details->track_group, {Kind::StaticEntry, "address " + line.prefix.text()}});
  }
  const std::set<std::string> refused = routing_.refused_texts();
  const auto look_at = [&](const auto& line, const std::string& noun, const std::vector<std::string>& interfaces) {
    if (line.track_group.empty() || line.no_track) return;
    for (const std::string& name : interfaces) {
      if (!usable(name)) list.push_back({line.track_group, {Kind::StaticInterface, name}});
    }
    const std::string text = join(line.words, " ");
    if (refused.contains(text)) list.push_back({line.track_group, {Kind::StaticEntry, noun + " " + text}});
  };
  for (const config::Route& route : route_lines_)
    look_at(route, "route", interfaces_of(std::vector<config::Route>{route}));
  for (const config::Rule& rule : rule_lines_) look_at(rule, "rule", interfaces_of(rule));
  return list;
}

void Statics::stop(bool keep, Effects& out) {
  if (keep) {
    routing_.forget();
  } else {
    routing_.let_go(out);
    remove(addresses_.wanted(), out);
  }
  addresses_.let_go();
  if (!remembered_.empty()) out.push_back(RememberStatics{});
  remembered_ = {};
}

void Statics::address_vanished(const AddressKey& key, const LinkTable& links, TimePoint now, Effects& out) {
  if (addresses_.vanished(key, now) != AddressKeeper::Loss::Restoring) return;
  const LinkChanged* link = links.by_index(key.interface_index);
  log(LogLevel::Info,
      fmt::format("Netlink reflector reports IP {} removed from {}", key.prefix.address.text(),
                  link == nullptr ? "?" : link->name),
      out);
}

void Statics::address_refused(const AddressRefused& event, TimePoint now, Effects& out) {
  const AddressKey key{event.interface_index, event.prefix};
  if (!event.adding || !addresses_.refused(key, now)) return;
  if (std::exchange(refusals_[key], event.error) == event.error) return;
  log(LogLevel::Error,
      fmt::format("cannot add static address {}: {} - trying again every second", event.prefix.text(),
                  std::strerror(event.error)),
      out);
}

void Statics::chores(const LinkTable& links, const RoutingFacts& facts, TimePoint now, Budget& budget, Effects& out) {
  AddressKeeper::Batch batch = addresses_.next_batch(now, budget);
  for (const KernelAddress& address : batch.restored) {
    log(LogLevel::Info, fmt::format("Restoring deleted static address {}", address.entry.prefix.text()), out);
  }
  if (first_) std::erase_if(batch.addresses, [&](const KernelAddress& a) { return links.has(key_of(a)); });
  if (!batch.addresses.empty()) out.push_back(AddAddresses{"", std::move(batch.addresses)});
  if (const auto due = addresses_.next_deadline(); due && *due <= now) return;
  first_ = false;
  routing_.chores(facts, now, budget, out);
}

std::optional<TimePoint> Statics::next_deadline(const RoutingFacts& facts) const {
  const auto address = addresses_.next_deadline(), routing = routing_.next_deadline(facts);
  if (!address || !routing) return address ? address : routing;
  return std::min(*address, *routing);
}

void Statics::remember(Effects& out) {
  if (!std::exchange(dirty_, false)) return;
  if (remembered_.addresses == addresses_.wanted() && remembered_.routing == routing_.wanted()) return;
  remembered_ = {addresses_.wanted(), routing_.wanted()};
  out.push_back(RememberStatics{remembered_});
}

}  // namespace holdfast::vrrp
