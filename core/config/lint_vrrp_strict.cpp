#include "core/config/lint_vrrp_strict.h"

#include <fmt/format.h>

namespace holdfast::config {

namespace {

constexpr int kDefaultDownTimer = 3;  // adverts, RFC 9568 §6.1

class StrictLint {
 public:
  StrictLint(InstanceDraft& draft, const BlockLines& lines, Context& context)
      : draft_(draft), lines_(lines), context_(context) {}

  void run() {
    settle_role();
    settle_authentication();
    settle_timers();
    settle_adverts();
    settle_interface();
    settle_addresses();
  }

 private:
  void warn(std::string_view keyword, std::string_view text, std::string mend) {
    context_.diagnostics.warning(lines_.at(keyword), fmt::format("({}) {}", draft_.name, text), std::move(mend));
  }

  void settle_role() {
    if (draft_.wants_master == draft_.owner()) return;
    warn("state", "State MASTER must match being address owner",
         "state MASTER with priority 255, or state BACKUP with less, while strict mode is on");
    draft_.wants_master = draft_.owner();
  }

  void settle_authentication() {
    if (draft_.authentication == Authentication::None) return;
    warn("authentication", "Strict mode does not support authentication. Ignoring.",
         "no authentication, or no strict mode, the same on every router");
    draft_.authentication = Authentication::None;
    draft_.auth_pass.clear();
  }

  void settle_timers() {
    if (draft_.preempt_delay != Duration::zero()) {
      warn("preempt_delay", "preempt_delay is incompatible with strict mode - resetting", "no preempt_delay");
      draft_.preempt_delay = Duration::zero();
    }
    if (draft_.down_timer_adverts == kDefaultDownTimer) return;
    warn("down_timer_adverts", "down_timer_adverts is incompatible with strict mode - resetting", "3, the default");
    draft_.down_timer_adverts = kDefaultDownTimer;
  }

  void settle_adverts() {
    if (draft_.garp->lower_prio_repeat.value_or(0) != 0) {
      warn("garp_lower_prio_repeat", "Strict mode requires no repeat garps. resetting", "garp_lower_prio_repeat 0");
    }
    draft_.garp.own().lower_prio_repeat = 0;
    if (draft_.garp->lower_prio_delay.value_or(Duration::zero()) != Duration::zero()) {
      warn("garp_lower_prio_delay", "Strict mode requires no repeat garp delay. resetting", "garp_lower_prio_delay 0");
    }
    draft_.garp.own().lower_prio_delay = Duration::zero();
    if (draft_.given_lower_prio_no_advert == false) {
      warn("lower_prio_no_advert", "Strict mode requires no lower priority advert. resetting",
           "lower_prio_no_advert on");
    }
    draft_.given_lower_prio_no_advert = true;
    if (draft_.given_higher_prio_send_advert.value_or(false)) {
      warn("higher_prio_send_advert", "strict mode requires higher_prio_send_advert to be clear. resetting",
           "higher_prio_send_advert off");
    }
    draft_.given_higher_prio_send_advert = false;
  }

  void settle_interface() {
    if (lines_.has("vmac_xmit_base")) {
      warn("vmac_xmit_base", "xmit_base is incompatible with strict mode - resetting", "no vmac_xmit_base");
    }
    if (lines_.has("accept") && draft_.version == 2 && !draft_.owner()) {
      warn("accept", "warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting",
           "version 3 on every router, or no strict mode");
    }
    if (!draft_.unicast()) return;
    context_.diagnostics.advise(lines_.at("unicast_peer"),
                                fmt::format("({}) strict mode with unicast_peer: the RFC knows multicast only, routers "
                                            "of others will not understand it",
                                            draft_.name),
                                "no strict mode, or no unicast_peer");
  }

  void settle_addresses() {
    if (draft_.virtual_addresses.empty()) return;
    const IpAddress& first = draft_.virtual_addresses.front().prefix.address;
    if (!first.is_v4() && !first.is_link_local()) {
      context_.diagnostics.error(lines_.at("virtual_ipaddress"),
                                 fmt::format("({}) the first IPv6 VIP address must be link local", draft_.name),
                                 "fe80::… before the other addresses");
    }
    const bool accepts = lines_.has("accept") && draft_.version == 3;
    if (draft_.owner() || accepts) return;
    context_.diagnostics.advise(lines_.has("strict_mode") ? lines_.at("strict_mode") : draft_.at,
                                fmt::format("({}) strict mode: packets to its addresses are dropped while it is master "
                                            "and not their owner (no ping, no "
                                            "service on them)",
                                            draft_.name),
                                "no vrrp_strict and no strict_mode, or version 3 and a line accept");
  }

  InstanceDraft& draft_;
  const BlockLines& lines_;
  Context& context_;
};

}  // namespace

bool strict_by_default(const Tree& tree) {
  bool strict = false;
  for (const Node& root : tree.roots) {
    if (root.words.front() == "global_defs") strict = BlockLines(root).boolean("vrrp_strict").value_or(strict);
  }
  return strict;
}

void settle_strict(InstanceDraft& draft, const BlockLines& lines, Context& context) {
  StrictLint(draft, lines, context).run();
}

}  // namespace holdfast::config
