#include "core/watchdog/io/script_host.h"

#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include "core/base/text.h"
#include "core/runtime/users.h"
#include "core/watchdog/io/real_machine.h"

namespace holdfast::watchdog {
namespace {

/// `user` with a ':' in front, or `all_groups`: the groups that /etc/group has it in are its too.
Result<Credentials> look_up(const std::string& user, const std::string& group, bool all_groups) {
  const std::string name = config::user_name_of(user);
  auto credentials = find_user(name);
  if (!credentials) return Error{"there is no user '" + name + "'"};
  if (!group.empty()) {
    const auto gid = find_group(group);
    if (!gid) return Error{"there is no group '" + group + "'"};
    credentials->gid = *gid;
    credentials->groups = {*gid};
  }
  if (all_groups || name != user) credentials->groups = groups_of(name, credentials->gid);
  return *credentials;
}

/// What its symbolic links lead to; the path itself when that cannot be said.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : path;
}

}  // namespace

ScriptHost::Key ScriptHost::key_of(const config::ScriptCommand& command) {
  Key key{command.user, command.group};
  key.insert(key.end(), command.argv.begin(), command.argv.end());
  return key;
}

void ScriptHost::collect(const config::Config& config) {
  const auto allow = [this](const config::ScriptCommand& command) {
    if (!command.empty()) allowed_.insert(key_of(command));
  };
  for (const config::VrrpScript& script : config.vrrp_scripts) allow(script.script);
  const auto allow_notify = [&allow](const config::NotifyScripts& n) {
    for (const auto* command : {&n.master, &n.backup, &n.fault, &n.stop, &n.deleted, &n.any, &n.master_rx_lower_pri})
      allow(*command);
  };
  for (const config::VrrpInstance& instance : config.vrrp_instances) allow_notify(instance.notify);
  for (const config::SyncGroup& group : config.sync_groups) allow_notify(group.notify);
  for (const config::VirtualServer& service : config.virtual_servers) {
    allow(service.quorum_up);
    allow(service.quorum_down);
    for (const config::RealServer& server : service.real_servers) {
      allow(server.notify_up);
      allow(server.notify_down);
      for (const config::Check& check : server.checks) {
        if (const auto* misc = std::get_if<config::MiscCheck>(&*check.kind)) allow(misc->command);
      }
    }
  }
  default_user_ = config.global_defs.script_user;
  default_group_ = config.global_defs.script_group;
  all_groups_ = config.global_defs.daemon.set_supplementary_groups;
  resolves_links_ = !config.global_defs.daemon.use_symlink_paths.value_or(true);
}

void ScriptHost::allow(const config::Config& config) {
  collect(config);
}

void ScriptHost::keep_only(const config::Config& config) {
  allowed_.clear();
  collect(config);
}

Result<Credentials> ScriptHost::credentials_of(const config::ScriptCommand& command) const {
  if (!command.user.empty()) return look_up(command.user, command.group, all_groups_);
  if (!default_user_.empty()) return look_up(default_user_, default_group_, all_groups_);
  if (const auto own = user_name(geteuid()); own && all_groups_)
    return Credentials{geteuid(), getegid(), groups_of(*own, getegid())};
  return Credentials{geteuid(), getegid(), {getegid()}};
}

std::string ScriptHost::program(const std::string& word) const {
  const std::string path = find_program(word);
  if (path.empty()) return word;
  return resolves_links_ ? resolved(path) : path;
}

void ScriptHost::run(const proto::RunScript& request, std::function<void(proto::ScriptResult)> answer) {
  config::ScriptCommand command;
  command.argv.assign(request.argv().begin(), request.argv().end());
  command.user = request.user();
  command.group = request.group();
  const auto reply = [answer, id = request.id(), wanted = request.wants_result()](ScriptEnd end) {
    if (!wanted) return;
    proto::ScriptResult result;
    result.set_id(id);
    result.set_outcome(static_cast<proto::ScriptResult::Outcome>(end.outcome));
    result.set_status(end.status);
    answer(result);
  };
  if (!allowed_.contains(key_of(command))) {
    log_(fmt::format("Refused to run '{}': it does not stand in the configuration", join(command.argv, " ")));
    return reply({ScriptOutcome::NotStarted, EPERM});
  }
  const auto credentials = credentials_of(command);
  if (!credentials) {
    log_(fmt::format("Cannot run '{}': {}", join(command.argv, " "), credentials.error().message));
    return reply({ScriptOutcome::NotStarted, ENOENT});
  }
  ScriptRun run;
  run.argv = command.argv;
  run.argv.insert(run.argv.end(), request.appended().begin(), request.appended().end());
  run.argv.front() = program(run.argv.front());
  run.credentials = *credentials;
  run.environment = environment_without({"NOTIFY_SOCKET"});
  run.timeout = Duration(request.timeout_us());
  run.queue = request.queue();
  // A check is ended when the daemon stops, a notification is not.
  const auto id = std::make_shared<ScriptRunner::Id>(0);
  const bool is_check = request.wants_result();
  *id = runner_.start(std::move(run), [this, id, reply, name = join(command.argv, " ")](ScriptEnd end) {
    checks_.erase(*id);
    if (end.outcome == ScriptOutcome::NotStarted)
      log_(fmt::format("Cannot run '{}': {}", name, system_error("exec", end.status).message));
    reply(end);
  });
  if (is_check) checks_.insert(*id);
}

void ScriptHost::run_own(const config::ScriptCommand& command, Duration timeout, ScriptRunner::Callback done) {
  const auto credentials = credentials_of(command);
  ScriptRun run;
  run.argv = command.argv;
  run.argv.front() = program(run.argv.front());
  if (credentials) run.credentials = *credentials;
  run.environment = environment_without({"NOTIFY_SOCKET"});
  run.timeout = timeout;
  runner_.start(std::move(run), std::move(done));
}

ScriptRunner::Id ScriptHost::run_reader(const config::ScriptCommand& command, const std::string& path,
                                        ScriptRunner::Callback done) {
  const auto credentials = credentials_of(command);
  if (!credentials) log_(fmt::format("Cannot run '{}': {}", join(command.argv, " "), credentials.error().message));
  ScriptRun run;
  run.argv = command.argv;
  run.argv.push_back(path);
  run.argv.front() = program(run.argv.front());
  if (credentials) run.credentials = *credentials;
  if (!credentials) run.argv.front().clear();  // as nobody else: it ends as one that cannot be started
  run.environment = environment_without({"NOTIFY_SOCKET"});
  run.ends_with_core = true;
  return runner_.start(std::move(run), std::move(done));
}

void ScriptHost::stop() {
  const auto checks = checks_;
  for (const ScriptRunner::Id id : checks) runner_.cancel(id);
}

}  // namespace holdfast::watchdog
