// A child's side of the two steps of a configuration: reads what core sent beside the loop (a large one takes longer than
// adverts may wait), answers, and hands it over when core says commit. Both children use it; what a configuration means is
// theirs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/config/config.h"
#include "core/ipc/child_link.h"
#include "core/runtime/background.h"
#include "proto/supervision.pb.h"

namespace holdfast {

struct Candidate {
  std::uint64_t generation = 0;
  std::string digest;
  std::shared_ptr<const config::Config> config;
  std::string refusal;  ///< why it cannot be used; "" = it can
};

/// The request to run a command that stands in the configuration; the answer carries the id.
proto::RunScript script_request(std::uint64_t id, const config::ScriptCommand& command);

class Candidates {
 public:
  Candidates(EventLoop& loop, ChildLink& link) : link_(link), background_(loop) {}

  /// The first configuration: read at once, for nothing is served yet. Core has logged what is wrong with it.
  void configure(const proto::Configure& message);
  /// Reads it beside the loop, calls `study` there (it must own what it uses), then answers core.
  void prepare(const proto::Prepare& message, std::function<void(const config::Config&)> study = {});
  void abandon() { candidate_.reset(); }
  /// The one that waits, without taking it; null when there is none.
  const Candidate* waiting() const { return candidate_ ? &*candidate_ : nullptr; }
  /// Takes the one that waits; nothing when there is none, or another than this generation.
  std::optional<Candidate> take();
  std::optional<Candidate> take(std::uint64_t generation);

 private:
  ChildLink& link_;
  std::optional<Candidate> candidate_;
  Background background_;
};

}  // namespace holdfast
