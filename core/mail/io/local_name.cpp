#include "core/mail/io/local_name.h"

#include <memory>
#include <netdb.h>
#include <nss.h>
#include <sys/socket.h>
#include <unistd.h>

namespace holdfast::mail {

std::string local_name() {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
  __nss_configure_lookup("hosts", "files");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (getaddrinfo(name, nullptr, &hints, &found) != 0) return name;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  const std::string full = found->ai_canonname != nullptr ? found->ai_canonname : "";
  return full.empty() || full.starts_with("localhost") ? name : full;  // 127.0.0.1 often has every name
}

}  // namespace holdfast::mail
