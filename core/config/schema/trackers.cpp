// Blocks that are read and validated but not used in this version: groups of other kinds, tracked processes.
#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using U = Unused;

void check_names(U&, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  if (!node.children.empty()) return;
  context.diagnostics.warning(node.at, fmt::format("Warning - empty block {}", node.words.front()),
                              "names, one a line");
}

template <int limit>
void check_weight(U&, const Node& node, Context& context) {
  parse_integer(node, 1, -limit, limit, context.diagnostics);
  if (node.words.size() > 2 && node.words[2] != "reverse") {
    context.diagnostics.error(location_of(node, 2), fmt::format("unknown weight option '{}'", node.words[2]),
                              "reverse, or nothing");
  }
}

template <class S>
Row<S> checked(std::string keyword, Shape shape, void (*read)(S&, const Node&, Context&), std::string doc,
               std::string since) {
  return not_yet(special<S>(std::move(keyword), std::move(shape), read, {}, std::move(doc), std::move(since)));
}

template <class S>
Row<S> list(std::string keyword, void (*read)(S&, const Node&, Context&), std::string doc, std::string since) {
  return as_block(checked<S>(std::move(keyword), "a block of names", read, std::move(doc), std::move(since)));
}

}  // namespace

const Schema<Unused>& track_group_schema() {
  static const Schema<U> schema{"track_group",
                                "Instances that static entries fault.",
                                {list<U>("group", check_names, "The instances.", "2.0.3")}};
  return schema;
}

const Schema<Unused>& garp_group_schema() {
  const Seconds delay{Duration::zero(), microseconds(4'294'967'295), 6};
  static const Schema<U> schema{
      "garp_group",
      "Interfaces that share a delay between gratuitous ARPs.",
      {validated<U>("garp_interval", delay, "Least time between two gratuitous ARPs, seconds.", "1.2.21"),
       validated<U>("gna_interval", delay, "The same for neighbour adverts.", "1.2.21"),
       validated<U>("interface", Word{"an interface name", 15}, "One interface.", "1.2.21"),
       list<U>("interfaces", check_names, "Several.", "1.2.21")}};
  return schema;
}

const Schema<Unused>& vrrp_track_process_schema() {
  const Seconds delay{microseconds(1), seconds(3600), 6};
  static const Schema<U> schema{
      "vrrp_track_process",
      "A number of processes that moves a priority.",
      {validated<U>("process", WordList{"a program, then its parameters", 1, 1000}, "Which processes count.", "2.0.11"),
       validated<U>("param_match", Choice{{"initial", "partial"}, true}, "How parameters are compared.", "2.0.16"),
       checked<U>("weight", Shape{"integer -254..254, then perhaps reverse", Integer{-254, 254}.form()},
                  check_weight<254>, "Added to the priority.", "2.0.11")
           .in("prio"),
       validated<U>("quorum", Integer{1, 65535}, "Fewest processes.", "2.0.11"),
       validated<U>("quorum_max", Integer{0, 65535}, "Most processes.", "2.0.16"),
       validated<U>("delay", delay, "Both delays, seconds.", "2.0.11"),
       validated<U>("terminate_delay", delay, "Delay after an end, seconds.", "2.0.16"),
       validated<U>("fork_delay", delay, "Delay after a start, seconds.", "2.0.16"),
       validated<U>("full_command", Flag{}, "Compare the path instead of the name.", "2.0.11")}};
  return schema;
}

}  // namespace holdfast::config
