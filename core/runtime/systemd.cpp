#include "core/runtime/systemd.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/runtime/clock.h"

namespace holdfast {

ServiceManager::ServiceManager(std::string notify_socket) : address_(std::move(notify_socket)) {
  const bool usable = !address_.empty() && (address_[0] == '/' || address_[0] == '@');
  if (usable) fd_.reset(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void ServiceManager::ready(pid_t main_pid) {
  send(fmt::format("READY=1\nMAINPID={}\n", main_pid));
}

void ServiceManager::reloading() {
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n", to_us(now())));
}

void ServiceManager::stopping() {
  send("STOPPING=1\n");
}

void ServiceManager::error(int code) {
  send(fmt::format("ERRNO={}\n", code));
}

void ServiceManager::status(std::string_view text) {
  send(fmt::format("STATUS={}\n", text));
}

void ServiceManager::send(const std::string& message) {
  sockaddr_un address{};
  if (!fd_ || address_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  sendto(fd_.get(), message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
}

std::string notify_socket_of_environment() {
  const char* value = std::getenv("NOTIFY_SOCKET");
  return value == nullptr ? "" : value;
}

}  // namespace holdfast
