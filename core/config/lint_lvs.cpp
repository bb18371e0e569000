#include "core/config/lint_lvs.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/config/lint_quorum.h"
#include "core/config/settle_check.h"

namespace holdfast::config {

namespace {

constexpr std::uint32_t kDefaultPersistence = 360;  // seconds

RealServer settle_real_server(RealServerDraft&& draft, const VirtualServerDraft& server, const GlobalDefs& globals) {
  if (draft.port == 0) draft.port = server.port;
  draft.weight = draft.given_weight.value_or(server.weight);
  draft.method = draft.given_method.value_or(server.method);
  draft.inhibit_on_failure = draft.given_inhibit.value_or(server.inhibit_on_failure);
  draft.alpha = draft.given_alpha.value_or(server.alpha);
  draft.smtp_alert =
      draft.given_smtp_alert.value_or(globals.smtp_alert_checker.value_or(globals.smtp_alert.value_or(true)));
  draft.no_checker_emails = globals.no_checker_emails;
  if (draft.virtualhost.empty()) draft.virtualhost = server.virtualhost;
  draft.checks.reserve(draft.drafts.size());
  for (AnyCheckDraft& check : draft.drafts) {
    draft.checks.push_back(settle_check(std::move(check), draft, server, globals));
  }
  return std::move(static_cast<RealServer&>(draft));
}

/// The FILE_CHECKs of a server that has just been moved into the configuration.
void expect_track_files(const VirtualServerDraft& draft, std::size_t server, Context& context) {
  for (std::size_t real = 0; real < draft.drafts.size(); ++real) {
    const std::vector<AnyCheckDraft>& checks = draft.drafts[real].drafts;
    for (std::size_t check = 0; check < checks.size(); ++check) {
      const auto* file = std::get_if<FileDraft>(&checks[check]);
      if (file == nullptr) continue;
      context.file_checks.push_back({server, real, check, file->weight.has_value(), file->track_file_at});
    }
  }
}

void warn(const Location& at, std::string text, Context& context) {
  context.diagnostics.warning(at, std::move(text));
}

/// What a service is reached by, without the ports of its addresses.
struct Reach {
  bool v4 = false, v6 = false, mark = false, any_port = false;
  std::set<std::uint16_t> ports;
};

Reach reach_of(const VirtualServerGroup& group) {
  Reach reach;
  for (const GroupEntry& entry : group.entries) {
    if (entry.fwmark) {
      reach.mark = true;
      continue;
    }
    (entry.family == Family::IPv4 ? reach.v4 : reach.v6) = true;
    reach.any_port = reach.any_port || entry.port == 0;
    reach.ports.insert(entry.port);
  }
  return reach;
}

/// Settles one virtual server after the last line; `usable()` says whether anything is left of it.
class ServerLint {
 public:
  ServerLint(VirtualServer& server, VirtualServerGroup* group, bool protocol_given, std::optional<Family> family_given,
             Context& context)
      : server_(server), group_(group), context_(context), family_given_(family_given) {
    if (group != nullptr) reach_ = reach_of(*group);
    if (server.address) {
      (server.family == Family::IPv4 ? reach_.v4 : reach_.v6) = true;
      reach_.any_port = server.port == 0;
      reach_.ports.insert(server.port);
    }
    server.by_mark = !reach_.v4 && !reach_.v6;
    protocol_given_ = protocol_given;
  }

  void run() {
    settle_protocol();
    settle_family();
    settle_persistence();
    settle_suspension();
    settle_real_servers();
    settle_sorry_server();
    settle_inhibition(server_, context_.diagnostics);
    settle_quorum(server_, context_.diagnostics);
  }

  bool usable() {
    if (!server_.real_servers.empty()) return true;
    if (server_.sorry_server) {
      warn(server_.at, fmt::format("Virtual server {} has no real servers - only its sorry server", describe(server_)));
      return true;
    }
    warn(server_.at, fmt::format("Virtual server {} has no real servers - ignoring", describe(server_)));
    return false;
  }

 private:
  void warn(const Location& at, std::string text) { context_.diagnostics.warning(at, std::move(text)); }

