// The tables of every block, for interpret, write, the manual and the tests. Each is built at its first use and never
// changes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/global_defs.h"
#include "core/config/schema/lvs_draft.h"
#include "core/config/schema/vrrp_instance.h"
#include "core/config/schema/vrrp_script.h"

namespace holdfast::config {

/// A vrrp_instance while it is read: what was said, before defaults make it final (lint.h).
struct InstanceDraft : VrrpInstance {
  const Node* node = nullptr;
  std::optional<bool> given_state;  ///< true = MASTER
  std::optional<int> given_priority, given_version;
  std::optional<Duration> given_interval;
  std::optional<bool> given_lower_prio_no_advert, given_higher_prio_send_advert, given_owner_ignore_adverts,
      given_notify_priority_changes, given_smtp_alert, given_accept;
  std::optional<IpAddress> given_group;
  std::optional<Family> given_family;  ///< of the first address that says one
  IpAddress family_witness;            ///< that address
  bool no_virtual_ipaddress = false;
  std::vector<std::uint8_t> given_vmac_octets;  ///< five or six
};

/// Blocks whose values no process uses yet: read and validated only.
struct Unused {};

const Schema<GlobalDefs>& global_defs_schema();
const Schema<VrrpScript>& vrrp_script_schema();
const Schema<InstanceDraft>& vrrp_instance_schema();
const Schema<InstanceDraft>& authentication_schema();
const Schema<AuthHmac>& auth_hmac_schema();
const Schema<SyncGroupDraft>& vrrp_sync_group_schema();
const Schema<TrackGroup>& track_group_schema();
const Schema<GarpGroup>& garp_group_schema();
const Schema<TrackProcess>& vrrp_track_process_schema();
const Schema<Unused>& bfd_instance_schema();
const Schema<TrackFile>& track_file_schema();
const Schema<VirtualServerDraft>& virtual_server_schema();
const Schema<RealServerDraft>& real_server_schema();
const Schema<TcpDraft>& tcp_check_schema();
const Schema<PingDraft>& ping_check_schema();
const Schema<SmtpDraft>& smtp_check_schema();
const Schema<SmtpDraft>& smtp_host_schema();
const Schema<DnsDraft>& dns_check_schema();
const Schema<UdpDraft>& udp_check_schema();
const Schema<HttpDraft>& http_get_schema();
const Schema<HttpDraft>& ssl_get_schema();
const Schema<HttpUrlDraft>& http_url_schema();
const Schema<HttpUrlDraft>& ssl_url_schema();
const Schema<MiscDraft>& misc_check_schema();
const Schema<FileDraft>& file_check_schema();
const Schema<BfdDraft>& bfd_check_schema();
const Schema<TlsClient>& ssl_schema();
const Schema<Config>& root_schema();

/// The lines of a virtual_server_group, which have no keywords; without entries it is not to be kept (reported).
void read_group(VirtualServerGroup& group, const Node& node, Context& context);
std::vector<Node> write_group(const VirtualServerGroup& group);

}  // namespace holdfast::config
