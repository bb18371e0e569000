// The reload, seen from core: read the files, refuse or offer them to the children (logic/reload.h decides), put what they
// accepted into force.
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "core/config/render.h"
#include "core/runtime/clock.h"
#include "core/runtime/process_name.h"
#include "core/watchdog/dump_file.h"
#include "core/watchdog/news.h"
#include "core/watchdog/process.h"
#include "core/watchdog/reload_files.h"

namespace holdfast::watchdog {

void Process::reload() {
  if (stopping_) return;
  if (engine_.reloading()) {
    logger_->info("A reload is in progress, another follows it");
    reload_again_ = true;
    return;
  }
  logger_->info("Reloading ...");
  service_.reloading();
  Configuration offered = read_again();
  save_read(offered);
  if (!acceptable(offered)) {
    logger_->error("Reload refused, the running configuration stays in force");
    tell({reload_news(false, engine_.generation(), wall_clock_us())});
    return service_.ready(getpid());
  }
  scripts_.allow(offered.config);
  save_states(offered.config.global_defs.config_save_dir, false);
  offered_ = std::move(offered);
  handle(ReloadOffered{++last_generation_, offered_->needed});
}

Configuration Process::read_again() {
  const ReloadMark mark(reload_mark_path(running_.config.global_defs, paths_.pid_file));
  if (!mark.made()) logger_->warning("reload_file: " + mark.made().error().message);
  ++readings_;
  return load_configuration(options_);
}

bool Process::acceptable(const Configuration& offered) {
  for (const config::Diagnostic& diagnostic : offered.loaded.diagnostics.list()) {
    if (diagnostic.severity != config::Severity::Note)
      logger_->info(config::render_line(diagnostic, offered.loaded.tree.files, offered.loaded.definition_uses));
  }
  const config::GlobalDefs& globals = running_.config.global_defs;
  if (!offered.clean() && globals.reload_check_config) {
    const std::string& log = *globals.reload_check_config;
    logger_->error(fmt::format("New config failed validation, see {} for details", log.empty() ? "this log" : log));
    const Status written = log.empty() ? success() : append_check_log(log, offered.loaded);
    if (!written) logger_->warning("reload_check_config: " + written.error().message);
  }
  const std::string fixed = unchangeable_difference(globals, offered.config.global_defs);
  if (!fixed.empty()) logger_->error(fmt::format("Cannot change {} at a reload - please restart keepalived", fixed));
  return offered.clean() && fixed.empty();
}

void Process::perform(const ReloadCommitted&) {
  if (!offered_) return;  // an adopted child is brought to the configuration that runs already
  init_files(new_files(running_.config.track_files, offered_->config.track_files), Overwriting::AsConfigured);
  running_ = std::move(*offered_);
  running_.loaded = {};
  offered_.reset();
  name_process(running_.config.global_defs.daemon.names.of_watchdog());
  engine_.set_child_wait_time(running_.config.global_defs.child_wait_time);
  records_.begin(running_.part(Role::Vrrp).digest);
  configure_pipes();
  timed_reload_.obey(running_.config.global_defs);
}

void Process::perform(const ReloadFinished& effect) {
  offered_.reset();
  scripts_.keep_only(running_.config);
  if (effect.accepted) save_states(running_.config.global_defs.config_save_dir, true);
  logger_->info(effect.accepted ? "Reload complete" : "Reload refused, the running configuration stays in force");
  tell({reload_news(effect.accepted, engine_.generation(), wall_clock_us())});
  service_.ready(getpid());
  if (std::exchange(reload_again_, false)) {
    logger_->info("Processing queued reload");
    reload();
  }
}

// ---- config_save_dir ---------------------------------------------------------------------------------------------------

/// Then its text is not needed any more.
void Process::save_read(Configuration& configuration) {
  const std::string& directory = configuration.config.global_defs.config_save_dir;
  if (directory.empty()) return;
  const Status written = replace_file(directory + "/" + saved_configuration(getpid(), readings_), configuration.text);
  configuration.text = {};
  if (!written) logger_->warning("config_save_dir: " + written.error().message);
}

/// Asks the children; the links keep the order, so that what is asked before a commit shows the state before it.
void Process::save_states(const std::string& directory, bool after) {
  if (directory.empty()) return;
  if (!after) saves_asked_.clear();
  for (const Role role : {Role::Vrrp, Role::Checker}) {
    const std::string name = saved_state(role, getpid(), readings_, after);
    saves_asked_[name] = directory + "/" + name;
    proto::Envelope envelope;
    envelope.mutable_dump()->set_save_as(name);
    send(role, envelope);
  }
}

void Process::on_dump(Role role, const proto::DumpText& dump) {
  if (dump.save_as().empty()) {
    const Status written = write_dump_file(
        dump_path(dump_kind(role, dump.kind()), running_.config.global_defs.daemon.dumps, paths_.name_suffix),
        dump.text());
    if (!written) logger_->error("Dump: " + written.error().message);
    return;
  }
  const auto asked = saves_asked_.extract(dump.save_as());
  if (!asked) return;
  const Status written = replace_file(asked.mapped(), dump.text());
  if (!written) logger_->warning("config_save_dir: " + written.error().message);
}

}  // namespace holdfast::watchdog
