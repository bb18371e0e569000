#include "core/config/settle_vmacs.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <set>

#include "core/config/made_interface.h"

namespace holdfast::config {

namespace {

constexpr std::size_t kLongestName = 15;

std::optional<std::uint32_t> group_of(const Node& node) {
  for (std::size_t at = 1; at + 1 < node.words.size(); ++at) {
    const std::string& word = node.words[at + 1];
    std::uint32_t number = 0;
    if (node.words[at] != "group") continue;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc{} && end == word.data() + word.size()) return number;
  }
  return std::nullopt;
}

/// 00:00:5e:00:… belongs to VRIDs.
bool usable(const std::vector<std::uint8_t>& octets) {
  const bool reserved = octets.size() == 6 && octets[0] == 0 && octets[1] == 0 && octets[2] == 0x5e && octets[3] == 0;
  return (octets.front() & 1) == 0 && !reserved;
}

MacAddress mac_of(const InstanceDraft& draft) {
  const std::vector<std::uint8_t>& given = draft.given_vmac_octets;
  if (given.empty()) return MacAddress::virtual_router(draft.family, draft.virtual_router_id);
  MacAddress mac;
  mac.octets.back() = draft.virtual_router_id;
  std::ranges::copy(given, mac.octets.begin());
  return mac;
}

template <class Instance, class Do>
void for_each_address(Instance& instance, Do action) {
  for (auto& entry : instance.virtual_addresses) action(entry);
  for (auto& entry : instance.excluded_addresses) action(entry);
}

const std::string& base_of(const VirtualAddress& entry, const VrrpInstance& instance) {
  return entry.interface.empty() ? instance.interface : *entry.interface;
}

Vmac* vmac_on(VrrpInstance& instance, const std::string& base) {
  const auto found = std::ranges::find(instance.address_vmacs, base, &Vmac::base);
  return found == instance.address_vmacs.end() ? nullptr : &*found;
}

bool settle_own_vmac(InstanceDraft& draft, Context& context) {
  if (!draft.interface.empty()) {
    if (draft.vmac->ipvlan && draft.vmac->address && draft.vmac->address->address.family() != draft.family)
      draft.vmac->address.reset();
    draft.vmac->base = draft.interface;
    if (!draft.vmac->ipvlan) draft.vmac->mac = mac_of(draft);
    draft.vmac->ipv4 = draft.vmac->ipv6 = false;
    (draft.family == Family::IPv4 ? draft.vmac->ipv4 : draft.vmac->ipv6) = true;
    return true;
  }
  context.diagnostics.warning(draft.at,
                              fmt::format("({}) {} needs an interface - ignoring it", draft.name,
                                          draft.vmac->ipvlan ? "use_ipvlan" : "use_vmac"),
                              "a line interface");
  draft.vmac.reset();
  return false;
}

/// The macvlan that this address lies on, made when it is the first there; null for a plain interface.
Vmac* place(VirtualAddress& entry, InstanceDraft& draft) {
  const bool elsewhere = !entry.interface.empty() && entry.interface != draft.interface;
  if (draft.use_vmac_addr && elsewhere && !entry.details->use_vmac) entry.details.own().use_vmac.emplace();
  if (draft.vmac && entry.details->use_vmac && !elsewhere) {
    entry.details.own().use_vmac.reset();
    entry.interface.clear();
  }
  if (!entry.details->use_vmac) return draft.vmac && entry.interface.empty() ? &*draft.vmac : nullptr;
  const std::string& base = base_of(entry, draft);
  if (Vmac* known = vmac_on(draft, base)) return known;
  Vmac made;
  made.name = *entry.details->use_vmac;
  made.base = base;
  made.mac = MacAddress::virtual_router(draft.family, draft.virtual_router_id);
  made.ipv4 = false;
  draft.address_vmacs.push_back(std::move(made));
  return &draft.address_vmacs.back();
}

class Namer {
 public:
  explicit Namer(const GlobalDefs& globals)
      : prefix_(globals.vmac_prefix), addr_prefix_(globals.vmac_addr_prefix.value_or(globals.vmac_prefix)) {}

