#include "core/config/lint_vrrp_advice.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

#include "core/config/lint_groups.h"

namespace holdfast::config {

namespace {

constexpr Duration kHastyInterval = milliseconds(50);

class Advice {
 public:
  Advice(const InstanceDraft& draft, const BlockLines& lines, const TrackerWeights& weights, Context& context)
      : draft_(draft), lines_(lines), weights_(weights), diagnostics_(context.diagnostics) {}

  void run() {
    on_role();
    on_interval();
    on_weights();
    on_unicast();
    on_addresses();
    on_vmac();
    on_older_words();
  }

 private:
  std::string about(std::string_view text) const { return fmt::format("({}) {}", draft_.name, text); }
  void advise(Location at, std::string_view text, std::string mend) {
    diagnostics_.advise(at, about(text), std::move(mend));
  }
  void warn(std::string_view keyword, std::string_view text, std::string mend) {
    diagnostics_.warning(lines_.at(keyword), about(text), std::move(mend));
  }

  /// behaviour.md h.1.
  void on_role() {
    if (draft_.given_priority || !draft_.given_state.value_or(false)) return;
    advise(lines_.at("state"),
           "state MASTER without priority means priority 255, the address owner: it becomes master at once, without "
           "listening, and no tracker can lower it",
           "a line priority 1..254");
  }

  void on_interval() {
    if (draft_.advert_interval >= kHastyInterval) return;
    advise(lines_.at("advert_int"),
           fmt::format("advert_int {} lets the peers take over after {} s without an advert: a short pause of this "
                       "host is a fail-over",
                       format_seconds(draft_.advert_interval),
                       format_seconds(draft_.down_timer_adverts * draft_.advert_interval)),
           "0.1 or more unless that is wanted");
  }

  /// Trackers that move the priority: of an owner they cannot, beside nopreempt nobody acts on it.
  void on_weights() {
    for (const std::string_view list : kTrackerLists) {
      for (const Node* line : lines_.entries(list)) {
        const TrackerWeights::Weight weight = weights_.of(list, *line);
        if (weight.value != 0) on_weight(list, *line, weight);
      }
    }
  }

  void on_weight(std::string_view list, const Node& line, const TrackerWeights::Weight& weight) {
    const std::string& name = line.words.front();
    if (draft_.owner()) {
      const std::string text = about(
          fmt::format("ignoring weight of tracked {} due to address owner (priority 255){}", name, origin_of(weight)));
      // keepalived says nothing of processes
      if (list == "track_process") {
        diagnostics_.advise(line.at, text, "a priority below 255, or weight 0");
      } else {
        diagnostics_.warning(line.at, text, "a priority below 255, or weight 0");
      }
    } else if (!draft_.preempt) {
      advise(line.at,
             fmt::format("nopreempt and the weight of {}: it lowers the priority, but a peer with nopreempt does not "
                         "take over from a living master for that{}",
                         name, origin_of(weight)),
             "weight 0, so that this router faults, or no nopreempt");
    }
  }

  void on_unicast() {
    if (lines_.has("unicast_ttl") && !draft_.unicast()) {
      warn("unicast_ttl", "Cannot use unicast_ttl without unicast peers - resetting", "a block unicast_peer");
    }
    if (!draft_.unicast()) return;
    if (lines_.has("mcast_dst_ip")) {
      warn("mcast_dst_ip", "multicast destination specified with unicast - ignoring", "one of both");
    }
    std::set<IpAddress> seen;
    for (const Node* line : lines_.entries("unicast_peer")) check_peer(*line, seen);
  }

  void check_peer(const Node& line, std::set<IpAddress>& seen) {
    const auto peer = address_in(line.words.front());
    if (!peer) return;
    if (!seen.insert(*peer).second) {
      advise(line.at, fmt::format("unicast peer {} is listed twice: it gets each advert twice", peer->text()),
             "each peer once");
    }
    if (peer == lines_.address("unicast_src_ip") || peer == lines_.address("mcast_src_ip")) {
      advise(
          line.at,
          fmt::format("unicast peer {} is this instance's own source address: nothing is sent there, and if it should "
                      "be another router, that one gets no adverts",
                      peer->text()),
          "the addresses of the other routers only");
    }
    check_limits(line);
  }

