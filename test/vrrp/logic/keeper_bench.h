// A keeper of settings of interfaces (base_keeper, promotion_keeper) with the links that it looks at.
#pragma once

#include <set>
#include <string>

#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

template <class Keeper>
struct KeeperBench {
  LinkTable links;
  Keeper keeper;

  /// ens33 as the kernel tells it now: `setting` is what this keeper looks at.
  template <class Setting>
  void link(std::uint32_t index, Setting LinkChanged::*setting, const Setting& value) {
    LinkChanged link;
    link.index = index;
    link.name = "ens33";
    link.*setting = value;
    links.link_changed(link);
  }
  Effects step(const std::set<std::string>& wanted) {
    Effects out;
    keeper.step(wanted, links, out);
    return out;
  }
};

}  // namespace holdfast::vrrp
