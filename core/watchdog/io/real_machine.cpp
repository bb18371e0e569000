#include "core/watchdog/io/real_machine.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ifaddrs.h>
#include <limits.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <memory>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <nss.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runtime/users.h"
#include "core/watchdog/io/route_name_files.h"

namespace holdfast::watchdog {
namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Somebody other than root may change what stands at this path.
bool others_may_write(const std::string& path) {
  struct stat st {};
  if (stat(path.c_str(), &st) != 0) return true;
  if (st.st_uid != 0) return true;
  if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0) return true;
  return (st.st_mode & S_IWGRP) != 0 && st.st_gid != 0;
}

bool insecure(const std::string& path) {
  std::array<char, PATH_MAX> resolved{};
  if (!realpath(path.c_str(), resolved.data())) return true;
  std::string part = resolved.data();
  for (;;) {
    if (others_may_write(part)) return true;
    if (part == "/") return false;
    const std::size_t slash = part.rfind('/');
    part = slash == 0 ? "/" : part.substr(0, slash);
  }
}

bool runs_as_root(const config::ScriptCommand& script) {
  return script.user.empty() || config::user_name_of(script.user) == "root";
}

std::optional<unsigned> ask_flags_of(const std::string& interface) {
  if (interface.empty() || interface.size() >= IFNAMSIZ) return std::nullopt;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  const int result = ioctl(fd, SIOCGIFFLAGS, &request);
  close(fd);
  if (result != 0) return std::nullopt;
  return static_cast<unsigned>(static_cast<unsigned short>(request.ifr_flags));
}

std::string ask_driver_of(const std::string& interface) {
  if (interface.empty() || interface.size() >= IFNAMSIZ) return {};
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return {};
  ethtool_drvinfo info{};
  info.cmd = ETHTOOL_GDRVINFO;
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&info);
  const int result = ioctl(fd, SIOCETHTOOL, &request);
  close(fd);
  return result == 0 ? std::string(info.driver, strnlen(info.driver, sizeof info.driver)) : std::string();
}

std::optional<IpAddress> address_of(const sockaddr* name) {
  if (name == nullptr) return std::nullopt;
  if (name->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, name, sizeof v4);
    return IpAddress::v4(ntohl(v4.sin_addr.s_addr));
  }
  if (name->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, name, sizeof v6);
  return IpAddress::from_bytes({v6.sin6_addr.s6_addr, sizeof v6.sin6_addr.s6_addr});
}

}  // namespace

std::string find_program(const std::string& program) {
  if (program.empty()) return {};
  if (program.find('/') != std::string::npos) return program;
  const char* configured = std::getenv("PATH");
  const std::string path = configured ? configured : kDefaultPath;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t colon = std::min(path.find(':', at), path.size());
    const std::string candidate = path.substr(at, colon - at) + "/" + program;
    if (colon > at && access(candidate.c_str(), X_OK) == 0) return candidate;
    at = colon + 1;
  }
  return {};
}

bool RealMachine::interface_exists(const std::string& name) const {
  return flags_of(name).has_value();
}
std::optional<unsigned> RealMachine::flags_of(const std::string& interface) const {
  const auto known = flags_.find(interface);
  return known != flags_.end() ? known->second : flags_.emplace(interface, ask_flags_of(interface)).first->second;
}
bool RealMachine::is_loopback(const std::string& interface) const {
  return (flags_of(interface).value_or(0) & IFF_LOOPBACK) != 0;
}
bool RealMachine::supports_multicast(const std::string& interface) const {
  return (flags_of(interface).value_or(IFF_MULTICAST) & IFF_MULTICAST) != 0;
}
std::string RealMachine::driver_of(const std::string& interface) const {
  return ask_driver_of(interface);
}
std::set<IpAddress> RealMachine::addresses() const {
  std::set<IpAddress> all;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return all;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(list, freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (const auto address = address_of(entry->ifa_addr)) all.insert(*address);
  }
  return all;
}
bool RealMachine::user_exists(const std::string& name) const {
  return find_user(name).has_value();
}
bool RealMachine::group_exists(const std::string& name) const {
  return find_group(name).has_value();
}
int RealMachine::processors() const {
  return static_cast<int>(std::clamp(sysconf(_SC_NPROCESSORS_CONF), 1L, 1L << 20));
}

std::optional<std::uint8_t> RealMachine::ip_protocol(const std::string& name) const {
  __nss_configure_lookup("protocols", "files");  // a static program has no other (docs/decisions/one-static-program.md)
  protoent entry{};
  protoent* found = nullptr;
  std::array<char, 4096> text{};
  if (getprotobyname_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr) return {};
  return static_cast<std::uint8_t>(entry.p_proto);
}
std::vector<std::string> RealMachine::route_name_files(const std::string& table,
                                                       const config::RouteNameFolders& folders) const {
  return read_route_name_files(table, folders);
}

config::Machine::ScriptState RealMachine::script_state(const config::ScriptCommand& script, bool check_security) const {
  if (script.empty()) return ScriptState::Missing;
  const std::string path = find_program(script.argv.front());
  struct stat st {};
  if (path.empty() || stat(path.c_str(), &st) != 0 || !S_ISREG(st.st_mode)) return ScriptState::Missing;
  if ((st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0) return ScriptState::NotExecutable;
  if (check_security && runs_as_root(script) && insecure(path)) return ScriptState::Insecure;
  return ScriptState::Usable;
}

}  // namespace holdfast::watchdog
