#include "core/config/lint_globals.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/base/ip_address.h"
#include "core/config/codec.h"

namespace holdfast::config {

namespace {

using Words = std::array<std::string_view, 11>;

constexpr std::size_t kLongestProcessName = 15;  // octets, of the kernel

/// Without a value keepalived passes over the line; without that of any other keyword it gives up.
constexpr Words kNeedValue{"router_id",
                           "notification_email_from",
                           "default_interface",
                           "lvs_timeouts",
                           "snmp_socket",
                           "notify_fifo",
                           "vrrp_notify_fifo",
                           "lvs_notify_fifo",
                           "notify_fifo_script",
                           "vrrp_notify_fifo_script",
                           "lvs_notify_fifo_script"};

/// Of these the first line counts.
constexpr std::array<std::string_view, 13> kOnce{"startup_script",
                                                 "shutdown_script",
                                                 "notify_fifo",
                                                 "vrrp_notify_fifo",
                                                 "lvs_notify_fifo",
                                                 "notify_fifo_script",
                                                 "vrrp_notify_fifo_script",
                                                 "lvs_notify_fifo_script",
                                                 "nftables",
                                                 "nftables_ipvs",
                                                 "snmp_socket",
                                                 "vmac_prefix",
                                                 "vmac_addr_prefix"};

/// 0 is raised to 1.
constexpr std::array<std::string_view, 3> kAtLeastOne{"smtp_connect_timeout", "vrrp_garp_master_repeat",
                                                      "vrrp_garp_master_refresh_repeat"};

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool value_is_number(const Node& line, std::size_t word) {
  return line.words[word].find_first_not_of("0123456789") == std::string::npos;
}

void check_value(const Node& line, Diagnostics& diagnostics) {
  const std::string& keyword = line.words.front();
  const std::string& value = line.words[1];
  if (contains(kAtLeastOne, keyword) && value == "0") {
    diagnostics.warning(location_of(line, 1), fmt::format("{} must be greater than 0, setting to 1", keyword),
                        "1 or more");
  } else if (keyword.ends_with("process_name") && value.size() > kLongestProcessName) {
    diagnostics.warning(location_of(line, 1),
                        fmt::format("process name {} is longer than {} octets, truncating", value, kLongestProcessName),
                        "a shorter name");
  } else if (keyword == "vrrp_mcast_group6") {
    const auto group = IpAddress::parse(value);
    if (!group || !value.starts_with("ff") || value.starts_with("ff02:")) return;
    diagnostics.warning(location_of(line, 1), fmt::format("{} {} is not link-local multicast", keyword, value),
                        "an address in ff02::/16");
  } else if (keyword == "vrrp_rx_bufs_policy" && contains(line.words, "MTU") && contains(line.words, "ADVERT")) {
    diagnostics.warning(line.at, "vrrp_rx_bufs_policy has MTU and ADVERT, ignoring ADVERT", "one of both");
  } else if (keyword == "lvs_sync_daemon" && line.words.size() == 4 && value_is_number(line, 3)) {
    diagnostics.warning(location_of(line, 3), "the syncid of lvs_sync_daemon is written behind the word id",
                        fmt::format("id {}", line.words[3]));
  }
}

/// nf_tables has 255 octets for the name of a table.
bool table_name_fits(const Node& line, Diagnostics& diagnostics) {
  constexpr std::size_t longest = 255;
  const std::string& keyword = line.words.front();
  if ((keyword != "nftables" && keyword != "nftables_ipvs") || line.words[1].size() <= longest) return true;
  diagnostics.warning(
      location_of(line, 1),
      fmt::format("{} table name too long - ignoring", keyword == "nftables" ? "nftables" : "ipvs nftables"),
      fmt::format("at most {} octets", longest));
  return false;
}

}  // namespace

bool lint_global_line(const Node& line, Context& context) {
  const std::string& keyword = line.words.front();
  if (line.words.size() < 2 && contains(kNeedValue, keyword)) {
    context.diagnostics.error(line.at, fmt::format("{} has no value - ignoring", keyword),
                              "its value on the same line");
    return false;
  }
  if (contains(kOnce, keyword) && !context.named.emplace("global_defs " + keyword, line.at).second) {
    context.diagnostics.warning(line.at, fmt::format("{} already specified - ignoring", keyword),
                                fmt::format("one line {}", keyword));
    return false;
  }
  if (line.words.size() > 1) {
    if (!table_name_fits(line, context.diagnostics)) return false;
    check_value(line, context.diagnostics);
  }
  if (keyword == "vrrp_iptables") {
    context.diagnostics.advise(line.at,
                               "vrrp_iptables: chains of iptables and ipsets are not used, what no_accept and macvlans "
                               "need is dropped in a table of nftables",
                               "nftables");
  }
  return true;
}

}  // namespace holdfast::config
