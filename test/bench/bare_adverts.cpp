// What adverts cost when nobody thinks: sends or receives as many packets of the size of an advert as so many instances would, with
// nothing but sendmmsg and recvmmsg, all of one interval in one burst. The measure beside which scale.py sets the daemons.
// `bare_adverts send|receive LINKS PER_LINK INTERVAL_MS SECONDS` on interfaces wire0, wire1…; prints the share of a processor.
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kOctets = 40;  // an IPv4 header, a version 3 advert with one address, and a little

struct Burst {
  explicit Burst(std::size_t count) : packets(count), vectors(count), messages(count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::array<unsigned char, 64>& packet = packets[i];
      packet = {0x45, 0xc0, 0, kOctets, 0, 0, 0, 0, 255, 112, 0, 0, 10, 100, 0, 1, 224, 0, 0, 18, 0x31};
      vectors[i] = {packet.data(), packet.size()};
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
  void address_to(sockaddr_in& destination) {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      vectors[i].iov_len = kOctets;
      messages[i].msg_hdr.msg_name = &destination;
      messages[i].msg_hdr.msg_namelen = sizeof destination;
    }
  }
  std::vector<std::array<unsigned char, 64>> packets;
  std::vector<iovec> vectors;
  std::vector<mmsghdr> messages;
};

int open_on(const std::string& interface, bool sending) {
  const int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 112);
  const int on = 1;
  const int off = 0;
  ip_mreqn group{};
  group.imr_multiaddr.s_addr = htonl(0xe0000012);
  group.imr_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), static_cast<socklen_t>(interface.size() + 1));
  setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group);
  setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof off);
  if (sending) setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof on);
  if (!sending) setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group);
  return fd;
}

void send_for(Clock::duration time, Clock::duration interval, const std::vector<pollfd>& sockets, Burst& burst) {
  sockaddr_in destination{};
  destination.sin_family = AF_INET;
  destination.sin_addr.s_addr = htonl(0xe0000012);
  burst.address_to(destination);
  const auto began = Clock::now();
  for (auto next = began; next < began + time; next += interval) {
    std::this_thread::sleep_until(next);
    for (const pollfd& each : sockets)
      sendmmsg(each.fd, burst.messages.data(), static_cast<unsigned>(burst.messages.size()), MSG_DONTWAIT);
  }
}

void receive_for(Clock::duration time, std::vector<pollfd>& sockets, Burst& burst) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end && poll(sockets.data(), sockets.size(), 100) >= 0) {
    for (const pollfd& each : sockets) {
      if (each.revents == 0) continue;
      recvmmsg(each.fd, burst.messages.data(), static_cast<unsigned>(burst.messages.size()), MSG_DONTWAIT, nullptr);
    }
  }
}

double processor_s() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const bool sending = std::string(argv[1]) == "send";
  const auto time = std::chrono::seconds(std::atoi(argv[5]));
  std::vector<pollfd> sockets;
  for (int link = 0; link < std::atoi(argv[2]); ++link)
    sockets.push_back({open_on("wire" + std::to_string(link), sending), POLLIN, 0});
  Burst burst(static_cast<std::size_t>(std::atoi(argv[3])));
  const double before = processor_s();
  const auto began = Clock::now();
  if (sending) {
    send_for(time, std::chrono::milliseconds(std::atoi(argv[4])), sockets, burst);
  } else {
    receive_for(time, sockets, burst);
  }
  const double elapsed_s = std::chrono::duration<double>(Clock::now() - began).count();
  std::printf("%.2f\n", 100 * (processor_s() - before) / elapsed_s);
  return 0;
}
