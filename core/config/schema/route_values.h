// Values that only routes and rules have, as codecs: names of iproute2's files or their numbers, marks with masks,
// ranges, times. A name is taken as it is written: whether the machine's files know it is asked when it is used.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/codec.h"

namespace holdfast::config {

/// A word that a predicate likes.
struct Checked {
  using Value = std::string;
  std::string_view what;
  bool (*good)(std::string_view);
  Form data = {Form::Kind::Word};
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return std::string(what); }
  Form form() const { return data; }
};

/// Decimal or 0x… or 0… up to `most`; nothing for anything else.
std::optional<std::uint64_t> small_number(std::string_view text, std::uint64_t most);

Checked table_value();        ///< a table's name, or 0..4294967295
Checked rule_table_value();   ///< the same without 0
Checked scope_value();        ///< a scope's name, or 0..255
Checked ds_field_value();     ///< a name of rt_dsfield, or 0..255
Checked route_protocol();     ///< a name of rt_protos, or 0..255
Checked realms_value();       ///< [SRC/]DST, names or 0..65535
Checked group_value();        ///< an interface group: a name or 0..4294967295
Checked time_value();         ///< a number, perhaps with s or ms
Checked mark_value();         ///< MARK[/MASK]
Checked user_range();         ///< A-B
Checked port_range();         ///< A or A-B, 1..65535
Checked ip_protocol();        ///< a name of /etc/protocols, or 0..255
Checked route_prefix();       ///< ADDRESS[/PREFIX]
Checked rule_prefix();        ///< ADDRESS[/PREFIX], all, any or default
Checked route_destination();  ///< ADDRESS[/PREFIX], default or default6
Checked plain_address();      ///< ADDRESS
Checked label_stack();        ///< MPLS: N[/N…], 0..1048575
Checked locator();            ///< ILA: four groups of hexadecimal digits

}  // namespace holdfast::config
