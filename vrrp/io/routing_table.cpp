#include "vrrp/io/routing_table.h"

#include <cerrno>

#include "vrrp/io/routing_message.h"

namespace holdfast::vrrp {

namespace {

bool as_wanted(bool adding, const RoutingEntry& entry, int error) {
  if (adding) return error == EEXIST && entry.order != RoutingOrder::Exclusive;
  return error == ESRCH || error == ENOENT || error == ENODEV;
}

}  // namespace

RoutingTable::RoutingTable(EventLoop& loop, std::shared_ptr<OrderSocket> orders, EventSink sink)
    : loop_(loop), orders_(std::move(orders)), sink_(std::move(sink)) {}

void RoutingTable::add(std::span<const RoutingEntry> entries) {
  order(true, entries);
}

void RoutingTable::remove(std::span<const RoutingEntry> entries) {
  order(false, entries);
}

void RoutingTable::order(bool adding, std::span<const RoutingEntry> entries) {
  if (const int error = orders_->open(); error != 0) {
    for (const RoutingEntry& entry : entries) answered(adding, entry, error);
    return;
  }
  std::vector<netlink::Request> requests;
  for (const RoutingEntry& entry : entries) {
    requests.push_back({[adding, entry](std::uint32_t sequence) { return routing_message(adding, entry, sequence); },
                        [this, adding, entry](int error) { answered(adding, entry, error); }});
  }
  orders_->send(std::move(requests));
}

void RoutingTable::answered(bool adding, const RoutingEntry& entry, int error) {
  if (error == 0 || as_wanted(adding, entry, error)) return;
  sink_(RoutingRefused{entry, adding, error});
}

Status RoutingTable::watch(const WatchRouting& what) {
  keys_ = {what.keys.begin(), what.keys.end()};
  if (keys_.empty()) {
    monitor_.reset();
    return success();
  }
  if (monitor_ == nullptr) {
    netlink::RoutingCallbacks callbacks;
    callbacks.route = [this](const netlink::RouteMessage& m) { tell(m.removed, m.replaced, m.route); };
    callbacks.rule = [this](const netlink::RuleMessage& m) { tell(m.removed, false, m.rule); };
    callbacks.resync_started = [this] { sink_(RoutingResyncStarted{}); };
    callbacks.resync_finished = [this] { sink_(RoutingResyncFinished{}); };
    monitor_ = std::make_unique<netlink::RoutingMonitor>(loop_, std::move(callbacks));
  }
  const Status watching = monitor_->watch(what.protocols);
  // Without eyes we go by what we do ourselves.
  if (!watching) sink_(RoutingResyncFinished{});
  return watching;
}

void RoutingTable::verify() {
  if (monitor_ != nullptr) monitor_->verify();
}

void RoutingTable::tell(bool removed, bool replaced, RoutingObject object) {
  if (keys_.contains(routing_key(object))) sink_(RoutingTold{removed, replaced, std::move(object)});
}

}  // namespace holdfast::vrrp
