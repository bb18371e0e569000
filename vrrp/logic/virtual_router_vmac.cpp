// A virtual router and its macvlans: where adverts leave and come in, and what happens when a macvlan comes or goes.
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

std::optional<Listen> VirtualRouter::vmac_endpoint() const {
  std::optional<Listen> place = endpoint();
  if (!place || !settings_.vmac || settings_.vmac->ipvlan || settings_.unicast()) return std::nullopt;
  place->interface_index = vmacs_.index_of(settings_.vmac->name);
  return place->interface_index == 0 ? std::nullopt : place;
}

/// While the macvlan is up it gets a copy of every multicast frame, and alone those that come from its own MAC.
bool VirtualRouter::hears_on(std::uint32_t interface_index) const {
  if (!settings_.vmac || settings_.vmac->ipvlan || settings_.unicast()) return true;
  const std::string& name = settings_.vmac->name;
  return (interface_index == vmacs_.index_of(name)) == vmacs_.up(name);
}

std::optional<std::uint32_t> VirtualRouter::advert_interface() const {
  if (standing_.any_interface) return 0;
  const bool ipvlan = settings_.vmac && settings_.vmac->ipvlan;
  const bool from_base = settings_.vmac_xmit_base || settings_.unicast();
  if (!ipvlan && (!settings_.vmac || from_base)) return standing_.interface_index;
  const std::string& name = settings_.vmac->name;
  return vmacs_.usable(name) ? std::optional(vmacs_.index_of(name)) : std::nullopt;
}

void VirtualRouter::keep_vmacs(TimePoint now, Budget& budget, Effects& out) {
  const bool active = machine_.state() == State::Active;
  vmacs_.step(settings_.name, active, now, budget, out);
  if (!active) vmacs_.remove_unwanted(settings_.name, out);
  const std::optional<int> owed = std::exchange(owed_advert_, std::nullopt);
  if (active && owed) advertise(*owed, now, out);
}

void VirtualRouter::vmac_refused(const VmacRefused& event, const Surroundings& around, TimePoint now, Effects& out) {
  vmacs_.refused(event, settings_.name, now, out);
  reassess(around, now, out);
}

void VirtualRouter::own_address_refused(const AddressRefused& event, Effects& out) {
  const AddressKey key{event.interface_index, event.prefix};
  if (!event.adding || !vmacs_.has_address(key)) return;
  const auto [known, first] = refusals_.own().try_emplace(key, event.error);
  if (!first && std::exchange(known->second, event.error) == event.error) return;
  log(out, LogLevel::Error,
      fmt::format("cannot add the ipvlan's address {}: {} - trying again every second", event.prefix.text(),
                  std::strerror(event.error)));
}

}  // namespace holdfast::vrrp
