#include "checker/io/address_watch.h"

#include <algorithm>
#include <vector>

namespace holdfast::checker {

namespace {

constexpr Duration kPatience = seconds(5);
constexpr std::uint32_t kMostOctets = 1U << 30;

}  // namespace

Status AddressWatch::start() {
  if (monitor_) return success();
  netlink::MonitorCallbacks callbacks;
  callbacks.link = [](const netlink::LinkMessage&) {};
  callbacks.address = [this](const netlink::AddressMessage& address) { on_address(address); };
  callbacks.resync_started = [this] { resync_started(); };
  callbacks.resync_finished = [this] { resync_finished(); };
  monitor_ = std::make_unique<netlink::Monitor>(loop_, std::move(callbacks));
  monitor_->size_receive_buffer(buffer_octets_, buffer_forced_);
  return monitor_->start(kPatience);
}

void AddressWatch::size_receive_buffer(std::uint32_t octets, bool force) {
  const int wanted =
      octets == 0 ? netlink::Monitor::usual_receive_buffer : static_cast<int>(std::min(octets, kMostOctets));
  const bool forced = force || octets == 0;
  if (wanted == buffer_octets_ && forced == buffer_forced_) return;
  buffer_octets_ = wanted;
  buffer_forced_ = forced;
  if (monitor_) monitor_->size_receive_buffer(wanted, forced);
}

void AddressWatch::on_address(const netlink::AddressMessage& address) {
  const IpAddress& ip = address.prefix.address;
  if (address.removed) return take_away(ip, address.interface_index);
  if (resyncing_) seen_.insert({ip, address.interface_index});
  auto& holders = holders_[ip];
  const bool is_new = holders.empty();
  holders.insert(address.interface_index);
  if (is_new) sink_(AddressChanged{ip, true});
}

void AddressWatch::take_away(const IpAddress& address, std::uint32_t interface_index) {
  const auto found = holders_.find(address);
  if (found == holders_.end() || found->second.erase(interface_index) == 0 || !found->second.empty()) return;
  holders_.erase(found);
  sink_(AddressChanged{address, false});
}

void AddressWatch::resync_started() {
  resyncing_ = true;
  seen_.clear();
}

void AddressWatch::resync_finished() {
  if (!std::exchange(resyncing_, false)) return;
  std::vector<std::pair<IpAddress, std::uint32_t>> gone;
  for (const auto& [address, holders] : holders_) {
    for (const std::uint32_t interface : holders) {
      if (!seen_.contains({address, interface})) gone.emplace_back(address, interface);
    }
  }
  for (const auto& [address, interface] : gone) take_away(address, interface);
}

}  // namespace holdfast::checker
