// What the kernel has of the routes and rules that the configuration could want, as told by events. Other routes and rules are
// never told (vrrp/io filters by key). Absent: any opinion. Kept by the routing board; read by the keepers.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "vrrp/logic/routing.h"

namespace holdfast::vrrp {

class RoutingFacts {
 public:
  /// Told everything once: before, nobody can say what is missing.
  bool known() const { return known_; }
  void forget();

  void appeared(const RoutingObject& object);
  /// False when nothing like it was known.
  bool vanished(const RoutingObject& object);
  bool has(const RoutingObject& wanted) const;
  /// Something of this key, whatever it is.
  bool has_key(const std::string& key) const { return facts_.contains(key); }

  /// From here on, what is not told again is gone…
  void resync_started() { ++resync_; }
  /// …now.
  void resync_finished();

 private:
  struct Fact {
    RoutingObject object;
    std::uint64_t told = 0;
  };
  std::unordered_map<std::string, std::vector<Fact>> facts_;
  std::uint64_t resync_ = 0;
  bool known_ = false;
};

}  // namespace holdfast::vrrp
