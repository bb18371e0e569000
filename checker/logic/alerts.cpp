#include "checker/logic/alerts.h"

#include <fmt/format.h>

#include "checker/logic/attempt_lines.h"

namespace holdfast::checker {

namespace {

struct Body {
  const CheckRun& check;
  const std::string& server;

  std::string plain(const char* what) const {
    return fmt::format("=> {} {} on service <=", what, check.up() ? "succeed" : "failed");
  }
  std::string operator()(const config::TcpCheck&) const { return plain("TCP CHECK"); }
  std::string operator()(const config::UdpCheck&) const { return plain("UDP CHECK"); }
  std::string operator()(const config::PingCheck&) const { return plain("ICMP CHECK"); }
  std::string operator()(const config::DnsCheck&) const { return plain("DNS_CHECK:"); }
  std::string operator()(const config::FileCheck&) const { return plain("FILE CHECK"); }
  std::string operator()(const config::HttpCheck&) const {
    return check.up() ? plain("CHECK") : "=> CHECK failed on service : HTTP request failed <=";
  }
  std::string operator()(const config::SmtpCheck&) const {
    if (check.up()) return plain("CHECK");
    return fmt::format("=> CHECK failed on service : {} {} <=", smtp_reason(check.last().failure), server);
  }
  std::string operator()(const config::MiscCheck&) const {
    const char* how = check.last().failure == Failure::ScriptTimeout ? "timed out" : "failed";
    return fmt::format("=> MISC CHECK {} on service <=", check.up() ? "succeeded" : how);
  }
};

}  // namespace

std::string check_alert_body(const CheckRun& check, const std::string& server) {
  return std::visit(Body{check, server}, *check.check().kind);
}

SendAlert server_alert(const std::string& server, const std::string& service, bool alive, std::string body) {
  return {fmt::format("Realserver {} of virtual server {} - {}", server, service, alive ? "UP" : "DOWN"),
          std::move(body)};
}

SendAlert service_alert(const std::string& service, bool up, std::string body) {
  return {fmt::format("Virtualserver {} - {}", service, up ? "UP" : "DOWN"), std::move(body)};
}

}  // namespace holdfast::checker
