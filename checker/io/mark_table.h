// Puts the table that sets firewall marks into the kernel: each order is one transaction of nf_tables, carried out before the
// call returns; the answer comes from the loop. Tables carry a comment with the checker's pid file, by which a successor knows
// those that are left of it. Decides nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/io/mark_rules.h"
#include "checker/ports.h"
#include "core/netlink/batch_socket.h"

namespace holdfast::checker {

class MarkTable final : public MarkPort {
 public:
  explicit MarkTable(EventLoop& loop) : loop_(loop) {}

  void owned_by(const std::string& owner) override { comment_ = "holdfast " + owner; }
  void put(const MarkPlan& plan, Told told) override;
  void adopt(const MarkPlan& plan, Told told) override;
  void renew(const MarkPlan& plan, Told told) override;
  void remove(const std::string& table, Told told) override;
  void sweep(const std::string& keep, Told told) override;
  void look(const MarkPlan& plan, Found found) override;
  /// net_namespace_ipvs: from now on this is the socket, or there is none.
  void stay_with(Result<netlink::Socket> socket);

 private:
  struct Look;
  bool open(const Told& told);
  void send(netlink::NftBatch batch, Told told);
  void look_at_next(const std::shared_ptr<Look>& look);
  void look_at_rules(const std::shared_ptr<Look>& look);
  void look_at_unwanted(const std::shared_ptr<Look>& look);

  EventLoop& loop_;
  std::unique_ptr<netlink::BatchSocket> socket_;
  std::optional<MarkPlan> known_;  ///< what stands
  std::uint64_t orders_ = 0;       ///< an answer to an older one says nothing about what stands
  int nowhere_ = 0;                ///< errno of stay_with: no socket is opened
  std::string comment_ = "holdfast";
};

}  // namespace holdfast::checker
