// Makes the kernel load a module of its own accord: the kernel runs modprobe, the caller runs no program, so a process under
// seccomp may call it. Whether it helped is seen by trying again what needed the module; a kernel without modules, or a caller
// without the capability, makes these calls do nothing.
#pragma once

#include <string>

namespace holdfast::netlink {

/// By module name, as the kernel does for unknown network devices (dev_load): needs CAP_SYS_MODULE. At most 15 octets.
void request_module(const std::string& name);

/// The iptables match NAME (xt_NAME) and what it depends on, as nft asks for it: needs CAP_NET_ADMIN and nft_compat (kernel
/// 3.13, or CentOS 7.4's).
void request_match(const std::string& name);

}  // namespace holdfast::netlink
