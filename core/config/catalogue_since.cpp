#include "core/config/catalogue_since.h"

#include <algorithm>
#include <array>

namespace holdfast::config {

namespace {

struct Stated {
  std::string_view block, keyword, release;
};

constexpr std::array kStated{
    Stated{"vrrp_track_file", "file", "2.0.0"},
    Stated{"vrrp_track_file", "weight", "2.0.0"},
    Stated{"vrrp_track_file", "init_file", "2.0.0"},
    Stated{"virtual_server", "delay_loop", "0.5.3"},
    Stated{"TCP_CHECK", "connect_timeout", "0.5.3"},
    Stated{"TCP_CHECK", "retry", "1.2.20"},
    Stated{"TCP_CHECK", "delay_before_retry", "1.2.20"},
    Stated{"TCP_CHECK", "warmup", "1.2.13"},
    Stated{"DNS_CHECK", "connect_timeout", "1.3.0"},
    Stated{"DNS_CHECK", "retry", "1.3.0"},
    Stated{"HTTP_GET", "connect_timeout", "0.5.3"},
    Stated{"HTTP_GET", "delay_before_retry", "0.5.3"},
    Stated{"HTTP_GET", "warmup", "1.2.13"},
    Stated{"SSL_GET", "connect_timeout", "0.5.3"},
    Stated{"SSL_GET", "delay_before_retry", "0.5.3"},
    Stated{"SSL_GET", "warmup", "1.2.13"},
    Stated{"SMTP_CHECK", "connect_ip", "1.2.17"},
    Stated{"SMTP_CHECK", "connect_port", "1.2.17"},
    Stated{"SMTP_CHECK", "bindto", "1.2.17"},
    Stated{"SMTP_CHECK", "bind_port", "1.2.17"},
    Stated{"SMTP_CHECK", "fwmark", "1.2.17"},
    Stated{"SMTP_CHECK", "connect_timeout", "1.1.8"},
    Stated{"SMTP_CHECK", "retry", "1.1.8"},
    Stated{"SMTP_CHECK", "delay_before_retry", "1.1.8"},
    Stated{"SMTP_CHECK", "warmup", "1.2.13"},
    Stated{"host", "connect_ip", "1.1.8"},
    Stated{"host", "connect_timeout", "1.2.13"},
    Stated{"MISC_CHECK", "warmup", "1.2.13"},
};

}  // namespace

std::string_view stated_since(std::string_view block, std::string_view keyword) {
  const auto* found = std::find_if(kStated.begin(), kStated.end(), [&](const Stated& stated) {
    return stated.block == block && stated.keyword == keyword;
  });
  return found == kStated.end() ? std::string_view{} : found->release;
}

}  // namespace holdfast::config