  void check_limits(const Node& line) {
    std::unordered_map<std::string_view, int> ttl{{"min_ttl", 0}, {"max_ttl", 255}};
    for (std::size_t at = 1; at + 1 < line.words.size(); at += 2) {
      ttl[line.words[at]] = std::atoi(line.words[at + 1].c_str());
    }
    if (ttl["min_ttl"] <= ttl["max_ttl"]) return;
    diagnostics_.warning(
        line.at,
        about(fmt::format("min_ttl {} > max_ttl {} - all packets will be discarded", ttl["min_ttl"], ttl["max_ttl"])),
        "min_ttl up to max_ttl");
  }

  void on_addresses() {
    if (draft_.virtual_addresses.empty()) return;
    const IpAddress& first = draft_.virtual_addresses.front().prefix.address;
    if (!first.is_v4() && !first.is_link_local()) {
      advise(lines_.at("virtual_ipaddress"),
             fmt::format("{} comes first, but RFC 9568 wants a link-local address there: routers of others may refuse "
                         "the adverts",
                         first.text()),
             "fe80::… before the other addresses");
    }
    for (const char* keyword : {"mcast_src_ip", "unicast_src_ip"}) {
      const auto source = lines_.address(keyword);
      if (!source || draft_.owner()) continue;
      for (const VirtualAddress& entry : draft_.virtual_addresses) {
        if (entry.prefix.address != *source) continue;
        advise(lines_.at(keyword),
               fmt::format("{} is one of its own virtual addresses: a router that is not master has nothing to send "
                           "from",
                           source->text()),
               "an address that stays on this host");
      }
    }
  }

  void on_vmac() {
    const bool vmac = lines_.has("use_vmac"), ipvlan = lines_.has("use_ipvlan");
    if (lines_.has("vmac_xmit_base") && !vmac && !ipvlan) {
      warn("vmac_xmit_base", "vmac_xmit_base is only valid with a vmac", "use_vmac, or no vmac_xmit_base");
    }
    if (vmac && draft_.unicast() && !lines_.has("vmac_xmit_base")) {
      warn("use_vmac", "unicast with use_vmac requires vmac_xmit_base - setting", "a line vmac_xmit_base");
    }
    if (vmac && lines_.has("promote_secondaries")) {
      warn("promote_secondaries", "promote_secondaries is automatically set for vmacs - ignoring",
           "no promote_secondaries");
    }
    if (!vmac) return;
    for (const VirtualAddress& entry : draft_.virtual_addresses) {
      if (!entry.details->use_vmac) continue;
      warn("virtual_ipaddress",
           fmt::format("use_vmac specified for VIP/eVIP {} and vrrp instance", entry.prefix.address.text()),
           "use_vmac in one of both places");
    }
  }

  void on_older_words() {
    for (const char* keyword : {"garp_master_repeat", "garp_master_refresh_repeat"}) {
      const Node* line = lines_.find(keyword);
      if (line == nullptr || line->words.size() < 2 || line->words[1] != "0") continue;
      warn(keyword, fmt::format("{} must be greater than 0, setting to 1", keyword), "1 or more");
    }
    const auto group = lines_.address("mcast_dst_ip");
    if (group && group->family() != draft_.family) {
      warn("mcast_dst_ip",
           fmt::format("mcast_dst_ip {} is not of the family of the instance - ignoring", group->text()),
           "a group of the same family");
    }
    if (lines_.has("vmac_garp_intvl")) {
      warn("vmac_garp_intvl", "vmac_garp_intvl is deprecated - please use garp_extra_if", "garp_extra_if");
    }
    if (lines_.has("linkbeat_use_polling")) {
      warn("linkbeat_use_polling", "'linkbeat_use_polling' in vrrp instance deprecated - use linkbeat_interfaces block",
           "a root block linkbeat_interfaces with the interface");
    }
    if (lines_.has("vrf") && lines_.has("interface")) {
      warn("vrf", "Cannot specify VRF interface and interface - ignoring the VRF", "one of both");
    }
  }

  const InstanceDraft& draft_;
  const BlockLines& lines_;
  const TrackerWeights& weights_;
  Diagnostics& diagnostics_;
};

}  // namespace

void advise_on_instance(const InstanceDraft& draft, const BlockLines& lines, const TrackerWeights& weights,
                        Context& context) {
  Advice(draft, lines, weights, context).run();
}

}  // namespace holdfast::config