  void settle_protocol() {
    if (server_.by_mark) {
      if (protocol_given_) report_protocol();
      server_.protocol = Protocol::Udp;
    } else if (!protocol_given_) {
      warn(server_.at, fmt::format("Virtual server {}: no protocol set - defaulting to UDP", describe(server_)));
    }
    if (!server_.one_packet || server_.by_mark || server_.protocol == Protocol::Udp) return;
    warn(server_.at,
         fmt::format("Virtual server {}: one packet scheduling requires UDP - resetting", describe(server_)));
    server_.one_packet = false;
  }

  /// Of marks with inet or inet6 keepalived does not say it.
  void report_protocol() {
    std::string text = fmt::format(
        "Warning: Virtual server {}: protocol specified for fwmark - protocol will be ignored", describe(server_));
    const bool bare = group_ == nullptr || std::any_of(group_->entries.begin(), group_->entries.end(),
                                                       [](const GroupEntry& entry) { return !entry.family_given; });
    if (bare) {
      warn(server_.at, std::move(text));
    } else {
      context_.diagnostics.advise(server_.at, std::move(text), "no line protocol");
    }
  }

  /// ip_family counts where nothing else says a family: for a mark.
  void settle_family() {
    if (group_ == nullptr) return;
    const bool by_servers = server_.by_mark && !server_.real_servers.empty();
    const bool only_v6 = reach_.v6 && !reach_.v4;
    Family marks = by_servers ? server_.real_servers.front().address.family() : (only_v6 ? Family::IPv6 : Family::IPv4);
    if (server_.by_mark) {
      marks = family_given_.value_or(marks);
    } else if (family_given_ && !(*family_given_ == Family::IPv4 ? reach_.v4 : reach_.v6)) {
      context_.diagnostics.error(
          server_.at,
          fmt::format("Virtual server {}: ip_family is not that of the addresses of its group - ignoring ip_family",
                      describe(server_)),
          "no ip_family");
    }
    server_.family = marks;
    for (GroupEntry& entry : group_->entries) {
      if (entry.fwmark && !entry.family_given) entry.family = marks;
    }
  }

  /// behaviour.md e.1: any port, and a granularity, need persistence.
  void settle_persistence() {
    settle_granularity();
    if (server_.persistence_timeout_s != 0) return;
    if (server_.persistence_granularity) server_.persistence_timeout_s = kDefaultPersistence;
    if (server_.persistence_timeout_s != 0 || server_.by_mark || !reach_.any_port) return;
    warn(server_.at,
         fmt::format("Virtual server {}: zero port only valid for persistent services - setting", describe(server_)));
    server_.persistence_timeout_s = kDefaultPersistence;
  }

  void settle_granularity() {
    std::optional<std::uint32_t>& granularity = server_.persistence_granularity;
    if (!granularity) return;
    if (server_.family == Family::IPv6 && *granularity > 128) {
      context_.diagnostics.error(server_.at, "Invalid IPv6 persistence_granularity specified - a netmask",
                                 "a prefix length 1..128");
      granularity.reset();
    } else if (server_.family == Family::IPv4 && *granularity <= 32) {
      granularity = *granularity == 0 ? 0 : ~std::uint32_t{0} << (32 - *granularity);
    }
  }

  void settle_suspension() {
    if (!server_.ha_suspend || server_.address) return;
    warn(server_.at, fmt::format("Virtual server {}: cannot use ha_suspend with {} - clearing ha_suspend",
                                 describe(server_), server_.fwmark ? "fwmarks" : "groups"));
    server_.ha_suspend = false;
  }

  /// Whether packets of the service can be forwarded to that address: only a tunnel changes the family.
  bool family_fits(const IpAddress& address, const ForwardingMethod& method) const {
    if (method.kind == Forwarding::Tunnel) return true;
    if (group_ == nullptr || (server_.by_mark && family_given_)) return address.family() == server_.family;
    return reach_.mark || (address.is_v4() ? reach_.v4 : reach_.v6);
  }

  void settle_real_servers() {
    std::set<std::pair<IpAddress, std::uint16_t>> taken;
    std::erase_if(server_.real_servers, [&](RealServer& real) {
      if (!family_fits(real.address, real.method)) {
        context_.diagnostics.error(
            real.at,
            fmt::format("Address family of virtual server and real server {} don't match - skipping real server.",
                        real.address.text()),
            "an address of the same family, or lvs_method TUN");
        return true;
      }
      settle_port(real);
      if (taken.emplace(real.address, real.port).second) return false;
      warn(real.at, fmt::format("VS {}: real server {} is duplicated - removing second rs", describe(server_),
                                describe(real, server_)));
      return true;
    });
  }