  void take(const std::string& name) { taken_.insert(name); }

  void name(Vmac& vmac, const VrrpInstance& instance, bool of_address) {
    if (!vmac.name.empty()) return;
    const std::string& prefix = of_address ? addr_prefix_ : prefix_;
    const std::string number = std::to_string(instance.virtual_router_id);
    vmac.name = made(prefix, "", number);
    if (instance.family == Family::IPv6 && taken_.contains(vmac.name)) vmac.name = made(prefix, "6", number);
    for (int i = 1; taken_.contains(vmac.name); ++i) vmac.name = made(prefix, std::to_string(i), number);
    take(vmac.name);
  }

 private:
  /// The prefix gives way when all of it does not fit.
  static std::string made(const std::string& prefix, const std::string& middle, const std::string& number) {
    return fmt::format("{}{}.{}", prefix.substr(0, kLongestName - 1 - middle.size() - number.size()), middle, number);
  }

  std::string prefix_, addr_prefix_;
  std::set<std::string> taken_;
};

template <class Do>
void for_each_vmac(std::vector<VrrpInstance>& instances, Do action) {
  for (VrrpInstance& instance : instances) {
    if (instance.vmac) action(instance, *instance.vmac, false);
    for (Vmac& vmac : instance.address_vmacs) action(instance, vmac, true);
  }
}

IpvlanMode mode_of(const std::string& word) {
  if (word == "private") return IpvlanMode::Private;
  return word == "vepa" ? IpvlanMode::Vepa : IpvlanMode::Bridge;
}

std::string word_of(IpvlanMode mode) {
  if (mode == IpvlanMode::Private) return "private";
  return mode == IpvlanMode::Vepa ? "vepa" : "bridge";
}

/// The kernel keeps the mode with the interface below, and has no macvlans beside ipvlans there.
void settle_shared_bases(Context& context) {
  std::map<std::string, const Vmac*> firsts;
  for_each_vmac(context.config.vrrp_instances, [&](const VrrpInstance& instance, Vmac& vmac, bool) {
    const auto [first, is_new] = firsts.emplace(vmac.base, &vmac);
    if (is_new) return;
    const Vmac& other = *first->second;
    if (other.ipvlan != vmac.ipvlan) {
      context.diagnostics.advise(instance.at,
                                 fmt::format("({}) {} carries a macvlan and an ipvlan: the kernel has only one kind on "
                                             "an interface, the second cannot be made",
                                             instance.name, vmac.base),
                                 "use_vmac or use_ipvlan for all on that interface");
    } else if (vmac.ipvlan && other.mode != vmac.mode) {
      context.diagnostics.error(instance.at,
                                fmt::format("({}) ipvlan mode {} differs from {} of the others on {} - using that",
                                            instance.name, word_of(vmac.mode), word_of(other.mode), vmac.base),
                                "the same mode for all ipvlans on an interface");
      vmac.mode = other.mode;
    }
  });
}

void report_shared(Context& context) {
  std::map<std::pair<std::string, MacAddress>, std::string> owners;
  for_each_vmac(context.config.vrrp_instances, [&](const VrrpInstance& instance, const Vmac& vmac, bool) {
    if (vmac.ipvlan) return;
    const auto [owner, first] = owners.emplace(std::pair(vmac.base, vmac.mac), instance.name);
    if (first) return;
    context.diagnostics.error(instance.at,
                              fmt::format("({}) uses same VMAC as VRRP instance {}: {} on {}", instance.name,
                                          owner->second, vmac.mac.text(), vmac.base),
                              "another virtual_router_id, another MAC, or one instance for both");
  });
}

}  // namespace

