// Gets ip_vs into the kernel without running a program. keepalived runs modprobe; the checker may not (seccomp). What works, by
// the kernel's sources and tried in the VM:
//
//   asking for the family IPVS by its name     kernels from 5.16 (alias net-pf-16-proto-16-family-IPVS), no capability;
//                                              ipvs_socket does that first
//   asking nft_compat for the match "ipvs"     kernels with nft_compat (3.13), CAP_NET_ADMIN: xt_ipvs depends on ip_vs
//   asking for the network device "ip_vs"      all kernels, CAP_SYS_MODULE, which the checker gives up at its start
//
// getsockopt(IP_VS_SO_GET_VERSION) on a raw socket, which keepalived tries, loads nothing. Schedulers (ip_vs_wlc, …) and
// persistence engines are loaded by the kernel itself when a service names them, in every kernel.
#pragma once

namespace holdfast::ipvs {

/// Asks in the two ways that ipvs_socket has not tried yet; see by resolving the family whether it helped.
void request_ip_vs();

}  // namespace holdfast::ipvs
