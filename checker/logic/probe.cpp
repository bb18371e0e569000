#include "checker/logic/probe.h"

#include "checker/logic/probes/dns.h"
#include "checker/logic/probes/http.h"
#include "checker/logic/probes/smtp.h"
#include "checker/logic/probes/tcp.h"
#include "checker/logic/probes/udp.h"

namespace holdfast::checker {

std::unique_ptr<StreamConversation> stream_conversation(const ProbeSpec& spec, ConversationTools& tools) {
  if (std::holds_alternative<config::TcpCheck>(spec.kind)) return std::make_unique<TcpConversation>();
  if (const auto* http = std::get_if<HttpProbe>(&spec.kind)) {
    return std::make_unique<HttpConversation>(*http, spec.endpoint, tools);
  }
  if (const auto* smtp = std::get_if<config::SmtpCheck>(&spec.kind)) return std::make_unique<SmtpConversation>(*smtp);
  return nullptr;
}

std::unique_ptr<DatagramConversation> datagram_conversation(const ProbeSpec& spec, std::uint16_t id) {
  if (const auto* dns = std::get_if<config::DnsCheck>(&spec.kind)) return std::make_unique<DnsConversation>(*dns, id);
  if (const auto* udp = std::get_if<config::UdpCheck>(&spec.kind)) return std::make_unique<UdpConversation>(*udp);
  return nullptr;
}

}  // namespace holdfast::checker