  void settle_port(RealServer& real) {
    const std::uint16_t common = reach_.ports.size() == 1 ? *reach_.ports.begin() : 0;
    if (real.port == 0 && common != 0) {
      real.port = common;
      for (Check& check : real.checks) {
        if (check.endpoint.port == 0) check.endpoint.port = common;
      }
    }
    if (real.method.kind == Forwarding::Nat || real.port == 0) return;
    if (server_.by_mark) {
      warn(real.at, fmt::format("WARNING - fwmark virtual server {}, real server {} has port specified - clearing",
                                describe(server_), describe(real, server_)));
      real.port = 0;
    } else if (reach_.ports.size() > 1 && !reach_.ports.contains(real.port)) {
      warn(real.at, fmt::format("virtual server {} and real server {} ports don't match", describe(server_),
                                describe(real, server_)));
    } else if (reach_.ports.size() == 1 && real.port != common) {
      warn(real.at, fmt::format("WARNING - virtual server {} and real server {} ports don't match - resetting",
                                describe(server_), describe(real, server_)));
      real.port = common;
    }
  }

  void settle_sorry_server() {
    if (!server_.sorry_server) return;
    SorryServer& sorry = *server_.sorry_server;
    if (!family_fits(sorry.address, sorry.method)) {
      context_.diagnostics.error(
          server_.at,
          fmt::format("Address family of virtual server and sorry server {} don't match - skipping sorry server.",
                      sorry.address.text()),
          "an address of the same family, or sorry_server_lvs_method TUN");
      server_.sorry_server.reset();
      return;
    }
    const std::uint16_t common = reach_.ports.size() == 1 ? *reach_.ports.begin() : 0;
    if (sorry.port == 0) sorry.port = common;
    if (sorry.method.kind == Forwarding::Nat || sorry.port == common) return;
    if (server_.address) {
      warn(server_.at, fmt::format("WARNING - virtual server {} and sorry server ports don't match - resetting",
                                   describe(server_)));
    } else {
      warn(server_.at, fmt::format("WARNING - virtual server {}, sorry server has port specified - port will be "
                                   "ignored",
                                   describe(server_)));
    }
    sorry.port = common;
  }

