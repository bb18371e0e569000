#include "core/config/lint.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

#include "core/config/block_lines.h"
#include "core/config/lint_together.h"
#include "core/config/lint_vrrp_advice.h"
#include "core/config/lint_vrrp_strict.h"
#include "core/config/settle_vmacs.h"

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

void warn(const InstanceDraft& draft, std::string_view keyword, std::string_view text, Context& context,
          std::string mend = {}) {
  context.diagnostics.warning(keyword_at(draft, keyword), fmt::format("({}) {}", draft.name, text), std::move(mend));
}

bool stands_before(const Location& a, const Location& b) {
  return a.file == b.file && a.line < b.line;
}

void settle_version(InstanceDraft& draft, Context& context) {
  draft.family = draft.given_family.value_or(Family::IPv4);
  draft.version = draft.given_version.value_or(context.config.global_defs.vrrp_version);
  if (draft.family == Family::IPv4 || draft.version == 3) return;
  draft.version = 3;
  if (!draft.given_version) return;
  const std::string text = fmt::format("({}) VRRP version 2 does not support IPv6, using version 3", draft.name);
  const Location at = keyword_at(draft, "version");
  // keepalived says so only behind the addresses
  if (stands_before(keyword_at(draft, "virtual_ipaddress"), at)) {
    context.diagnostics.warning(at, text, "version 3");
  } else {
    context.diagnostics.advise(at, text, "version 3");
  }
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
       context,
       draft.version == 2 ? "whole seconds, or version 3 on every router: they must agree on both" : "0.01..40.95");
}

/// behaviour.md d.2: `state MASTER` without a priority makes an owner; priority 255 without a state wants to be master.
void settle_role(InstanceDraft& draft) {
  draft.priority = draft.given_priority.value_or(draft.given_state.value_or(false) ? 255 : 100);
  draft.wants_master = draft.given_state.value_or(draft.priority == 255);
}

