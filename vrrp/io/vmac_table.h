// Our macvlans and ipvlans in the kernel. What the next effect counts on (making, raising, settings) is done when the call returns, which
// takes tenths of a millisecond; what the kernel takes long for (10..30 ms each: taking down, moving to a VRF and removing wait for all its
// readers) is done by a thread of its own, one after the other, so that no advert is late for it. At the end of the process
// what is left is done before the destructor returns.
//
// The settings go by netlink; those of IPv6 that netlink does not know are written to /proc/sys/net/ipv6/conf/NAME/, of the
// macvlan that was made and of nothing else (docs/decisions/vmac.md).
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/netlink/command_socket.h"
#include "core/runtime/background.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class VmacTable : public VmacPort {
 public:
  VmacTable(EventLoop& loop, EventSink sink);
  ~VmacTable() override;

  void make(const MakeVmac& what) override;
  void settle(const SettleVmac& what) override;
  void set_up(const SetVmacUp& what) override;
  void set_vrf(const SetVmacVrf& what) override;
  void remove(const RemoveVmac& what) override;
  void tell_of(const TellOfLink& what) override;
  void set_arp(const SetArpStrictness& what) override;
  void set_promotion(const SetPromotion& what) override;

 private:
  using What = VmacRefused::What;
  struct Errand {
    std::string name;
    What what = What::Raise;
    std::function<Bytes(std::uint32_t sequence)> build;
  };
  int open();
  void order(std::string name, What what, std::function<Bytes(std::uint32_t)> build);
  void settle(std::uint32_t index, const config::Vmac& vmac);
  void settle_ipvlan(std::uint32_t index, const config::Vmac& vmac);
  void answered(const std::string& name, What what, int error);
  void run_later(Errand errand);
  void run_errands();

  EventLoop& loop_;
  EventSink sink_;
  std::unique_ptr<netlink::CommandSocket> socket_;
  std::vector<Errand> errands_;  ///< not begun
  std::unique_ptr<Background> background_;
};

}  // namespace holdfast::vrrp
