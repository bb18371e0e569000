#include "core/control/program.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

#include "core/control/client.h"
#include "core/control/command_line.h"
#include "core/control/render.h"

namespace holdfast::control {
namespace {

Colour colour_of_terminal() {
  const char* unwanted = std::getenv("NO_COLOR");
  const bool wanted = isatty(STDOUT_FILENO) == 1 && (unwanted == nullptr || *unwanted == '\0');
  return wanted ? Colour::Ansi : Colour::None;
}

int complain(const Explanation& why) {
  fmt::print(stderr, "keepalivedctl: {}\n", why.text);
  return why.exit_code;
}

/// True when it could be written: a pipe whose reader has left ends a watch.
bool print(const std::string& text) {
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

int refused(const proto::Refused& refused, const std::string& socket) {
  const int code = refused.why() == proto::Refused::NOT_ALLOWED ? kExitNotAllowed : kExitNoDaemon;
  return complain({fmt::format("the daemon at {} refuses: {}", socket, refused.text()), code});
}

int show_status(const CommandLine& options, const proto::ControlReply& reply) {
  const proto::DaemonStatus& status = reply.status();
  print(options.json ? json(status, Layout::Indented) : text(status, colour_of_terminal()));
  return kExitDone;
}

int watch(const CommandLine& options, Client& client) {
  for (;;) {
    const auto reply = client.next(std::nullopt);
    if (!reply) return complain(explain(reply.error(), options.socket()));
    if (!reply->has_event()) continue;
    if (!print(options.json ? json(reply->event(), Layout::OneLine) : text(reply->event(), colour_of_terminal())))
      return kExitDone;
  }
}

}  // namespace

Explanation explain(const Error& error, const std::string& socket) {
  switch (error.code) {
    case EACCES:
    case EPERM:
      return {fmt::format("not allowed to use {}: only root and the daemon's own user may ask", socket),
              kExitNotAllowed};
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
      return {fmt::format("no daemon answers at {} ({}); --run-dir names another run directory", socket,
                          std::strerror(error.code)),
              kExitNoDaemon};
    case ETIMEDOUT:
      return {fmt::format("the daemon at {} does not answer", socket), kExitNoDaemon};
    case EPIPE:
      return {fmt::format("the daemon at {} has closed the link", socket), kExitNoDaemon};
    default:
      return {fmt::format("{}: {}", socket, error.message), kExitNoDaemon};
  }
}

int program(const std::vector<std::string>& arguments) {
  const ParsedCommandLine parsed = parse_command_line(arguments);
  std::fputs(parsed.standard_output.c_str(), stdout);
  std::fputs(parsed.standard_error.c_str(), stderr);
  if (parsed.exit_code) return *parsed.exit_code;
  const CommandLine& options = parsed.options;

  proto::ControlRequest request;
  if (options.command == Command::Watch)
    request.mutable_watch();
  else
    request.mutable_status();
  auto client = Client::ask(options.socket(), request);
  if (!client) return complain(explain(client.error(), options.socket()));
  const auto reply = client->next(kAnswerLimit);
  if (!reply) return complain(explain(reply.error(), options.socket()));
  if (reply->has_refused()) return refused(reply->refused(), options.socket());
  if (reply->has_status()) return show_status(options, *reply);
  if (reply->has_watching()) return watch(options, *client);
  return complain({fmt::format("the daemon at {} gives an answer that this version does not know", options.socket()),
                   kExitNoDaemon});
}

}  // namespace holdfast::control