void settle_preemption(InstanceDraft& draft, Context& context) {
  if (!draft.preempt && (draft.wants_master || draft.owner())) {
    warn(draft, "nopreempt",
         draft.owner() ? "Warning - nopreempt is not compatible with priority 255 - resetting nopreempt"
                       : "Warning - nopreempt will not work with initial state MASTER - clearing",
         context, "state BACKUP and a priority below 255 on every router");
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
  if (draft.auth_pass.empty()) {
    warn(draft, "authentication", "Authentication specified but no password given. Ignoring", context,
         "a line auth_pass");
    draft.authentication = Authentication::None;
    return;
  }
  if (draft.authentication == Authentication::Ah) {
    if (draft.wants_master && !draft.owner()) {
      warn(draft, "state", "Initial state master is incompatible with AH authentication - clearing", context,
           "state BACKUP");
      draft.wants_master = false;
    }
  }
}

/// As many as fit into an advert of 1500 octets (behaviour.md d.7); the rest moves with them unnamed.
void settle_advertised(InstanceDraft& draft, Context& context) {
  std::vector<VirtualAddress>& all = draft.virtual_addresses;
  const std::size_t most = draft.family == Family::IPv4 ? 255 : 89;
  if (all.size() <= most) return;
  warn(draft, "virtual_ipaddress",
       fmt::format("Number of VIPs ({}) exceeds maximum/space available in packet (max {} addresses) - excess moved to "
                   "eVIPs",
                   all.size(), most),
       context, "the others in virtual_ipaddress_excluded, the same on every router");
  const auto excess = all.begin() + static_cast<std::ptrdiff_t>(most);
  draft.excluded_addresses.change([&](std::vector<VirtualAddress>& others) {
    others.insert(others.begin(), std::make_move_iterator(excess), std::make_move_iterator(all.end()));
  });
  all.erase(excess, all.end());
}

void settle_addresses(InstanceDraft& draft, bool strict, Context& context) {
  settle_advertised(draft, context);
  if (!draft.virtual_addresses.empty() || draft.no_virtual_ipaddress) return;
  if (draft.version == 2 && !strict) {
    context.diagnostics.warning(draft.at, fmt::format("({}) No VIP specified; at least one is sensible", draft.name));
  } else {
    context.diagnostics.error(draft.at, fmt::format("({}) No VIP specified; at least one is required", draft.name),
                              "a block virtual_ipaddress, or no_virtual_ipaddress");
  }
}

/// behaviour.md d.3: the own interface is always tracked, without a weight.
void settle_tracked_interfaces(InstanceDraft& draft, Context& context) {
  draft.track_interfaces.erase_if([&](const TrackedInterface& track) {
    if (track.interface != draft.interface) return false;
    context.diagnostics.warning(
        track.at, fmt::format("({}) Ignoring track_interface {} since own interface", draft.name, track.interface));
    return true;
  });
}

/// RFC 9568 §6.1 (Accept_Mode): the owner always, others unless the strict mode keeps them from it; version 2 in strict mode
/// never (RFC 3768 §6.4.3).
bool accepts(const InstanceDraft& draft) {
  if (draft.owner()) return true;
  if (draft.strict) return draft.version == 3 && draft.given_accept.value_or(false);
  return draft.given_accept.value_or(true);
}

/// notify_priority_changes of sync groups that have it, by member. A member of two groups is in the first.
std::unordered_map<std::string_view, bool> told_by_groups(const Context& context) {
  std::unordered_map<std::string_view, bool> told;
  for (const SyncGroupDraft& group : context.groups) {
    const bool otherwise = context.config.global_defs.notify_priority_changes;
    for (const SyncGroupDraft::Member& member : group.given_members)
      told.try_emplace(member.name, group.notify_priority_changes.value_or(otherwise));
  }
  return told;
}

void settle_globals(InstanceDraft& draft, const GlobalDefs& globals) {
  draft.lower_prio_no_advert = draft.given_lower_prio_no_advert.value_or(globals.lower_prio_no_advert);
  draft.higher_prio_send_advert = draft.given_higher_prio_send_advert.value_or(globals.higher_prio_send_advert);
  draft.owner_ignore_adverts = draft.given_owner_ignore_adverts.value_or(globals.owner_ignore_adverts);
  draft.notify_priority_changes = draft.given_notify_priority_changes.value_or(globals.notify_priority_changes);
  draft.smtp_alert =
      draft.given_smtp_alert.value_or(globals.smtp_alert_vrrp.value_or(globals.smtp_alert.value_or(false)));
  draft.no_email_faults = globals.no_email_faults;
  draft.check_unicast_source = draft.check_unicast_source || globals.check_unicast_source;
  const IpAddress& usual = draft.family == Family::IPv4 ? globals.mcast_group4 : globals.mcast_group6;
  const bool own = draft.given_group && !draft.unicast() && draft.given_group->family() == draft.family;
  draft.multicast_group = own ? *draft.given_group : usual;
  draft.accept = accepts(draft);
  if (!draft.garp->lower_prio_delay) draft.garp.own().lower_prio_delay = draft.garp->delay;
  if (!draft.garp->lower_prio_repeat) draft.garp.own().lower_prio_repeat = draft.garp->repeat;
}

void report_unicast_without_peers(const InstanceDraft& draft, const BlockLines& lines, Context& context) {
  if (draft.unicast()) return;
  for (const char* keyword : {"unicast_src_ip", "check_unicast_src", "old_unicast_checksum", "unicast_peer"}) {
    if (!lines.has(keyword)) continue;
    warn(draft, keyword, "A unicast keyword has been specified without any unicast peers. Defaulting to multicast.",
         context, "a block unicast_peer with the other routers");
    return;
  }
}

/// What is tracked twice is tracked once; said by lint_references.
void drop_duplicate_trackers(InstanceDraft& draft) {
  std::unordered_set<std::string> seen;
  draft.track_scripts.erase_if([&](const TrackedScript& track) { return !seen.insert(track.name).second; });
  seen.clear();
  draft.track_interfaces.erase_if([&](const TrackedInterface& track) { return !seen.insert(track.interface).second; });
  for (auto* list : {&draft.track_files, &draft.track_processes}) {
    seen.clear();
    list->erase_if([&](const TrackedObject& track) { return !seen.insert(track.name).second; });
  }
}

/// What is not defined is not tracked; said by lint_references.
template <class Definition>
void drop_unknown(Few<TrackedObject>& tracks, const std::vector<Definition>& definitions) {
  tracks.erase_if([&](const TrackedObject& track) {
    return std::ranges::find(definitions, track.name, &Definition::name) == definitions.end();
  });
}

/// Peers that stood before the first address may turn out to be of the other family.
void drop_foreign_peers(InstanceDraft& draft) {
  draft.unicast_peers.erase_if([&](const UnicastPeer& peer) { return peer.address.family() != draft.family; });
  if (draft.source_address && draft.source_address->family() != draft.family) draft.source_address.reset();
}

/// behaviour.md d.7: not together with authentication, and only with a key to send with.
void settle_hmac(InstanceDraft& draft, Context& context) {
  if (!draft.hmac) return;
  const auto active = [&](const HmacKey& key) { return key.id == draft.hmac->active_key; };
  if (std::ranges::none_of(draft.hmac->keys, active)) {
    context.diagnostics.error(keyword_at(draft, "auth_hmac"),
                              fmt::format("({}) auth_hmac has no usable active_key - ignoring auth_hmac", draft.name),
                              "active_key with the number of a key of the block");
    draft.hmac.reset();
    return;
  }
  if (draft.authentication == Authentication::None) return;
  context.diagnostics.error(keyword_at(draft, "auth_hmac"),
                            fmt::format("({}) auth_hmac cannot be combined with authentication - ignoring "
                                        "authentication",
                                        draft.name),
                            "one of both, the same on every router");
  draft.authentication = Authentication::None;
  draft.auth_pass.clear();
}

/// keepalived.conf(5): for unicast without an interface.
void settle_vrf(InstanceDraft& draft, Context& context) {
  if (draft.vrf.empty()) return;
  const bool beside_interface = !draft.interface.empty();
  if (!beside_interface && draft.unicast()) return;
  context.diagnostics.error(keyword_at(draft, "vrf"),
                            fmt::format("({}) vrf {} {} - ignoring vrf", draft.name, *draft.vrf,
                                        beside_interface ? "beside an interface" : "needs unicast peers"),
                            "unicast_peer, unicast_src_ip and no interface");
  draft.vrf.clear();
}

/// Everything that one instance says, in the order in which one setting decides about the next.
void settle(InstanceDraft& draft, const BlockLines& lines, bool strict, Context& context) {
  settle_version(draft, context);
  settle_interval(draft, context);
  settle_role(draft);
  drop_foreign_peers(draft);
  drop_duplicate_trackers(draft);
  drop_unknown(draft.track_files, context.config.track_files);
  drop_unknown(draft.track_processes, context.config.track_processes);
  draft.strict = strict;
  if (strict) settle_strict(draft, lines, context);
  settle_preemption(draft, context);
  settle_authentication(draft, context);
  settle_hmac(draft, context);
  settle_tracked_interfaces(draft, context);
  settle_vrf(draft, context);
  report_unicast_without_peers(draft, lines, context);
  settle_globals(draft, context.config.global_defs);
}

/// What an instance cannot do without; false drops it.
bool complete(const InstanceDraft& draft, Context& context) {
  if (draft.virtual_router_id == 0) {
    context.diagnostics.error(draft.at, fmt::format("({}) the virtual router id must be set", draft.name),
                              "virtual_router_id 1..255");
  }
  const bool needs_none = draft.unicast() && draft.source_address;
  if (draft.interface.empty() && !needs_none) {
    context.diagnostics.error(draft.at, fmt::format("({}) Unknown interface", draft.name), "a line `interface NAME`");
  }
  return draft.virtual_router_id != 0 && (!draft.interface.empty() || needs_none);
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
  draft.given_smtp_alert = instance.smtp_alert;
  const bool usual = instance.owner() || !instance.strict;
  if (instance.accept != usual) draft.given_accept = instance.accept;
  draft.given_family = instance.family;
  draft.given_group = instance.multicast_group;
  draft.no_virtual_ipaddress = instance.virtual_addresses.empty();
  return draft;
}

void finish_instances(const Tree& tree, const TrackerWeights& weights, Context& context) {
  const bool strict_default = strict_by_default(tree);
  const auto of_groups = told_by_groups(context);
  RouterKeys taken;
  context.config.vrrp_instances.reserve(context.drafts.size());
  for (std::unique_ptr<InstanceDraft>& read : context.drafts) {
    const std::unique_ptr<InstanceDraft> owned = std::move(read);
    InstanceDraft& draft = *owned;
    const BlockLines lines(*draft.node);
    const bool strict = lines.boolean("strict_mode").value_or(strict_default);
    if (const auto told = of_groups.find(draft.name); told != of_groups.end() && !draft.given_notify_priority_changes)
      draft.given_notify_priority_changes = told->second;
    settle(draft, lines, strict, context);
    if (!complete(draft, context)) continue;
    settle_addresses(draft, strict, context);
    advise_on_instance(draft, lines, weights, context);
    settle_vmac(draft, strict, context);
    if (!taken.take(draft, context)) continue;
    std::vector<VrrpInstance>& all = context.config.vrrp_instances;
    if (!all.empty()) draft.garp.share_with(all.back().garp);
    all.push_back(std::move(static_cast<VrrpInstance&>(draft)));
  }
  name_vmacs(context);
}

void finish_groups(Context& context) {
  std::unordered_set<std::string_view> known;
  std::unordered_set<std::string> taken;  // a member of two groups stays in the first; said by lint_together
  for (const VrrpInstance& instance : context.config.vrrp_instances) known.insert(instance.name);
  for (SyncGroupDraft& group : context.groups) {
    std::size_t members = 0;
    for (const SyncGroupDraft::Member& member : group.given_members) {
      if (known.contains(member.name)) {
        ++members;
        if (taken.insert(member.name).second) group.members.push_back(member.name);
        continue;
      }
      context.diagnostics.error(
          member.at,
          fmt::format("Virtual router {} specified in sync group {} doesn't exist - ignoring", member.name, group.name),
          "the name of a vrrp_instance");
    }
    if (group.given_members.empty()) {
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
    const GlobalDefs& globals = context.config.global_defs;
    group.no_email_faults = globals.no_email_faults;
    if (!group.smtp_alert) group.smtp_alert = globals.smtp_alert_vrrp.value_or(globals.smtp_alert.value_or(false));
    drop_unknown(group.track_files, context.config.track_files);
    drop_unknown(group.track_processes, context.config.track_processes);
    if (!group.members.empty()) context.config.sync_groups.push_back(group);
  }
}

}  // namespace holdfast::config