  VirtualServer& server_;
  VirtualServerGroup* group_;
  Context& context_;
  std::optional<Family> family_given_;
  Reach reach_;
  bool protocol_given_ = false;
};

/// behaviour.md e.4: path, and the weight unless the check said one. What names no file is dropped.
void resolve_file_checks(Context& context) {
  std::unordered_map<std::string_view, const TrackFile*> files;
  for (const TrackFile& file : context.config.track_files) files.emplace(file.name, &file);
  // from the last to the first, so that the indices of those that remain stay true
  for (auto pending = context.file_checks.rbegin(); pending != context.file_checks.rend(); ++pending) {
    std::vector<Check>& checks = context.config.virtual_servers[pending->server].real_servers[pending->real].checks;
    FileCheck& check = std::get<FileCheck>(checks[pending->check].kind.own());
    const auto found = files.find(check.track_file);
    if (found == files.end()) {
      context.diagnostics.error(pending->at, fmt::format("track_file {} not found", check.track_file),
                                "the name of a track_file");
      checks.erase(checks.begin() + static_cast<std::ptrdiff_t>(pending->check));
      continue;
    }
    check.path = found->second->path;
    if (pending->weight_given) continue;
    check.weight = found->second->weight;
    check.reverse = found->second->reverse;
  }
}

void report_bfd_checks(Context& context) {
  for (const PendingBfdCheck& check : context.bfd_checks) {
    if (context.bfd_instances.contains(check.name)) continue;
    context.diagnostics.error(check.at,
                              fmt::format("({}) BFD_CHECK - BFD {} not configured", check.real_server, check.name),
                              "the name of a bfd_instance");
  }
}

/// Two servers with the same key would be one service in the kernel.
std::string key_of(const VirtualServer& server) {
  return fmt::format("{} {} {}", describe(server), static_cast<int>(server.protocol),
                     server.fwmark ? static_cast<int>(server.family) : 0);
}

}  // namespace

void close_virtual_server(VirtualServerDraft&& draft, Context& context) {
  const GlobalDefs& globals = context.config.global_defs;
  draft.protocol = draft.given_protocol.value_or(Protocol::Udp);
  if (draft.given_family) draft.family = *draft.given_family;
  if (!draft.given_family && !draft.drafts.empty()) draft.family = draft.drafts.front().address.family();
  if (draft.given_scheduler.empty()) {
    warn(draft.at, fmt::format("Virtual server {}: no scheduler set, setting default 'wlc'", describe(draft)), context);
  } else {
    draft.scheduler = draft.given_scheduler;
  }
  if (!draft.given_method) {
    warn(draft.at, fmt::format("Virtual server {}: no forwarding method set, setting default NAT", describe(draft)),
         context);
  }
  draft.method = draft.given_method.value_or(ForwardingMethod{});
  if (!draft.sorry_server && draft.given_sorry_method) {
    context.diagnostics.error(draft.at, "sorry_server forwarding used without sorry_server", "a line sorry_server");
  }
  if (draft.sorry_server) draft.sorry_server->method = draft.given_sorry_method.value_or(draft.method);
  draft.smtp_alert =
      draft.given_smtp_alert.value_or(globals.smtp_alert_checker.value_or(globals.smtp_alert.value_or(false)));
  expect_track_files(draft, context.config.virtual_servers.size(), context);
  context.protocol_given.push_back(draft.given_protocol.has_value());
  context.family_given.push_back(draft.group.empty() ? std::nullopt : draft.given_family);
  draft.real_servers.reserve(draft.drafts.size());
  for (RealServerDraft& real : draft.drafts) {
    draft.real_servers.push_back(settle_real_server(std::move(real), draft, globals));
  }
  context.config.virtual_servers.push_back(std::move(static_cast<VirtualServer&>(draft)));
}

VirtualServerDraft draft_of(const VirtualServer& server) {
  VirtualServerDraft draft;
  static_cast<VirtualServer&>(draft) = server;
  draft.given_scheduler = server.scheduler;
  draft.given_method = server.method;
  draft.given_smtp_alert = server.smtp_alert;
  if (!server.by_mark) draft.given_protocol = server.protocol;
  if (server.sorry_server) draft.given_sorry_method = server.sorry_server->method;
  draft.drafts.reserve(server.real_servers.size());
  for (const RealServer& real : server.real_servers) {
    RealServerDraft& made = draft.drafts.emplace_back();
    static_cast<RealServer&>(made) = real;
    made.given_weight = real.weight;
    made.given_method = real.method;
    made.given_inhibit = real.inhibit_on_failure;
    made.given_alpha = real.alpha;
    made.given_smtp_alert = real.smtp_alert;
    for (const Check& check : real.checks) made.drafts.push_back(draft_of(check));
  }
  return draft;
}

void finish_virtual_servers(Context& context) {
  resolve_file_checks(context);
  report_bfd_checks(context);
  std::unordered_map<std::string_view, VirtualServerGroup*> groups;
  for (VirtualServerGroup& group : context.config.virtual_server_groups) groups.emplace(group.name, &group);
  std::unordered_set<std::string> taken;
  std::size_t index = 0;
  std::erase_if(context.config.virtual_servers, [&](VirtualServer& server) {
    const bool protocol_given = context.protocol_given[index];
    const std::optional<Family> family_given = context.family_given[index++];
    const auto group = groups.find(server.group);
    if (!server.group.empty() && group == groups.end()) {
      context.diagnostics.remark(server.at, fmt::format("virtual server group {} is not defined - ignoring virtual "
                                                        "server",
                                                        server.group));
      return true;
    }
    ServerLint lint(server, group == groups.end() ? nullptr : group->second, protocol_given, family_given, context);
    lint.run();
    if (!lint.usable()) return true;
    if (taken.insert(key_of(server)).second) return false;
    context.diagnostics.remark(server.at,
                               fmt::format("Virtual server {} is duplicated - ignoring the second", describe(server)));
    return true;
  });
}

}  // namespace holdfast::config
