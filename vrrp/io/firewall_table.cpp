#include "vrrp/io/firewall_table.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "vrrp/io/firewall_rules.h"

namespace holdfast::vrrp {

bool FirewallTable::open(What what) {
  if (socket_) return true;
  auto opened = netlink::BatchSocket::open(loop_);
  if (!opened) {
    answered(what, opened.error().code, "a socket for nftables");
    return false;
  }
  socket_ = std::move(*opened);
  return true;
}

void FirewallTable::make(const MakeFirewall& what) {
  if (!open(What::Make)) return;
  netlink::NftBatch batch = socket_->batch();
  put_table(batch, what, comment_);
  table_ = what.style.table;
  parts_ = what.parts;
  send(std::move(batch), What::Make);
}

void FirewallTable::change(const ChangeFirewall& what) {
  if (!open(What::Change)) return;
  netlink::NftBatch batch = socket_->batch();
  put_change(batch, table_, what);
  send(std::move(batch), What::Change);
}

void FirewallTable::remove(const RemoveFirewall&) {
  if (!open(What::Remove)) return;
  netlink::NftBatch batch = socket_->batch();
  put_removal(batch, std::exchange(table_, {}));
  send(std::move(batch), What::Remove);
}

void FirewallTable::send(netlink::NftBatch batch, What what) {
  if (batch.empty()) return;
  socket_->send(std::move(batch).finish(),
                [this, what](int error, const std::string& object) { answered(what, error, object); });
}

void FirewallTable::answered(What what, int error, const std::string& object) {
  if (error == 0) return;
  const bool of_vmacs = object.find("vmac_") != std::string::npos;
  sink_(FirewallRefused{what, object, of_vmacs, error});
}

void FirewallTable::check() {
  if (!socket_ || table_.empty()) return;
  const auto told = [this](int error) {
    if (error == ENOENT) sink_(FirewallVanished{});
  };
  if (parts_.vmacs4 || parts_.dropped4) socket_->ask_table({Family::IPv4, table_, {}}, told);
  if (parts_.vmacs6 || parts_.dropped6) socket_->ask_table({Family::IPv6, table_, {}}, told);
}

void FirewallTable::sweep(const SweepFirewall&) {
  if (!socket_) {
    auto opened = netlink::BatchSocket::open(loop_);
    if (!opened) return;  // without nf_tables there is nothing to sweep
    socket_ = std::move(*opened);
  }
  socket_->ask_tables([this](const std::vector<netlink::NftTable>& tables) { sweep(tables); });
}

void FirewallTable::sweep(const std::vector<netlink::NftTable>& tables) {
  netlink::NftBatch batch = socket_->batch();
  for (const netlink::NftTable& table : tables) {
    if (table.comment == comment_ && table.name != table_) batch.remove_table(table);
  }
  send(std::move(batch), What::Remove);
}

}  // namespace holdfast::vrrp
