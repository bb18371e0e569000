#include "core/watchdog/io/executor.h"

#include <fmt/format.h>
#include <utility>

#include "core/netlink/vip_remover.h"
#include "core/watchdog/io/takeover_ears.h"

namespace holdfast::watchdog {
namespace {

constexpr Duration kPatience = milliseconds(500);  // 5 000 addresses take a fifth of that

std::string stays(const IpPrefix& prefix) {
  return "Cannot remove " + prefix.text() + ", it stays in the kernel";
}

class KernelExecutor : public Executor {
 public:
  /// Without a remover every address stays.
  KernelExecutor(EventLoop& loop, std::unique_ptr<netlink::VipRemover> remover)
      : remover_(std::move(remover)), ears_(loop) {}

  void remove(const RemoveAddresses& will, const Complain& complain) override {
    std::vector<netlink::OwnedAddress> owned;
    for (const WillAddress& address : will.addresses) {
      if (!remover_) complain(stays(address.prefix));
      owned.push_back({address.interface_index, address.prefix});
    }
    if (!remover_) return;
    remover_->send(will.orders, [complain](int error) {
      complain(system_error("Cannot remove a route or rule, it stays in the kernel", error).message);
    });
    remover_->remove(owned, [complain](const std::vector<netlink::VipRemover::Refusal>& refusals) {
      for (const auto& refusal : refusals) complain(system_error(stays(refusal.address.prefix), refusal.error).message);
    });
    remover_->drain(kPatience);
  }
  Status listen(const std::string& key, const Ear& ear, std::function<void()> heard) override {
    return ears_.listen(key, ear, std::move(heard));
  }
  void stop_listening(const std::string& key) override { ears_.stop(key); }

 private:
  std::unique_ptr<netlink::VipRemover> remover_;
  TakeoverEars ears_;
};

}  // namespace

std::unique_ptr<Executor> make_kernel_executor(EventLoop& loop, const Complain& complain) {
  auto opened = netlink::VipRemover::open(loop);
  if (!opened) complain("Last wills cannot be executed: " + opened.error().message);
  return std::make_unique<KernelExecutor>(loop, opened ? std::move(*opened) : nullptr);
}

}  // namespace holdfast::watchdog
