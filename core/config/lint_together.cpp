#include "core/config/lint_together.h"

#include <fmt/format.h>
#include <map>

#include "core/config/block_lines.h"

namespace holdfast::config {

namespace {

/// Lines of text for one address of one instance.
struct Carrier {
  const VrrpInstance* instance;
  bool excluded;
};

class TogetherLint {
 public:
  TogetherLint(const Tree& tree, Context& context) : tree_(tree), context_(context) {
    for (const VrrpInstance& instance : context.config.vrrp_instances) instances_.emplace(instance.name, &instance);
  }

  void run() {
    check_addresses();
    check_group_members();
    check_track_groups();
    check_sync_daemon();
  }

 private:
  void check_addresses() {
    std::map<IpAddress, Carrier> carriers;
    for (const VrrpInstance& instance : context_.config.vrrp_instances) {
      for (const VirtualAddress& entry : instance.virtual_addresses) check_address(instance, entry, false, carriers);
      for (const VirtualAddress& entry : instance.excluded_addresses) check_address(instance, entry, true, carriers);
    }
  }

  void check_address(const VrrpInstance& instance, const VirtualAddress& entry, bool excluded,
                     std::map<IpAddress, Carrier>& carriers) {
    const auto [other, is_new] = carriers.emplace(entry.prefix.address, Carrier{&instance, excluded});
    if (is_new) return;
    const std::string address = entry.prefix.address.text();
    if (other->second.instance == &instance) {
      context_.diagnostics.advise(
          instance.at,
          fmt::format("({}) {} is listed twice: it is set once, but counts twice in adverts", instance.name, address),
          "each address once");
      return;
    }
    context_.diagnostics.advise(
        instance.at,
        fmt::format(
            "({}) {} is also an address of {}: the one that stops being master takes it from the other, and two "
            "routers may hold it at once",
            instance.name, address, other->second.instance->name),
        "each address in one instance, or both instances in one vrrp_sync_group");
  }

  /// behaviour.md d.11. Instances that do not exist are reported by finish_groups.
  void check_group_members() {
    std::unordered_map<std::string_view, const SyncGroupDraft*> group_of;
    for (const SyncGroupDraft& group : context_.groups) {
      std::size_t owners = 0, others = 0;
      for (const SyncGroupDraft::Member& member : group.given_members) {
        const auto instance = instances_.find(member.name);
        if (instance == instances_.end()) continue;
        (instance->second->owner() ? owners : others) += 1;
        if (group_of.emplace(member.name, &group).second) continue;
        context_.diagnostics.warning(
            member.at,
            fmt::format("Virtual router {} cannot exist in more than one sync group; ignoring {}", member.name,
                        group.name),
            "each instance once, in one group");
      }
      if (owners == 0 || others == 0) continue;
      context_.diagnostics.advise(
          group.at,
          fmt::format("Sync group {} has members with priority 255 and members with less: the owners become master at "
                      "once, the others may follow another router",
                      group.name),
          "priority 255 in all members, or in none");
    }
  }

  void check_track_groups() {
    for (const Node& root : tree_.roots) {
      if (root.words.front() != "track_group") continue;
      for (const Node* line : BlockLines(root).entries("group")) {
        for (const std::string& name : line->words) {
          if (instances_.contains(name) || context_.instances.contains(name)) continue;
          context_.diagnostics.advise(line->at,
                                      fmt::format("track_group names {}, which is no vrrp_instance: nothing will fault "
                                                  "for it",
                                                  name),
                                      "the name of a vrrp_instance");
        }
      }
    }
  }

  void check_sync_daemon() {
    const std::optional<LvsSyncDaemon>& daemon = context_.config.global_defs.lvs_sync_daemon;
    if (!daemon || daemon->vrrp_instance.empty() || context_.instances.contains(daemon->vrrp_instance)) return;
    context_.diagnostics.advise(
        daemon->at,
        fmt::format("lvs_sync_daemon follows {}, which is no vrrp_instance: no sync daemon will "
                    "run",
                    daemon->vrrp_instance),
        "the name of a vrrp_instance, or none for both daemons");
  }

  const Tree& tree_;
  Context& context_;
  std::unordered_map<std::string_view, const VrrpInstance*> instances_;
};

/// What tells the adverts of two instances of one interface apart besides the VRID: group, or unicast source.
std::string transport_of(const InstanceDraft& draft) {
  const BlockLines lines(*draft.node);
  if (!draft.unicast()) {
    const auto own = lines.address("mcast_dst_ip");
    return own ? own->text() : "multicast";
  }
  const auto source = lines.has("unicast_src_ip") ? lines.address("unicast_src_ip") : lines.address("mcast_src_ip");
  return "unicast " + (source ? source->text() : "");
}

}  // namespace

bool RouterKeys::take(const InstanceDraft& draft, Context& context) {
  const std::string transport = transport_of(draft);
  const std::string key = fmt::format("{} {} {} {}", draft.interface + *draft.vrf, static_cast<int>(draft.family),
                                      draft.virtual_router_id, transport);
  const auto [other, is_new] = taken_.emplace(key, Holder{draft.name, draft.at});
  if (is_new) return true;
  const Location at = BlockLines(*draft.node).at("virtual_router_id");
  if (transport == "unicast ") {
    context.diagnostics.advise(
        at,
        fmt::format(
            "({}) VRID {} on interface {} is also that of {}, from the same address: a peer of both cannot tell "
            "their adverts apart",
            draft.name, draft.virtual_router_id, draft.interface, other->second.name),
        "a VRID or a unicast_src_ip of its own");
    return true;
  }
  const char* family = draft.family == Family::IPv4 ? "IPv4" : "IPv6";
  context.diagnostics.add(
      {Severity::Fatal,
       ErrorClass::General,
       at,
       fmt::format("({}) Duplicate VRID {} on interface {}: {} and {} both use it with {}", draft.name,
                   draft.virtual_router_id, draft.interface, other->second.name, draft.name, family),
       "a VRID of its own for each instance on an interface",
       {}});
  return false;
}

void lint_together(const Tree& tree, Context& context) {
  TogetherLint(tree, context).run();
}

}  // namespace holdfast::config
