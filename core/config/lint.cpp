#include "core/config/lint.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tuple>
#include <unordered_set>

namespace holdfast::config {

namespace {

constexpr Duration kLongestVersion3Interval = centiseconds(4095);  // 12 bits of centiseconds, RFC 9568 §5.2.7

/// Where the keyword stands in the instance's block, else where the block stands.
Location keyword_at(const InstanceDraft& draft, std::string_view keyword) {
  for (const Node& line : draft.node->children) {
    if (line.words.front() == keyword) return line.at;
  }
  return draft.node->at;
}

void warn(const InstanceDraft& draft, std::string_view keyword, std::string_view text, Context& context) {
  context.diagnostics.warning(keyword_at(draft, keyword), fmt::format("({}) {}", draft.name, text));
}

void settle_version(InstanceDraft& draft, Context& context) {
  draft.family = draft.given_family.value_or(Family::IPv4);
  draft.version = draft.given_version.value_or(context.config.global_defs.vrrp_version);
  if (draft.family == Family::IPv4 || draft.version == 3) return;
  if (draft.given_version) warn(draft, "version", "VRRP version 2 does not support IPv6, using version 3", context);
  draft.version = 3;
}

/// behaviour.md d.3: whole seconds in version 2, centiseconds in version 3.
void settle_interval(InstanceDraft& draft, Context& context) {
  const Duration given = draft.given_interval.value_or(seconds(1));
  const Duration step = draft.version == 2 ? seconds(1) : centiseconds(1);
  Duration used = std::max((given + step / 2) / step, Duration::rep{1}) * step;
  if (draft.version == 3) used = std::min(used, kLongestVersion3Interval);
  draft.advert_interval = used;
  if (used == given) return;
  warn(draft, "advert_int",
       fmt::format("advert_int {} does not fit VRRP version {}, using {}", format_seconds(given), draft.version,
                   format_seconds(used)),
       context);
}

/// behaviour.md d.2: `state MASTER` without a priority makes an owner; priority 255 without a state wants to be master.
void settle_role(InstanceDraft& draft) {
  draft.priority = draft.given_priority.value_or(draft.given_state.value_or(false) ? 255 : 100);
  draft.wants_master = draft.given_state.value_or(draft.priority == 255);
}

void settle_preemption(InstanceDraft& draft, Context& context) {
  if (!draft.preempt && (draft.wants_master || draft.owner())) {
    warn(draft, "nopreempt",
         draft.wants_master ? "Warning - nopreempt will not work with initial state MASTER - clearing"
                            : "Warning - nopreempt is not compatible with priority 255 - resetting nopreempt",
         context);
    draft.preempt = true;
  }
  if (draft.preempt_delay == Duration::zero() || (draft.preempt && !draft.wants_master)) return;
  warn(draft, "preempt_delay",
       draft.wants_master ? "Warning - preempt delay will not work with initial state MASTER - clearing"
                          : "Warning - preempt delay will not work with nopreempt - clearing",
       context);
  draft.preempt_delay = Duration::zero();
}

void settle_authentication(InstanceDraft& draft, Context& context) {
  if (draft.authentication == Authentication::None) {
    draft.auth_pass.clear();
    return;
  }
  if (draft.version == 3) {
    warn(draft, "authentication", "VRRP version 3 does not support authentication. Ignoring.", context);
    draft.authentication = Authentication::None;
    draft.auth_pass.clear();
    return;
  }
  if (draft.authentication == Authentication::Ah) {
    context.diagnostics.remark(keyword_at(draft, "authentication"),
                               fmt::format("({}) auth_type AH is read but not used in this version", draft.name));
  }
}

void settle_addresses(const InstanceDraft& draft, Context& context) {
  if (!draft.virtual_addresses.empty() || draft.no_virtual_ipaddress) return;
  if (draft.version == 2) {
    context.diagnostics.warning(draft.at, fmt::format("({}) No VIP specified; at least one is sensible", draft.name));
  } else {
    context.diagnostics.error(draft.at, fmt::format("({}) No VIP specified; at least one is required", draft.name),
                              "a block virtual_ipaddress, or no_virtual_ipaddress");
  }
}

/// behaviour.md d.3: the own interface is always tracked, without a weight.
void settle_tracked_interfaces(InstanceDraft& draft, Context& context) {
  std::erase_if(draft.track_interfaces, [&](const TrackedInterface& track) {
    if (track.interface != draft.interface) return false;
    context.diagnostics.warning(
        track.at, fmt::format("({}) Ignoring track_interface {} since own interface", draft.name, track.interface));
    return true;
  });
}

void settle_globals(InstanceDraft& draft, const GlobalDefs& globals) {
  draft.lower_prio_no_advert = draft.given_lower_prio_no_advert.value_or(globals.lower_prio_no_advert);
  draft.higher_prio_send_advert = draft.given_higher_prio_send_advert.value_or(globals.higher_prio_send_advert);
  draft.owner_ignore_adverts = draft.given_owner_ignore_adverts.value_or(globals.owner_ignore_adverts);
  draft.notify_priority_changes = draft.given_notify_priority_changes.value_or(globals.notify_priority_changes);
  draft.multicast_group = globals.mcast_group4;
  if (!draft.garp.lower_prio_delay) draft.garp.lower_prio_delay = draft.garp.delay;
  if (!draft.garp.lower_prio_repeat) draft.garp.lower_prio_repeat = draft.garp.repeat;
}

/// What an instance cannot do without; false drops it.
bool complete(const InstanceDraft& draft, Context& context) {
  if (draft.virtual_router_id == 0) {
    context.diagnostics.error(draft.at, fmt::format("({}) the virtual router id must be set", draft.name),
                              "virtual_router_id 1..255");
  }
  if (draft.interface.empty()) {
    context.diagnostics.error(draft.at, fmt::format("({}) Unknown interface", draft.name), "a line `interface NAME`");
  }
  return draft.virtual_router_id != 0 && !draft.interface.empty();
}

}  // namespace

InstanceDraft begin_instance(const Config& config, const Node& node) {
  InstanceDraft draft;
  draft.node = &node;
  draft.at = node.at;
  if (node.words.size() > 1) draft.name = node.words[1];
  draft.garp = config.global_defs.garp;
  draft.down_timer_adverts = config.global_defs.down_timer_adverts;
  draft.skip_check_adv_addr = config.global_defs.skip_check_adv_addr;
  draft.v3_checksum_as_v2 = config.global_defs.v3_checksum_as_v2;
  draft.vip_lifetime = config.global_defs.vip_lifetime;
  return draft;
}

InstanceDraft draft_of(const VrrpInstance& instance) {
  InstanceDraft draft;
  static_cast<VrrpInstance&>(draft) = instance;
  draft.given_state = instance.wants_master;
  draft.given_priority = instance.priority;
  draft.given_version = instance.version;
  draft.given_interval = instance.advert_interval;
  draft.given_lower_prio_no_advert = instance.lower_prio_no_advert;
  draft.given_higher_prio_send_advert = instance.higher_prio_send_advert;
  draft.given_owner_ignore_adverts = instance.owner_ignore_adverts;
  draft.given_notify_priority_changes = instance.notify_priority_changes;
  draft.given_family = instance.family;
  draft.no_virtual_ipaddress = instance.virtual_addresses.empty();
  return draft;
}

void finish_instances(Context& context) {
  std::set<std::tuple<std::string, Family, std::uint8_t>> taken;
  context.config.vrrp_instances.reserve(context.drafts.size());
  for (std::unique_ptr<InstanceDraft>& read : context.drafts) {
    const std::unique_ptr<InstanceDraft> owned = std::move(read);
    InstanceDraft& draft = *owned;
    settle_version(draft, context);
    settle_interval(draft, context);
    settle_role(draft);
    settle_preemption(draft, context);
    settle_authentication(draft, context);
    settle_tracked_interfaces(draft, context);
    if (draft.unicast_source_at.line != 0 && !draft.has_unicast_peers) {
      context.diagnostics.warning(draft.unicast_source_at,
                                  fmt::format("({}) A unicast keyword has been specified without any unicast peers. "
                                              "Defaulting to multicast.",
                                              draft.name));
    }
    settle_globals(draft, context.config.global_defs);
    if (!complete(draft, context)) continue;
    settle_addresses(draft, context);
    if (!taken.emplace(draft.interface, draft.family, draft.virtual_router_id).second) {
      context.diagnostics.fatal(
          keyword_at(draft, "virtual_router_id"),
          fmt::format("({}) Duplicate VRID {} on interface {}", draft.name, draft.virtual_router_id, draft.interface),
          "a VRID of its own for each instance on an interface");
      continue;
    }
    context.config.vrrp_instances.push_back(std::move(static_cast<VrrpInstance&>(draft)));
  }
}

void check_groups(Context& context) {
  std::unordered_set<std::string_view> known;
  for (const VrrpInstance& instance : context.config.vrrp_instances) known.insert(instance.name);
  for (const SyncGroupDraft& group : context.groups) {
    std::size_t members = 0;
    for (const SyncGroupDraft::Member& member : group.members) {
      if (known.contains(member.name)) {
        ++members;
        continue;
      }
      context.diagnostics.error(
          member.at,
          fmt::format("Virtual router {} specified in sync group {} doesn't exist - ignoring", member.name, group.name),
          "the name of a vrrp_instance");
    }
    if (group.members.empty()) {
      context.diagnostics.error(group.at, fmt::format("Sync group {} has no virtual router(s). removing", group.name),
                                "a block group");
    } else if (members == 0) {
      context.diagnostics.error(
          group.at,
          fmt::format("Sync group {}, no matching virtual router found in group declaration - removing", group.name));
    } else if (members == 1) {
      context.diagnostics.warning(
          group.at,
          fmt::format("Sync group {} has only 1 virtual router(s) - this probably isn't what you want", group.name));
    }
  }
}

}  // namespace holdfast::config
