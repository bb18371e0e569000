#include "ipvs_wrapper/io/kernel_module.h"

#include "core/netlink/kernel_module.h"

namespace holdfast::ipvs {

void request_ip_vs() {
  netlink::request_module("ip_vs");
  netlink::request_match("ipvs");
}

}  // namespace holdfast::ipvs
