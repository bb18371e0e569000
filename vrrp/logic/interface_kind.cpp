#include "vrrp/logic/interface_kind.h"

namespace holdfast::vrrp {

namespace {

/// What lies below the others is their peer or their way out, not what they are.
bool stands_on_another(const std::string& kind) {
  for (const char* stacked : {"macvlan", "macvtap", "ipvlan", "ipvtap", "vlan", "macsec"}) {
    if (kind == stacked) return true;
  }
  return false;
}

}  // namespace

std::string interface_kind(const LinkChanged& link, const LinkTable& links) {
  std::string kind = link.kind.empty() ? "hardware" : link.kind;
  if (!stands_on_another(link.kind)) return kind;
  const LinkChanged* base = links.by_index(link.below);
  return base == nullptr ? kind : kind + " on " + base->name;
}

}  // namespace holdfast::vrrp
