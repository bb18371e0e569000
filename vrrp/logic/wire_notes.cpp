#include "vrrp/logic/wire_notes.h"

#include <cstring>
#include <fmt/format.h>

namespace holdfast::vrrp {

namespace {

constexpr std::size_t kMostUnknownVridsLogged = 256;
constexpr Duration kSendRefusedQuiet = seconds(60);

std::string name_of(std::uint32_t interface_index, const LinkTable& links) {
  const LinkChanged* link = links.by_index(interface_index);
  return link == nullptr ? "?" : link->name;
}

}  // namespace

void WireNotes::unknown_vrid(std::uint32_t interface_index, std::uint8_t vrid, const LinkTable& links, Effects& out) {
  if (unknown_.size() >= kMostUnknownVridsLogged || !unknown_.insert({interface_index, vrid}).second) return;
  out.push_back(Log{LogLevel::Info, fmt::format("Unknown VRID({}) received on interface({}). ignoring...", vrid,
                                                name_of(interface_index, links))});
}

void WireNotes::send_refused(const SendRefused& event, const LinkTable& links, TimePoint now, Effects& out) {
  const auto [said, first] = refused_.try_emplace(event.interface_index, event.error, now);
  if (!first && said->second.first == event.error && now < said->second.second + kSendRefusedQuiet) return;
  said->second = {event.error, now};
  out.push_back(Log{LogLevel::Warning, fmt::format("cannot send on {}: {}", name_of(event.interface_index, links),
                                                   std::strerror(event.error))});
}

}  // namespace holdfast::vrrp
