// bfd_instance: one session with a neighbour. Read and validated; the process that runs them is a later part.
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using U = Unused;

/// Decimal milliseconds with up to three places.
struct Milliseconds {
  using Value = Duration;
  std::int64_t least, most;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    remark_surplus(node, 2, diagnostics);
    const auto given = parse_seconds(node, 1, seconds(least), seconds(most), 3, diagnostics);
    if (given && *given > seconds(10000)) {
      diagnostics.remark(location_of(node, 1), fmt::format("{} of over 10 seconds is unusual", node.words.front()));
    }
    return given;
  }
  std::string describe() const { return fmt::format("decimal milliseconds {}..{}", least, most); }
  Form form() const { return {Form::Kind::Decimal, false, std::to_string(least), std::to_string(most), "ms"}; }
};

void check_weight(U&, const Node& node, Context& context) {
  parse_integer(node, 1, -253, 253, context.diagnostics);
  if (node.words.size() > 2 && node.words[2] != "reverse") {
    context.diagnostics.error(location_of(node, 2), fmt::format("unknown weight option '{}'", node.words[2]),
                              "reverse, or nothing");
  }
}

}  // namespace

const Schema<Unused>& bfd_instance_schema() {
  const std::string both = "both when neither is given";
  static const Schema<U> schema{
      "bfd_instance",
      "A BFD session (RFC 5880) whose loss is an event.",
      {validated<U>("neighbor_ip", Address{}, "Address of the neighbour.", "2.0.0").by_default("required"),
       validated<U>("neighbour_ip", Address{}, "The same.", "2.0.0").by_default("required"),
       validated<U>("source_ip", Address{}, "Own address.", "2.0.0").by_default("any"),
       validated<U>("min_rx", Milliseconds{1, 4294967}, "Least time between two packets received.", "2.0.0")
           .by_default("10"),
       validated<U>("min_tx", Milliseconds{1, 4294967}, "Least time between two packets sent.", "2.0.0")
           .by_default("10"),
       validated<U>("idle_tx", Milliseconds{1000, 4294967}, "The same while the session is down.", "2.0.0")
           .by_default("1000"),
       validated<U>("multiplier", Integer{1, 255}, "Lost packets that end the session.", "2.0.0")
           .in("packets")
           .by_default("5"),
       validated<U>("passive", Flag{}, "Wait for the neighbour to begin.", "2.0.0"),
       validated<U>("ttl", Integer{1, 255}, "TTL of packets (IPv4).", "2.0.0").in("hops").by_default("255"),
       validated<U>("hoplimit", Integer{1, 255}, "Hop limit of packets (IPv6).", "2.0.0").in("hops").by_default("64"),
       validated<U>("max_hops", Integer{-1, 255}, "Hops a packet may have taken.", "2.0.0").in("hops").by_default("0"),
       validated<U>("multihop", Boolean{}, "Use the port of multihop sessions, 4784.", "2.2.8"),
       not_yet(special<U>("weight", Shape{"integer -253..253, then perhaps reverse", Integer{-253, 253}.form()},
                          check_weight, {}, "Added to priorities; 0 = down is a fault.", "2.0.0"))
           .in("prio")
           .by_default("0"),
       validated<U>("vrrp", Flag{}, "Tell the vrrp process.", "2.0.0").by_default(both),
       validated<U>("checker", Flag{}, "Tell the checker process.", "2.0.0").by_default(both)}};
  return schema;
}

}  // namespace holdfast::config
