// Where keepalived goes on with a word or its absence: a line without its value, booleans that are none, weights beyond IPVS's.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

#include "core/config/codec.h"

namespace holdfast::config {

namespace {

/// Without a value keepalived says so and passes over the line; without that of most keywords it gives up.
constexpr std::array<std::string_view, 16> kPassedOver{"instance",
                                                       "net_namespace",
                                                       "startup_script",
                                                       "shutdown_script",
                                                       "smtp_helo_name",
                                                       "startup_script_timeout",
                                                       "shutdown_script_timeout",
                                                       "min_auto_priority_delay",
                                                       "garp_extra_if",
                                                       "vmac_garp_intvl",
                                                       "vrrp_garp_extra_if",
                                                       "vrrp_vmac_garp_intvl",
                                                       "kernel_rx_buf_size",
                                                       "payload",
                                                       "lvs_sync_daemon",
                                                       "net_namespace_ipvs"};

}  // namespace

const std::string* mandatory_word(const Node& node, std::size_t index, std::string_view expected,
                                  Diagnostics& diagnostics) {
  if (index < node.words.size()) return &node.words[index];
  const std::string& keyword = node.words.front();
  if (index == 1 && std::find(kPassedOver.begin(), kPassedOver.end(), keyword) != kPassedOver.end()) {
    const bool silent = keyword == "smtp_helo_name" || keyword == "net_namespace_ipvs";
    diagnostics.add({silent ? Severity::Warning : Severity::Error,
                     silent ? ErrorClass::None : ErrorClass::General,
                     node.at,
                     fmt::format("{} has no value - ignoring", keyword),
                     std::string(expected),
                     {}});
    return nullptr;
  }
  diagnostics.fatal(
      location_of(node, node.words.size() - 1),
      fmt::format("*** Configuration line starting `{}` is missing a parameter after keyword `{}` at word position {}",
                  node.words.front(), node.words.back(), index + 1),
      std::string(expected));
  return nullptr;
}

std::optional<std::int64_t> ServerWeight::parse(const Node& node, Diagnostics& diagnostics) const {
  constexpr std::int64_t kMost = 65535;
  remark_surplus(node, 2, diagnostics);
  Diagnostics unbounded;
  const auto value = parse_integer(node, 1, least, std::numeric_limits<std::int32_t>::max(), unbounded);
  if (value.value_or(0) <= kMost) return parse_integer(node, 1, least, kMost, diagnostics);
  diagnostics.advise(location_of(node, 1), fmt::format("weight {} counts as {}", *value, kMost), describe());
  return kMost;
}

std::optional<bool> Switch::parse(const Node& node, Diagnostics& diagnostics) const {
  if (node.words.size() == 1) return true;
  Diagnostics strict;
  if (const auto value = Boolean{}.parse(node, strict)) {
    remark_surplus(node, 2, diagnostics);
    return value;
  }
  diagnostics.advise(location_of(node, 1),
                     fmt::format("'{}' after {} is no boolean and counts as true", node.words[1], node.words.front()),
                     describe());
  return true;
}

}  // namespace holdfast::config
