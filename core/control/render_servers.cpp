#include "core/control/render_servers.h"

#include <fmt/format.h>

#include "core/control/table.h"
#include "core/control/words.h"

namespace holdfast::control {
namespace {

using State = proto::RealServerStatus;

const char* code_of(State::State state) {
  switch (state) {
    case State::UP:
      return kGood;
    case State::DOWN:
      return kBad;
    default:
      return kDoubtful;
  }
}

std::string state_word(State::State state) {
  switch (state) {
    case State::UP:
      return "up";
    case State::DOWN:
      return "down";
    default:
      return "unchecked";
  }
}

/// "3" or "3 (1 configured)".
std::string weight_text(const State& server) {
  if (server.weight() == server.configured_weight()) return std::to_string(server.weight());
  return fmt::format("{} ({} configured)", server.weight(), server.configured_weight());
}

/// "TCP_CHECK", "HTTP_GET http-status (503)", "TCP_CHECK 1 failure".
std::string check_text(const proto::CheckStatus& check) {
  std::string text = check.what();
  if (check.state() == State::DOWN || check.failures() > 0) {
    if (check.failures() > 0)
      text += fmt::format(" {} {}", check.failures(), check.failures() == 1 ? "failure" : "failures");
    if (!check.last_failure().empty()) text += " " + check.last_failure();
    if (!check.detail().empty()) text += " (" + check.detail() + ")";
  }
  return text;
}

std::string checks_text(const State& server) {
  std::string text;
  for (const proto::CheckStatus& check : server.checks()) text += (text.empty() ? "" : ", ") + check_text(check);
  return text.empty() ? "-" : text;
}

void note_service(const proto::VirtualServerStatus& service, Table& table, Colour colour) {
  if (service.suspended()) table.note(paint("suspended: its address is not on this host", kDoubtful, colour));
  if (service.sorry_server_in_use())
    table.note(paint(fmt::format("sorry server {} is in use", service.sorry_server()), kBad, colour));
}

}  // namespace

std::string servers_text(const proto::DaemonStatus& status, Colour colour) {
  Table services({"VIRTUAL SERVER", "QUORUM", "FOR", "WEIGHT UP"});
  Table servers({"REAL SERVER", "STATE", "FOR", "WEIGHT", "VIRTUAL SERVER", "CHECKS"});
  for (const proto::VirtualServerStatus& service : status.virtual_servers()) {
    const std::string quorum = !service.known() ? "unknown" : service.quorum_up() ? "up" : "down";
    const char* code = !service.known() ? kDoubtful : service.quorum_up() ? kGood : kBad;
    services.row({{service.name()},
                  {quorum, paint(quorum, code, colour)},
                  {service.has_since() ? duration(service.state_for_s()) : "-"},
                  {fmt::format("{} of {}", service.up_weight(), service.quorum())}});
    note_service(service, services, colour);
    for (const State& server : service.real_servers()) {
      const std::string word = state_word(server.state());
      servers.row({{server.name()},
                   {word, paint(word, code_of(server.state()), colour)},
                   {server.has_since() ? duration(server.state_for_s()) : "-"},
                   {weight_text(server)},
                   {service.name()},
                   {checks_text(server)}});
    }
  }
  const std::string first = services.text();
  const std::string second = servers.text();
  return first.empty() || second.empty() ? first + second : first + "\n" + second;
}

std::string server_line(const proto::RealServerChanged& changed, Colour colour) {
  return fmt::format("{} of {} {} -> {}, weight {}{}", changed.real_server(), changed.virtual_server(),
                     state_word(changed.from()), paint(state_word(changed.to()), code_of(changed.to()), colour),
                     changed.weight(), changed.reason().empty() ? "" : " (" + changed.reason() + ")");
}

std::string quorum_line(const proto::QuorumChanged& changed, Colour colour) {
  return fmt::format("{} quorum {}", changed.virtual_server(),
                     changed.up() ? paint("up", kGood, colour) : paint("down", kBad, colour));
}

}  // namespace holdfast::control
