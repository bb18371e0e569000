#include "test/support/fake_ports.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/runtime/clock.h"
#include "core/runtime/unique_fd.h"
#include "test/support/fake_settings.h"
#include "vrrp/io/ipv4_header.h"
#include "vrrp/io/object_watch.h"

namespace holdfast::test {
namespace {

std::string required(const char* name) {
  const char* value = std::getenv(name);
  if (value && *value) return value;
  std::fprintf(stderr, "keepalived_test needs %s in its environment, or HOLDFAST_TEST_REAL_PORTS=1\n", name);
  std::exit(70);
}

std::vector<FakeLink> links_from(const std::string& text) {
  std::vector<FakeLink> links;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) {
    const std::size_t equals = word.find('=');
    const auto address = IpPrefix::parse(word.substr(equals + 1));
    if (equals == std::string::npos || !address) {
      std::fprintf(stderr, "HOLDFAST_TEST_LINKS: cannot read '%s'\n", word.c_str());
      std::exit(70);
    }
    links.push_back({static_cast<std::uint32_t>(links.size() + 1), word.substr(0, equals), *address});
  }
  return links;
}

sockaddr_un socket_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

/// Released by the kernel when its process dies.
class Locked {
 public:
  explicit Locked(const std::string& path) : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (flock(fd_.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
  }

 private:
  UniqueFd fd_;
};

// ---- ports -------------------------------------------------------------------------------------------------------------

class FakeAdverts : public vrrp::AdvertPort {
 public:
  FakeAdverts(EventLoop& loop, vrrp::EventSink sink, FakeMachine machine)
      : loop_(loop), sink_(std::move(sink)), machine_(std::move(machine)) {}
  ~FakeAdverts() override {
    for (const auto& [index, socket] : sockets_) unlink(path_of(index).c_str());
  }

