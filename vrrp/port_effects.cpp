#include "vrrp/port_effects.h"

namespace holdfast::vrrp {
namespace {

struct ToPort {
  Ports& ports;
  const std::function<void(const Status&, const char*)>& report;

  void operator()(const Listen& what) const { report(ports.adverts->listen(what), "VRRP socket"); }
  void operator()(const Unlisten& what) const { ports.adverts->unlisten(what); }
  void operator()(const AcceptOnly& what) const { ports.adverts->accept_only(what); }
  void operator()(const SizeAdvertBuffer& what) const { ports.adverts->size_buffer(what); }

  void operator()(const AddAddresses& what) const { ports.addresses->add(what.addresses); }
  void operator()(const RemoveAddresses& what) const { ports.addresses->remove(what.addresses); }

  void operator()(const AddRouting& what) const { ports.routing->add(what.entries); }
  void operator()(const RemoveRouting& what) const { ports.routing->remove(what.entries); }
  void operator()(const WatchRouting& what) const { report(ports.routing->watch(what), "routes"); }
  void operator()(const VerifyRouting&) const { ports.routing->verify(); }

  void operator()(const WatchFiles& what) const { ports.objects->watch_files(what); }
  void operator()(const WatchProcesses& what) const { ports.objects->watch_processes(what); }
  void operator()(const WatchLinkbeats& what) const { ports.objects->watch_linkbeats(what); }

  void operator()(const MakeVmac& what) const { ports.vmacs->make(what); }
  void operator()(const SettleVmac& what) const { ports.vmacs->settle(what); }
  void operator()(const SetVmacUp& what) const { ports.vmacs->set_up(what); }
  void operator()(const SetVmacVrf& what) const { ports.vmacs->set_vrf(what); }
  void operator()(const RemoveVmac& what) const { ports.vmacs->remove(what); }
  void operator()(const SetArpStrictness& what) const { ports.vmacs->set_arp(what); }
  void operator()(const SetPromotion& what) const { ports.vmacs->set_promotion(what); }
  void operator()(const TellOfLink& what) const { ports.vmacs->tell_of(what); }

  void operator()(const MakeFirewall& what) const { ports.firewall->make(what); }
  void operator()(const ChangeFirewall& what) const { ports.firewall->change(what); }
  void operator()(const RemoveFirewall& what) const { ports.firewall->remove(what); }
  void operator()(const CheckFirewall&) const { ports.firewall->check(); }
  void operator()(const SweepFirewall& what) const { ports.firewall->sweep(what); }

  template <class ForOthers>
  void operator()(const ForOthers&) const {}
};

}  // namespace

void carry_out(const Effect& effect, Ports& ports, const std::function<void(const Status&, const char*)>& report) {
  std::visit(ToPort{ports, report}, effect);
}

}  // namespace holdfast::vrrp
