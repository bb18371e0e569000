#include "vrrp/io/vmac_table.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <net/if.h>
#include <unistd.h>
#include <utility>

#include "core/netlink/message.h"
#include "core/netlink/socket.h"
#include "core/runtime/unique_fd.h"
#include "vrrp/io/vmac_settings.h"

namespace holdfast::vrrp {

namespace {

constexpr Duration patience = seconds(5);
constexpr int receive_buffer = 64 * 1024;

// ---- /proc/sys ---------------------------------------------------------------------------------------------------------

int rp_filter_everywhere() {
  const UniqueFd fd(::open("/proc/sys/net/ipv4/conf/all/rp_filter", O_RDONLY | O_CLOEXEC));
  std::array<char, 16> text{};
  if (!fd || read(fd.get(), text.data(), text.size() - 1) <= 0) return 0;
  return std::atoi(text.data());
}

enum class Ipv6Knob { DisableIpv6, AcceptRa, Autoconf };

const char* file_of(Ipv6Knob knob) {
  switch (knob) {
    case Ipv6Knob::AcceptRa:
      return "/accept_ra";
    case Ipv6Knob::Autoconf:
      return "/autoconf";
    default:
      return "/disable_ipv6";
  }
}

/// False also where there is no IPv6, or /proc/sys may not be written (some containers).
bool write_knob(const std::string& link, Ipv6Knob knob, bool on) {
  if (link.find('/') != std::string::npos || link == "." || link == "..") return false;
  const std::string path = "/proc/sys/net/ipv6/conf/" + link + file_of(knob);
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  return fd && write(fd.get(), on ? "1" : "0", 1) == 1;
}

/// EPERM when IPv6 is wanted and cannot be had.
int settle_ipv6(const config::Vmac& vmac) {
  const bool switched = write_knob(vmac.name, Ipv6Knob::DisableIpv6, !vmac.ipv6);
  if (!vmac.ipv6) return 0;
  write_knob(vmac.name, Ipv6Knob::AcceptRa, false);
  write_knob(vmac.name, Ipv6Knob::Autoconf, false);
  return switched ? 0 : EPERM;
}

// ---- the thread's part -------------------------------------------------------------------------------------------------

int answer_to(netlink::Socket& socket, std::uint32_t sequence) {
  while (true) {
    const Result<ByteView> datagram = socket.receive(patience);
    if (!datagram) return datagram.error().code;
    for (const netlink::Received& received : netlink::parse(*datagram).messages) {
      const auto* answer = std::get_if<netlink::Acknowledgement>(&received.body);
      if (answer != nullptr && received.sequence == sequence) return answer->error;
    }
  }
}

std::vector<int> carry_out(const std::vector<std::function<Bytes(std::uint32_t)>>& orders) {
  std::vector<int> errors;
  Result<netlink::Socket> socket = netlink::Socket::open(netlink::Bus::Route, receive_buffer);
  for (const auto& build : orders) {
    const auto sequence = static_cast<std::uint32_t>(errors.size() + 1);
    if (!socket) {
      errors.push_back(socket.error().code);
      continue;
    }
    const Status sent = socket->send(build(sequence));
    errors.push_back(sent ? answer_to(*socket, sequence) : sent.error().code);
  }
  return errors;
}

}  // namespace

// ---- at once -----------------------------------------------------------------------------------------------------------

VmacTable::VmacTable(EventLoop& loop, EventSink sink)
    : loop_(loop), sink_(std::move(sink)), background_(std::make_unique<Background>(loop)) {}

VmacTable::~VmacTable() {
  background_.reset();  // waits for the one that runs
  std::vector<std::function<Bytes(std::uint32_t)>> orders;
  for (Errand& errand : errands_) orders.push_back(std::move(errand.build));
  if (!orders.empty()) carry_out(orders);
}

int VmacTable::open() {
  if (socket_) return 0;
  auto opened = netlink::CommandSocket::open(loop_);
  if (!opened) return opened.error().code;
  socket_ = std::move(*opened);
  return 0;
}

void VmacTable::order(std::string name, What what, std::function<Bytes(std::uint32_t)> build) {
  if (const int error = open(); error != 0) return answered(name, what, error);
  socket_->send_now({std::move(build), [this, name, what](int error) { answered(name, what, error); }});
}

void VmacTable::make(const MakeVmac& what) {
  const config::Vmac& vmac = what.vmac;
  if (vmac.ipvlan) {
    netlink::IpvlanSpec spec{vmac.name, what.base_index, static_cast<std::uint16_t>(vmac.mode), vmac.group,
                             what.vrf_index};
    order(vmac.name, What::Make,
          [spec = std::move(spec)](std::uint32_t sequence) { return netlink::make_ipvlan(spec, sequence); });
  } else {
    netlink::MacvlanSpec spec{vmac.name, what.base_index, vmac.mac, vmac.group, what.vrf_index};
    order(vmac.name, What::Make,
          [spec = std::move(spec)](std::uint32_t sequence) { return netlink::make_macvlan(spec, sequence); });
  }
  if (const unsigned index = if_nametoindex(what.vmac.name.c_str()); index != 0) settle(index, what.vmac);
}

void VmacTable::settle(const SettleVmac& what) {
  settle(what.interface_index, what.vmac);
}

/// It has the MAC of its base, so ARP needs no more than there; the kernel may make its link-local address.
void VmacTable::settle_ipvlan(std::uint32_t index, const config::Vmac& vmac) {
  netlink::Ipv4LinkSettings settings;
  settings.promote_secondaries = 1;
  order(vmac.name, What::Settle,
        [index, settings](std::uint32_t sequence) { return netlink::set_ipv4_settings(index, settings, sequence); });
  if (const int error = settle_ipv6(vmac); error != 0) answered(vmac.name, What::Settle, error);
}

void VmacTable::settle(std::uint32_t index, const config::Vmac& vmac) {
  if (vmac.ipvlan) return settle_ipvlan(index, vmac);
  order(vmac.name, What::Settle, [index, settings = vmac_settings(rp_filter_everywhere())](std::uint32_t sequence) {
    return netlink::set_ipv4_settings(index, settings, sequence);
  });
  if (vmac.ipv6) {
    order(vmac.name, What::Settle, [index](std::uint32_t sequence) {
      return netlink::set_addr_gen_mode(index, netlink::addr_gen_mode_none, sequence);
    });
  } else if (const int error = open(); error == 0) {  // IPv6 is switched off on it, where there is any
    socket_->send_now({[index](std::uint32_t sequence) {
                         return netlink::set_addr_gen_mode(index, netlink::addr_gen_mode_none, sequence);
                       },
                       [](int) {}});
  }
  if (const int error = settle_ipv6(vmac); error != 0) answered(vmac.name, What::Settle, error);
}

void VmacTable::set_arp(const SetArpStrictness& what) {
  netlink::Ipv4LinkSettings settings;
  settings.arp_ignore = what.arp.ignore;
  settings.arp_filter = what.arp.filter;
  settings.arp_announce = what.arp.announce;
  order({}, What::Settle, [index = what.interface_index, settings](std::uint32_t sequence) {
    return netlink::set_ipv4_settings(index, settings, sequence);
  });
}

void VmacTable::set_promotion(const SetPromotion& what) {
  netlink::Ipv4LinkSettings settings;
  settings.promote_secondaries = what.on ? 1 : 0;
  order({}, What::Settle, [index = what.interface_index, settings](std::uint32_t sequence) {
    return netlink::set_ipv4_settings(index, settings, sequence);
  });
}

void VmacTable::tell_of(const TellOfLink& what) {
  order({}, What::Settle,
        [what](std::uint32_t sequence) { return netlink::set_link_group(what.interface_index, what.group, sequence); });
}

void VmacTable::set_up(const SetVmacUp& what) {
  auto build = [what](std::uint32_t sequence) { return netlink::set_link_up(what.interface_index, what.up, sequence); };
  if (what.up) return order(what.name, What::Raise, std::move(build));
  run_later({what.name, What::Raise, std::move(build)});
}

void VmacTable::answered(const std::string& name, What what, int error) {
  if (error != 0 && error != ENODEV) sink_(VmacRefused{name, what, error});
}

// ---- some time later ---------------------------------------------------------------------------------------------------

void VmacTable::remove(const RemoveVmac& what) {
  run_later({what.name, What::Remove,
             [index = what.interface_index](std::uint32_t sequence) { return netlink::remove_link(index, sequence); }});
}

void VmacTable::set_vrf(const SetVmacVrf& what) {
  run_later({what.name, What::Settle, [what](std::uint32_t sequence) {
               return netlink::set_link_master(what.interface_index, what.vrf_index, sequence);
             }});
}

void VmacTable::run_later(Errand errand) {
  errands_.push_back(std::move(errand));
  run_errands();
}

void VmacTable::run_errands() {
  if (background_->busy() || errands_.empty()) return;
  const auto begun = std::make_shared<std::vector<Errand>>(std::exchange(errands_, {}));
  const auto errors = std::make_shared<std::vector<int>>();
  std::vector<std::function<Bytes(std::uint32_t)>> orders;
  for (const Errand& errand : *begun) orders.push_back(errand.build);
  background_->run([orders, errors] { *errors = carry_out(orders); },
                   [this, begun, errors] {
                     for (std::size_t i = 0; i < errors->size(); ++i) {
                       answered((*begun)[i].name, (*begun)[i].what, (*errors)[i]);
                     }
                     run_errands();
                   });
}

}  // namespace holdfast::vrrp