void read_use_vmac(InstanceDraft& draft, const Node& node, Context&) {
  const MadeInterface made = MadeInterface::read(node);
  if (!draft.vmac || draft.vmac->ipvlan) draft.vmac.emplace();
  if (std::ranges::count(node.words, "netlink_notify_msg") > 0) draft.vmac->tells_base = true;
  if (!made.names.empty() && draft.vmac->name.empty()) draft.vmac->name = node.words[made.names.front()];
  for (const std::size_t at : made.macs) {
    const auto octets = mac_octets(node.words[at]);
    if (octets && usable(*octets)) draft.given_vmac_octets = *octets;
  }
  if (const auto group = group_of(node)) draft.vmac->group = group;
}

void read_use_ipvlan(InstanceDraft& draft, const Node& node, Context&) {
  if (draft.vmac && !draft.vmac->ipvlan) return;  // said by lint_made_interfaces
  const MadeInterface made = MadeInterface::read(node);
  if (!draft.vmac) draft.vmac.emplace();
  Vmac& ipvlan = *draft.vmac;
  ipvlan.ipvlan = true;
  if (!made.names.empty() && ipvlan.name.empty()) ipvlan.name = node.words[made.names.front()];
  if (!made.modes.empty()) ipvlan.mode = mode_of(node.words[made.modes.front()]);
  if (!made.addresses.empty() && !ipvlan.address) ipvlan.address = IpPrefix::parse(node.words[made.addresses.front()]);
  if (const auto group = group_of(node)) ipvlan.group = group;
}

void write_use_ipvlan(const InstanceDraft& draft, std::vector<Node>& lines) {
  if (!draft.vmac || !draft.vmac->ipvlan) return;
  const Vmac& ipvlan = *draft.vmac;
  Node node = made_node("use_ipvlan");
  if (!ipvlan.name.empty()) node.words.insert(node.words.end(), {"name", ipvlan.name});
  node.words.push_back(word_of(ipvlan.mode));
  if (ipvlan.group) node.words.insert(node.words.end(), {"group", std::to_string(*ipvlan.group)});
  if (ipvlan.address) node.words.push_back(ipvlan.address->text());
  lines.push_back(std::move(node));
}

void write_use_vmac(const InstanceDraft& draft, std::vector<Node>& lines) {
  if (!draft.vmac || draft.vmac->ipvlan) return;
  Node node = made_node("use_vmac");
  if (!draft.vmac->name.empty()) node.words.insert(node.words.end(), {"name", draft.vmac->name});
  if (draft.vmac->mac != MacAddress::virtual_router(draft.family, draft.virtual_router_id)) {
    node.words.push_back(draft.vmac->mac.text());
  }
  if (draft.vmac->group) node.words.insert(node.words.end(), {"group", std::to_string(*draft.vmac->group)});
  if (draft.vmac->tells_base) node.words.emplace_back("netlink_notify_msg");
  lines.push_back(std::move(node));
}

void settle_vmac(InstanceDraft& draft, bool strict, Context& context) {
  const bool own = draft.vmac && settle_own_vmac(draft, context) && !draft.vmac->ipvlan;
  if (strict) draft.vmac_xmit_base = false;
  if (own && draft.unicast()) draft.vmac_xmit_base = true;
  for_each_address(draft, [&](VirtualAddress& entry) {
    if (Vmac* vmac = place(entry, draft)) {
      (entry.prefix.address.is_v4() ? vmac->ipv4 : vmac->ipv6) = true;
    }
  });
}

void name_vmacs(Context& context) {
  std::vector<VrrpInstance>& instances = context.config.vrrp_instances;
  Namer namer(context.config.global_defs);
  for_each_vmac(instances, [&](const VrrpInstance&, const Vmac& vmac, bool) { namer.take(vmac.name); });
  for_each_vmac(instances, [&](const VrrpInstance& instance, Vmac& vmac, bool of_address) {
    namer.name(vmac, instance, of_address);
  });
  for (VrrpInstance& instance : instances) {
    for_each_address(instance, [&](VirtualAddress& entry) {
      if (entry.details->use_vmac) entry.details.own().use_vmac = vmac_on(instance, base_of(entry, instance))->name;
    });
  }
  report_shared(context);
  settle_shared_bases(context);
}

}  // namespace holdfast::config
