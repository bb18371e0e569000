// A child's dumps: each text is made beside the loop (that of a thousand instances takes longer than adverts may wait) from a
// copy of the state at the time of the request, one after the other. Both children use it; what stands in a dump is theirs.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "core/ipc/child_link.h"
#include "core/runtime/background.h"
#include "proto/supervision.pb.h"

namespace holdfast {

class Dumps {
 public:
  Dumps(EventLoop& loop, ChildLink& link) : link_(link), background_(loop) {}

  /// Whether the same is wanted already: then asking again changes nothing.
  bool wanted(const proto::Dump& request) const;
  /// `make` must own what it uses.
  void want(const proto::Dump& request, std::function<std::string()> make);
  /// Answers at once.
  void answer(const proto::Dump& request, std::string text);

 private:
  struct Wanted {
    proto::Dump request;
    std::function<std::string()> make;
  };
  void make_next();

  ChildLink& link_;
  Background background_;
  std::deque<Wanted> wanted_;
};

}  // namespace holdfast
