// The reload, seen from core: read the files, refuse or offer them to the children (logic/reload.h decides), put what they
// accepted into force.
#include <fmt/format.h>
#include <utility>

#include "core/config/render.h"
#include "core/runtime/clock.h"
#include "core/watchdog/news.h"
#include "core/watchdog/process.h"

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
  Configuration offered = load_configuration(options_);
  for (const config::Diagnostic& diagnostic : offered.loaded.diagnostics.list()) {
    if (diagnostic.severity != config::Severity::Note)
      logger_->info(config::render_line(diagnostic, offered.loaded.tree.files, offered.loaded.definition_uses));
  }
  const std::string fixed = unchangeable_difference(running_.config.global_defs, offered.config.global_defs);
  if (!fixed.empty()) logger_->error(fmt::format("Cannot change {} at a reload - please restart keepalived", fixed));
  if (!offered.clean() || !fixed.empty()) {
    logger_->error("Reload refused, the running configuration stays in force");
    tell({reload_news(false, engine_.generation(), wall_clock_us())});
    return service_.ready(getpid());
  }
  scripts_.allow(offered.config);
  offered_ = std::move(offered);
  handle(ReloadOffered{++last_generation_, offered_->needed});
}

void Process::perform(const ReloadCommitted&) {
  if (!offered_) return;  // an adopted child is brought to the configuration that runs already
  running_ = std::move(*offered_);
  offered_.reset();
  engine_.set_child_wait_time(running_.config.global_defs.child_wait_time);
  records_.begin(running_.part(Role::Vrrp).digest);
}

void Process::perform(const ReloadFinished& effect) {
  offered_.reset();
  scripts_.keep_only(running_.config);
  logger_->info(effect.accepted ? "Reload complete" : "Reload refused, the running configuration stays in force");
  tell({reload_news(effect.accepted, engine_.generation(), wall_clock_us())});
  service_.ready(getpid());
  if (std::exchange(reload_again_, false)) {
    logger_->info("Processing queued reload");
    reload();
  }
}

}  // namespace holdfast::watchdog
