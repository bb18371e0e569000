#include "core/config/grammar.h"

namespace holdfast::config {

const Grammar& grammar() {
  static const Grammar language{
      {"script", "misc_path", "regex", "notify", "notify_master", "notify_backup", "notify_fault", "notify_stop",
       "notify_deleted", "notify_master_rx_lower_pri", "notify_up", "notify_down", "quorum_up", "quorum_down",
       "startup_script", "shutdown_script", "notify_fifo_script", "vrrp_notify_fifo_script", "lvs_notify_fifo_script"},
      {"global_defs",
       "vrrp_instance",
       "vrrp_script",
       "vrrp_sync_group",
       "vrrp_track_process",
       "vrrp_track_file",
       "virtual_server",
       "virtual_server_group",
       "SSL",
       "real_server",
       "TCP_CHECK",
       "HTTP_GET",
       "SSL_GET",
       "SMTP_CHECK",
       "DNS_CHECK",
       "UDP_CHECK",
       "PING_CHECK",
       "MISC_CHECK",
       "FILE_CHECK",
       "BFD_CHECK",
       "url",
       "bfd_instance",
       "garp_group",
       "track_group",
       "static_ipaddress",
       "static_routes",
       "static_rules",
       "linkbeat_interfaces",
       "interface_up_down_delays",
       "notification_email",
       "authentication",
       "auth_hmac",
       "virtual_ipaddress",
       "virtual_ipaddress_excluded",
       "virtual_routes",
       "virtual_rules",
       "unicast_peer",
       "track_interface",
       "track_script",
       "track_process",
       "track_bfd"},
      {"global_defs", "vrrp_instance", "vrrp_script", "vrrp_sync_group", "vrrp_track_process", "virtual_server",
       "virtual_server_group", "SSL", "bfd_instance", "garp_group", "static_ipaddress", "static_routes", "static_rules",
       "linkbeat_interfaces", "interface_up_down_delays"},
      {"virtual_server"},
  };
  return language;
}

}  // namespace holdfast::config
