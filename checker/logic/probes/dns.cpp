#include "checker/logic/probes/dns.h"

#include "checker/logic/probes/dns_message.h"

namespace holdfast::checker {

std::string DnsConversation::request() {
  const auto type = dns_type(check_.type);
  return type ? dns_query(check_.name, *type, id_).value_or("") : "";
}

std::optional<Verdict> DnsConversation::on_datagram(std::string_view octets) {
  const auto answer = parse_dns_answer(octets);
  if (!answer) return Verdict{Failure::DnsMalformed, "shorter than a header"};
  if (answer->id != id_) return {};
  if (!answer->response) return Verdict{Failure::DnsMalformed, "not an answer"};
  if (answer->rcode != 0) return Verdict{Failure::DnsRcode, "rcode " + std::to_string(answer->rcode)};
  if (!answer->whole) return Verdict{Failure::DnsMalformed, "a record cannot be read"};
  return Verdict{};
}

Verdict DnsConversation::on_timeout() const {
  return {Failure::ReadTimeout, "no answer"};
}

}  // namespace holdfast::checker
