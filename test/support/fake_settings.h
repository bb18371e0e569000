// Ports of the test program for what this machine has not: macvlans, a firewall, routes. They remember what was wanted, in files of
// the machine. Used by fake_ports.cpp.
#pragma once

#include <cerrno>
#include <fmt/format.h>
#include <span>
#include <string>
#include <unistd.h>
#include <utility>

#include "core/runtime/clock.h"
#include "test/support/fake_ports.h"
#include "vrrp/ports.h"

namespace holdfast::test {

/// This machine has no macvlans: it says so, and remembers what was wanted.
class FakeVmacs : public vrrp::VmacPort {
 public:
  FakeVmacs(vrrp::EventSink sink, FakeMachine machine) : sink_(std::move(sink)), machine_(std::move(machine)) {}

  void make(const vrrp::MakeVmac& what) override {
    note("make " + what.vmac.name);
    sink_(vrrp::VmacRefused{what.vmac.name, vrrp::VmacRefused::What::Make, EOPNOTSUPP});
  }
  void settle(const vrrp::SettleVmac& what) override { note("settle " + what.vmac.name); }
  void set_up(const vrrp::SetVmacUp& what) override { note((what.up ? "up " : "down ") + what.name); }
  void set_vrf(const vrrp::SetVmacVrf& what) override { note("move " + what.name); }
  void remove(const vrrp::RemoveVmac& what) override { note("remove " + what.name); }
  void tell_of(const vrrp::TellOfLink& what) override { note(fmt::format("tell of {}", what.interface_index)); }
  void set_arp(const vrrp::SetArpStrictness& what) override { note(fmt::format("arp {}", what.interface_index)); }
  void set_promotion(const vrrp::SetPromotion& what) override {
    note(fmt::format("promotion {} {}", what.interface_index, what.on));
  }

 private:
  void note(const std::string& what) {
    machine_.append(machine_.file(".vmacs"), fmt::format("{} {} {}\n", to_us(now()), getpid(), what));
  }

  vrrp::EventSink sink_;
  FakeMachine machine_;
};

/// This kernel has no nftables, and drops nothing: it remembers what was wanted.
class FakeFirewall : public vrrp::FirewallPort {
 public:
  explicit FakeFirewall(FakeMachine machine) : machine_(std::move(machine)) {}

  void owned_by(const std::string&) override {}
  void make(const vrrp::MakeFirewall& what) override {
    note(fmt::format("make {} {}", what.style.table, what.content.dropped.size()));
  }
  void change(const vrrp::ChangeFirewall& what) override {
    note(fmt::format("change +{} -{}", what.add.dropped.size(), what.remove.dropped.size()));
  }
  void remove(const vrrp::RemoveFirewall&) override { note("remove"); }
  void sweep(const vrrp::SweepFirewall&) override {}
  void check() override {}

 private:
  void note(const std::string& what) {
    machine_.append(machine_.file(".firewall"), fmt::format("{} {} {}\n", to_us(now()), getpid(), what));
  }

  FakeMachine machine_;
};

/// This kernel has no routes, and refuses none.
class FakeRouting : public vrrp::RoutingPort {
 public:
  explicit FakeRouting(vrrp::EventSink sink) : sink_(std::move(sink)) {}
  void add(std::span<const vrrp::RoutingEntry>) override {}
  void remove(std::span<const vrrp::RoutingEntry>) override {}
  Status watch(const vrrp::WatchRouting&) override {
    verify();
    return success();
  }
  void verify() override { sink_(vrrp::RoutingResyncFinished{}); }

 private:
  vrrp::EventSink sink_;
};

}  // namespace holdfast::test
