// garp_group.
#include "core/config/schema/link_watch.h"

#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"
#include "core/config/schema/vrrp_instance_lists.h"

namespace holdfast::config {

namespace {

using G = GarpGroup;

void read_interface(G& group, const Node& node, Context& context) {
  const auto name = Word{"an interface name", 15}.parse(node, context.diagnostics);
  if (name) group.interfaces.push_back(*name);
}

void read_interfaces(G& group, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  for (const Node& line : node.children) {
    group.interfaces.insert(group.interfaces.end(), line.words.begin(), line.words.end());
  }
  if (!node.children.empty()) return;
  context.diagnostics.warning(node.at, fmt::format("Warning - empty block {}", node.words.front()),
                              "names, one a line");
}

void write_interfaces(const G& group, std::vector<Node>& lines) {
  if (group.interfaces.empty()) return;
  lines.push_back(word_list("interfaces", group.interfaces));
}

Row<G> pace(std::string keyword, Duration G::*member, std::string doc) {
  const auto keep = [member](G& group, Duration value) { group.*member = value; };
  const auto value = [member](const G& group) {
    return group.*member > Duration::zero() ? std::optional(group.*member) : std::nullopt;
  };
  return inside<G>(std::move(keyword), Seconds{Duration::zero(), microseconds(4'294'967'295), 6}, keep, value,
                   std::move(doc), "1.2.21");
}

}  // namespace

const Schema<GarpGroup>& garp_group_schema() {
  static const Schema<G> schema{
      "garp_group",
      "Interfaces that share a delay between gratuitous ARPs.",
      {pace("garp_interval", &G::garp_interval, "Least time between two gratuitous ARPs, seconds."),
       pace("gna_interval", &G::gna_interval, "The same for neighbour adverts."),
       special<G>("interface", Shape{Word{"an interface name", 15}}, read_interface, {}, "One interface.", "1.2.21"),
       as_block(
           special<G>("interfaces", "a block of names", read_interfaces, write_interfaces, "Several.", "1.2.21"))}};
  return schema;
}

}  // namespace holdfast::config