  void size_buffer(const vrrp::SizeAdvertBuffer&) override {}
  void catch_up() override {}
  void accept_only(const vrrp::AcceptOnly&) override {}  // its wire carries nothing of others
  Status listen(const vrrp::Listen& where) override {
    if (!where.group.is_multicast()) return success();  // this wire knows no unicast
    Socket& socket = sockets_[where.interface_index];
    ++socket.listeners;
    if (socket.fd) return success();
    const std::string path = path_of(where.interface_index);
    unlink(path.c_str());
    socket.fd = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const sockaddr_un address = socket_address(path);
    if (bind(socket.fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return system_error(path, errno);
    socket.watch = std::make_unique<FdWatch>(loop_, socket.fd.get(), Ready::Read,
                                             [this, index = where.interface_index] { receive(index); });
    return success();
  }

  void unlisten(const vrrp::Unlisten& where) override {
    const auto found = sockets_.find(where.interface_index);
    if (!where.group.is_multicast() || found == sockets_.end() || --found->second.listeners > 0) return;
    unlink(path_of(where.interface_index).c_str());
    sockets_.erase(found);
  }

  void send(std::span<const vrrp::SendAdvert> adverts) override {
    for (const vrrp::SendAdvert& advert : adverts) {
      if (!advert.destination.is_v4()) continue;  // nor IPv6
      const std::string line = fmt::format("{} {} {} {} {} {}\n", to_us(now()), machine_.host, getpid(),
                                           advert.interface_index, advert.pdu.at(1), advert.pdu.at(2));
      const Bytes datagram = vrrp::ipv4_datagram({advert.source, advert.destination, 1}, advert.pdu);
      for (const std::string& peer : peers_on(advert.interface_index)) send_to(advert.interface_index, peer, datagram);
      // After it: whoever is killed in between must not seem to have been heard.
      machine_.append(machine_.directory + "/adverts", line);
    }
  }

 private:
  struct Socket {
    UniqueFd fd;
    std::unique_ptr<FdWatch> watch;
    int listeners = 0;
  };

  std::string path_of(std::uint32_t index) const { return machine_.file(fmt::format(".{}.sock", index)); }

  std::vector<std::string> peers_on(std::uint32_t index) const {
    std::vector<std::string> peers;
    DIR* directory = opendir(machine_.directory.c_str());
    if (!directory) return peers;
    while (const dirent* entry = readdir(directory)) {
      const std::string name = entry->d_name;
      const bool own = name == fmt::format("{}.{}.sock", machine_.host, index);
      if (!own && name.ends_with(fmt::format(".{}.sock", index))) peers.push_back(machine_.directory + "/" + name);
    }
    closedir(directory);
    return peers;
  }

  // A host that does not listen, or listens too slowly, loses the frame as on a real wire.
  void send_to(std::uint32_t index, const std::string& peer, const Bytes& datagram) {
    const auto found = sockets_.find(index);
    if (found == sockets_.end()) return;
    const sockaddr_un address = socket_address(peer);
    sendto(found->second.fd.get(), datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  void receive(std::uint32_t index) {
    std::array<std::uint8_t, 2048> buffer{};
    for (int i = 0; i < 16; ++i) {
      const auto found = sockets_.find(index);
      if (found == sockets_.end()) return;
      const ssize_t n = recv(found->second.fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n < 0) return;
      sink_(vrrp::PacketReceived{index, ByteView(buffer.data(), static_cast<std::size_t>(n))});
    }
  }

  EventLoop& loop_;
  vrrp::EventSink sink_;
  FakeMachine machine_;
  std::map<std::uint32_t, Socket> sockets_;
};

class FakeNeighbours : public vrrp::NeighbourPort {
 public:
  explicit FakeNeighbours(FakeMachine machine) : machine_(std::move(machine)) {}
  void send(std::span<const vrrp::SendGratuitousArp> frames) override {
    for (const vrrp::SendGratuitousArp& frame : frames) {
      machine_.append(machine_.file(".events"), fmt::format("{} {} garp {} {}\n", to_us(now()), getpid(),
                                                            frame.interface_index, frame.address.text()));
    }
  }

 private:
  FakeMachine machine_;
};

/// The engine hears of a change through FakeLinks, as it does of the real kernel's.
class FakeAddresses : public vrrp::AddressPort {
 public:
  explicit FakeAddresses(std::shared_ptr<FakeKernel> kernel) : kernel_(std::move(kernel)) {}
  void add(std::span<const vrrp::KernelAddress> addresses) override {
    for (const vrrp::KernelAddress& address : addresses) kernel_->add({address.interface_index, address.entry.prefix});
  }
  void remove(std::span<const vrrp::KernelAddress> addresses) override {
    for (const vrrp::KernelAddress& address : addresses)
      kernel_->remove({address.interface_index, address.entry.prefix});
  }
  void size_buffer(const config::BufferSize&) override {}
  void finish() override {}

 private:
  std::shared_ptr<FakeKernel> kernel_;
};

class FakeLinks : public vrrp::LinkPort {
 public:
  FakeLinks(EventLoop& loop, vrrp::EventSink sink, std::shared_ptr<FakeKernel> kernel)
      : loop_(loop), sink_(std::move(sink)), kernel_(std::move(kernel)) {}

  void size_buffer(const config::BufferSize&) override {}
  Status start() override {
    const FakeMachine& machine = kernel_->machine();
    inotify_ = UniqueFd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify_ || inotify_add_watch(inotify_.get(), machine.directory.c_str(), IN_MOVED_TO) < 0) {
      return system_error(machine.directory, errno);
    }
    watch_ = std::make_unique<FdWatch>(loop_, inotify_.get(), Ready::Read, [this] {
      std::array<char, 4096> notices{};
      while (read(inotify_.get(), notices.data(), notices.size()) > 0) {
      }
      compare();
    });
    for (const FakeLink& link : machine.links) {
      vrrp::LinkChanged fact;
      fact.index = link.index;
      fact.name = link.name;
      fact.up = true;
      fact.mac = {{2, 0, 0, 0, 0, static_cast<std::uint8_t>(link.index)}};
      sink_(fact);
      sink_(vrrp::AddressAppeared{link.index, link.address, false});
    }
    compare();
    return success();
  }

 private:
  void compare() {
    const std::set<FakeAddress> old = std::exchange(known_, kernel_->addresses());
    const std::set<FakeAddress> next = known_;
    for (const FakeAddress& address : old) {
      if (!next.contains(address)) sink_(vrrp::AddressVanished{address.index, address.prefix});
    }
    for (const FakeAddress& address : next) {
      if (!old.contains(address)) sink_(vrrp::AddressAppeared{address.index, address.prefix, false});
    }
  }

  EventLoop& loop_;
  vrrp::EventSink sink_;
  std::shared_ptr<FakeKernel> kernel_;
  std::set<FakeAddress> known_;
  UniqueFd inotify_;
  std::unique_ptr<FdWatch> watch_;
};

}  // namespace

// ---- machine and kernel ------------------------------------------------------------------------------------------------

FakeMachine FakeMachine::of_environment() {
  return {required("HOLDFAST_TEST_WIRE"), required("HOLDFAST_TEST_HOST"), links_from(required("HOLDFAST_TEST_LINKS"))};
}

void FakeMachine::append(const std::string& path, const std::string& line) const {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::perror(path.c_str());
}

std::set<FakeAddress> FakeKernel::addresses() const {
  std::set<FakeAddress> found;
  std::ifstream in(machine_.file(".kernel"));
  std::uint32_t index = 0;
  for (std::string text; in >> index >> text;) {
    if (const auto prefix = IpPrefix::parse(text)) found.insert({index, *prefix});
  }
  return found;
}

bool FakeKernel::add(const FakeAddress& address) {
  return change(address, true);
}
bool FakeKernel::remove(const FakeAddress& address) {
  return change(address, false);
}

bool FakeKernel::change(const FakeAddress& address, bool adding) {
  const Locked locked(machine_.file(".lock"));
  std::set<FakeAddress> table = addresses();
  const bool changed = adding ? table.insert(address).second : table.erase(address) > 0;
  if (!changed) return false;
  // Told before it is done: a process killed in between must not hide a change from the tests.
  machine_.append(machine_.file(".events"), fmt::format("{} {} {} {} {}\n", to_us(now()), getpid(),
                                                        adding ? "add" : "del", address.index, address.prefix.text()));
  const std::string fresh = machine_.file(".kernel.new");
  {
    std::ofstream out(fresh, std::ios::trunc);
    for (const FakeAddress& a : table) out << a.index << ' ' << a.prefix.text() << '\n';
  }
  if (rename(fresh.c_str(), machine_.file(".kernel").c_str()) != 0) std::perror(fresh.c_str());
  return true;
}

vrrp::Ports make_fake_ports(EventLoop& loop, vrrp::EventSink sink) {
  const FakeMachine machine = FakeMachine::of_environment();
  const auto kernel = std::make_shared<FakeKernel>(machine);
  vrrp::Ports ports;
  ports.adverts = std::make_unique<FakeAdverts>(loop, sink, machine);
  ports.neighbours = std::make_unique<FakeNeighbours>(machine);
  ports.addresses = std::make_unique<FakeAddresses>(kernel);
  ports.vmacs = std::make_unique<FakeVmacs>(sink, machine);
  ports.routing = std::make_unique<FakeRouting>(sink);
  ports.firewall = std::make_unique<FakeFirewall>(machine);
  ports.links = std::make_unique<FakeLinks>(loop, sink, kernel);
  ports.objects = std::make_unique<vrrp::ObjectWatch>(loop, sink);  // files are as good as real ones
  return ports;
}

namespace {

class FakeExecutor : public watchdog::Executor {
 public:
  void remove(const watchdog::RemoveAddresses& will, const watchdog::Complain&) override {
    for (const watchdog::WillAddress& address : will.addresses)
      kernel_.remove({address.interface_index, address.prefix});
  }
  Status listen(const std::string&, const watchdog::Ear&, std::function<void()>) override {
    return success();  // nobody is on the wire of the machine of files
  }
  void stop_listening(const std::string&) override {}

 private:
  FakeKernel kernel_{FakeMachine::of_environment()};
};

}  // namespace

std::unique_ptr<watchdog::Executor> make_fake_executor(EventLoop&, const watchdog::Complain&) {
  return std::make_unique<FakeExecutor>();
}

}  // namespace holdfast::test
