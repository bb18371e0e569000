// Puts the firewall into the kernel: each order is one transaction of nf_tables, carried out before the call returns. What the
// kernel refuses is told as FirewallRefused. Tables carry a comment with the daemon's pid file, by which a successor knows those
// that are left of it.
#pragma once

#include <memory>
#include <string>

#include "core/netlink/batch_socket.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class FirewallTable : public FirewallPort {
 public:
  FirewallTable(EventLoop& loop, EventSink sink) : loop_(loop), sink_(std::move(sink)) {}

  void owned_by(const std::string& owner) override { comment_ = "holdfast " + owner; }
  void make(const MakeFirewall& what) override;
  void change(const ChangeFirewall& what) override;
  void remove(const RemoveFirewall& what) override;
  void sweep(const SweepFirewall& what) override;
  void check() override;

 private:
  using What = FirewallRefused::What;
  bool open(What what);
  void send(netlink::NftBatch batch, What what);
  void sweep(const std::vector<netlink::NftTable>& tables);
  void answered(What what, int error, const std::string& object);

  EventLoop& loop_;
  EventSink sink_;
  std::unique_ptr<netlink::BatchSocket> socket_;
  std::string comment_ = "holdfast";
  std::string table_;    ///< made by this process; "" = none
  FirewallParts parts_;  ///< of that
};

}  // namespace holdfast::vrrp
