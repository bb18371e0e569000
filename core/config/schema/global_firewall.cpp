#include "core/config/schema/global_firewall.h"

#include <limits>

namespace holdfast::config {

namespace {

using G = GlobalDefs;
using F = FirewallSettings;
using Names = std::optional<std::vector<std::string>>;

/// A member of GlobalDefs::firewall that may be unset.
template <class T, class Codec>
Row<G> optional(std::string keyword, std::optional<T> F::*member, Codec codec, std::string doc, std::string since) {
  const auto set = [member](G& globals, T value) { globals.firewall.*member = std::move(value); };
  const auto get = [member](const G& globals) { return globals.firewall.*member; };
  return inside<G>(std::move(keyword), codec, set, get, std::move(doc), std::move(since));
}

Row<G> flag(std::string keyword, bool F::*member, std::string doc) {
  const auto set = [member](G& globals, bool given) { globals.firewall.*member = given; };
  const auto get = [member](const G& globals) { return globals.firewall.*member ? std::optional(true) : std::nullopt; };
  return inside<G>(std::move(keyword), Flag{}, set, get, std::move(doc), "2.0.11");
}

Row<G> priority() {
  using Limits = std::numeric_limits<std::int32_t>;
  const auto set = [](G& globals, std::int64_t value) { globals.firewall.priority = static_cast<std::int32_t>(value); };
  const auto get = [](const G& globals) { return std::optional<std::int64_t>(globals.firewall.priority); };
  return inside<G>("nftables_priority", Integer{Limits::min(), Limits::max()}, set, get,
                   "Priority of the nftables chains.", "2.0.11");
}

}  // namespace

std::vector<Row<G>> global_firewall_rows() {
  return {
      optional("vrrp_iptables", &F::iptables, WordList{"names of the input and output chains", 0, 2},
               "Accepted; Holdfast drops with nftables all the same.", "1.2.20"),
      optional("vrrp_ipsets", &F::ipsets, WordList{"up to six set names", 0, 6},
               "Accepted; Holdfast uses sets of nftables.", "1.2.20"),
      optional("nftables", &F::nftables, OptionalWord{"a table name, or nothing"},
               "Name of the nftables table for no_accept and macvlans.", "2.0.11"),
      priority(),
      flag("nftables_ifindex", &F::ifindex, "Match interfaces by index."),
      flag("nftables_counters", &F::counters, "Add counters to nftables rules."),
  };
}

}  // namespace holdfast::config
