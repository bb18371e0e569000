#include "core/config/lint_link_watch.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/config/codec.h"

namespace holdfast::config {

namespace {

bool uses(const VrrpInstance& instance, const std::string& interface) {
  return instance.interface == interface ||
         std::ranges::find(instance.track_interfaces, interface, &TrackedInterface::interface) !=
             instance.track_interfaces.end();
}

void clear(InterfaceDelay& delay, const std::string& text, std::string mend, Context& context) {
  context.diagnostics.warning(delay.at, text, std::move(mend));
  delay.down = delay.up = Duration::zero();
}

void settle(InterfaceDelay& delay, const VrrpInstance& instance, Context& context) {
  const int adverts = instance.down_timer_adverts - 1;
  if (adverts == 0) {
    return clear(delay,
                 fmt::format("{}: cannot use debounce timers with down_timer_adverts = 1 - resetting", instance.name),
                 "down_timer_adverts 2 or more, or no delays", context);
  }
  const Duration limit = adverts * instance.advert_interval;
  if (std::max(delay.down, delay.up) < limit) return;
  clear(delay,
        fmt::format("{}: interface {} debounce timer(s) not less than {} * advert_int - resetting", instance.name,
                    delay.interface, adverts),
        fmt::format("delays below {} seconds", format_seconds(limit)), context);
}

}  // namespace

void lint_interface_delays(Context& context) {
  for (InterfaceDelay& delay : context.config.interface_delays) {
    for (const VrrpInstance& instance : context.config.vrrp_instances) {
      const bool set = delay.down > Duration::zero() || delay.up > Duration::zero();
      if (set && uses(instance, delay.interface)) settle(delay, instance, context);
    }
  }
}

}  // namespace holdfast::config
