#include "vrrp/logic/alerts.h"

#include <fmt/format.h>

#include "vrrp/logic/state_words.h"

namespace holdfast::vrrp {

namespace {

/// The end of the subject.
std::string entering(State state) {
  return state == State::Initialize ? "Stopping" : fmt::format("Entering {} state", state_word(state));
}

const char* instance_body(State state) {
  if (state == State::Initialize) return "=> VRRP Instance stopping <=";
  return state == State::Active ? "=> VRRP Instance is now owning VRRP VIPs <="
                                : "=> VRRP Instance is no longer owning VRRP VIPs <=";
}

std::string group_body(State state) {
  if (state == State::Initialize) return "=> All VRRP group instances are now stopping <=";
  return fmt::format("=> All VRRP group instances are now in {} state <=", state_word(state));
}

}  // namespace

bool Alerts::due(State state, bool wanted, bool no_faults) {
  if (!wanted || (no_faults && state == State::Fault) || mailed_ == state) return false;
  mailed_ = state;
  return true;
}

void Alerts::resume_from(State state, const config::VrrpInstance& settings) {
  if (state != State::Initialize) due(state, settings.smtp_alert, settings.no_email_faults);
}

void Alerts::resume_from(State state, const config::SyncGroup& group) {
  if (state != State::Initialize) due(state, group.smtp_alert.value_or(false), group.no_email_faults);
}

void Alerts::entered(State state, const config::VrrpInstance& settings, Effects& out) {
  if (!due(state, settings.smtp_alert, settings.no_email_faults)) return;
  out.push_back(SendAlert{fmt::format("VRRP Instance {} - {}", settings.name, entering(state)), instance_body(state)});
}

void Alerts::entered(State state, const config::SyncGroup& group, Effects& out) {
  if (!due(state, group.smtp_alert.value_or(false), group.no_email_faults)) return;
  out.push_back(SendAlert{fmt::format("VRRP Group {} - {}", group.name, entering(state)), group_body(state)});
}

void alert_deleted(const config::VrrpInstance& settings, Effects& out) {
  if (!settings.smtp_alert) return;
  out.push_back(SendAlert{fmt::format("VRRP Instance {} - Deleted", settings.name), "=> VRRP Deleted at reload <="});
}

}  // namespace holdfast::vrrp
