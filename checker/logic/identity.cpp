#include "checker/logic/identity.h"

#include <fmt/format.h>
#include <string_view>

#include "checker/logic/check_run.h"

namespace holdfast::checker {

namespace {

void add(Fingerprint& print, const config::ScriptCommand& command) {
  for (const std::string& word : command.argv) print.add(word);
  print.add(command.user);
  print.add(command.group);
}

struct AddKind {
  Fingerprint& print;
  void operator()(const config::TcpCheck&) const {}
  void operator()(const config::PingCheck&) const {}
  void operator()(const config::HttpCheck& http) const {
    print.add(static_cast<std::uint64_t>(http.tls));
    for (const config::HttpUrl& url : http.urls) {
      print.add(url.path);
      print.add(url.virtualhost);
      for (const auto& [low, high] : url.status_codes) print.add(static_cast<std::uint64_t>(low * 1000 + high));
      if (url.regex) print.add(url.regex->pattern);
      if (url.digest) print.add({reinterpret_cast<const char*>(url.digest->data()), url.digest->size()});
    }
  }
  void operator()(const config::SmtpCheck& smtp) const { print.add(smtp.helo_name); }
  void operator()(const config::DnsCheck& dns) const {
    print.add(dns.type);
    print.add(dns.name);
  }
  void operator()(const config::UdpCheck& udp) const { print.add(udp.payload); }
  void operator()(const config::MiscCheck& misc) const { add(print, misc.command); }
  void operator()(const config::FileCheck& file) const { print.add(file.path); }
};

const char* protocol_word(config::Protocol protocol) {
  switch (protocol) {
    case config::Protocol::Tcp:
      return "tcp";
    case config::Protocol::Udp:
      return "udp";
    case config::Protocol::Sctp:
      break;
  }
  return "sctp";
}

}  // namespace

void Fingerprint::add(std::string_view octets) {
  for (const char octet : octets) {
    value_ ^= static_cast<unsigned char>(octet);
    value_ *= 0x100000001b3U;
  }
  add(octets.size());
}

void Fingerprint::add(std::uint64_t number) {
  for (int i = 0; i < 8; ++i) {
    value_ ^= (number >> (8 * i)) & 0xffU;
    value_ *= 0x100000001b3U;
  }
}

std::string identity_of(const config::VirtualServer& service) {
  if (!service.group.empty()) return fmt::format("group {} {}", protocol_word(service.protocol), service.group);
  if (service.fwmark) return fmt::format("fwmark {} {}", *service.fwmark, service.family == Family::IPv4 ? 4 : 6);
  const std::string address = service.address ? service.address->text() : "?";
  return fmt::format("{} {} {}", protocol_word(service.protocol), address, service.port);
}

std::string identity_of(const config::RealServer& server) {
  return fmt::format("{} {}", server.address.text(), server.port);
}

std::uint64_t identity_of(const config::Check& check) {
  Fingerprint print;
  print.add(check.kind->index());
  const ByteView address = check.endpoint.address.bytes();
  print.add({reinterpret_cast<const char*>(address.data()), address.size()});
  print.add(check.endpoint.port);
  print.add(*check.endpoint.bind_interface);
  print.add(check.endpoint.fwmark);
  std::visit(AddKind{print}, *check.kind);
  return print.value();
}

}  // namespace holdfast::checker
