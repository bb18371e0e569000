#include "vrrp/io/linkbeat_watch.h"

#include <array>
#include <cstring>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/mii.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace holdfast::vrrp {

namespace {

using config::LinkbeatMethod;

constexpr Duration kPeriod = seconds(1);
constexpr std::array kMethods{LinkbeatMethod::Mii, LinkbeatMethod::Ethtool, LinkbeatMethod::Ioctl};

ifreq request_for(const std::string& interface) {
  ifreq request{};
  std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
  return request;
}

std::optional<bool> by_mii(int fd, const std::string& interface) {
  ifreq request = request_for(interface);
  if (ioctl(fd, SIOCGMIIPHY, &request) != 0) return {};
  mii_ioctl_data data;
  std::memcpy(&data, &request.ifr_data, sizeof data);
  data.reg_num = MII_BMSR;
  std::memcpy(&request.ifr_data, &data, sizeof data);
  if (ioctl(fd, SIOCGMIIREG, &request) != 0) return {};
  std::memcpy(&data, &request.ifr_data, sizeof data);
  return (data.val_out & BMSR_LSTATUS) != 0;
}

std::optional<bool> by_ethtool(int fd, const std::string& interface) {
  ifreq request = request_for(interface);
  ethtool_value value{ETHTOOL_GLINK, 0};
  request.ifr_data = reinterpret_cast<char*>(&value);
  if (ioctl(fd, SIOCETHTOOL, &request) != 0) return {};
  return value.data != 0;
}

std::optional<bool> by_flags(int fd, const std::string& interface) {
  ifreq request = request_for(interface);
  if (ioctl(fd, SIOCGIFFLAGS, &request) != 0) return {};
  return (request.ifr_flags & IFF_RUNNING) != 0;
}

const char* word_of(LinkbeatMethod method) {
  switch (method) {
    case LinkbeatMethod::Mii:
      return "MII";
    case LinkbeatMethod::Ethtool:
      return "ETHTOOL";
    default:
      return "IOCTL";
  }
}

}  // namespace

std::optional<bool> carrier_by(LinkbeatMethod method, int fd, const std::string& interface) {
  if (method == LinkbeatMethod::Mii) return by_mii(fd, interface);
  if (method == LinkbeatMethod::Ethtool) return by_ethtool(fd, interface);
  return by_flags(fd, interface);
}

LinkbeatWatch::LinkbeatWatch(EventLoop& loop, Sink sink, Note note)
    : loop_(loop), sink_(std::move(sink)), note_(std::move(note)), timer_(loop, [this] { poll(); }) {}

void LinkbeatWatch::want(std::vector<config::LinkbeatInterface> interfaces) {
  polled_.clear();
  for (config::LinkbeatInterface& interface : interfaces) polled_.push_back({std::move(interface), {}, {}});
  if (!socket_) socket_.reset(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  timer_.arm(std::nullopt);
  poll();
}

void LinkbeatWatch::poll() {
  if (polled_.empty()) return;
  for (Polled& polled : polled_) {
    const std::optional<bool> up = ask(polled);
    if (!up || up == polled.told) continue;
    polled.told = up;
    sink_(polled.wanted.interface, *up);
  }
  timer_.arm(loop_.now() + kPeriod);
}

/// The method that was asked for, else the first that the driver knows; an interface that is not there is asked again.
std::optional<bool> LinkbeatWatch::ask(Polled& polled) {
  const std::string& interface = polled.wanted.interface;
  if (polled.works) {
    if (const auto up = carrier_by(*polled.works, socket_.get(), interface)) return up;
    polled.works.reset();
    return {};
  }
  const LinkbeatMethod first = polled.wanted.method;
  if (first != LinkbeatMethod::FirstThatWorks) {
    if (const auto up = carrier_by(first, socket_.get(), interface)) {
      polled.works = first;
      return up;
    }
  }
  for (const LinkbeatMethod method : kMethods) {
    const auto up = carrier_by(method, socket_.get(), interface);
    if (!up) continue;
    if (first != LinkbeatMethod::FirstThatWorks) {
      note_(fmt::format("({}): Configured linkbeat type {} not supported, using {}", interface, word_of(first),
                        word_of(method)));
    }
    polled.works = method;
    return up;
  }
  return {};
}

}  // namespace holdfast::vrrp
