#include "vrrp/logic/alerts.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

using Mails = std::vector<std::string>;

struct Bench {
  config::VrrpInstance instance;
  config::SyncGroup group;
  Alerts alerts;
  Effects out;
  Bench() {
    instance.name = "V";
    instance.smtp_alert = true;
    group.name = "G";
    group.smtp_alert = true;
  }
  /// "subject / body" of what was mailed since the last call.
  Mails mailed() {
    Mails list;
    for (const Effect& effect : out) {
      const auto& mail = std::get<SendAlert>(effect);
      list.push_back(mail.subject + " / " + mail.body);
    }
    out.clear();
    return list;
  }
  template <class What>
  Mails enter(State state, const What& what) {
    alerts.entered(state, what, out);
    return mailed();
  }
};

const Mails kNone;

}  // namespace

TEST_CASE("each state of an instance has keepalived's subject and body") {
  Bench b;
  CHECK(b.enter(State::Backup, b.instance) ==
        Mails{"VRRP Instance V - Entering BACKUP state / => VRRP Instance is no longer owning VRRP VIPs <="});
  CHECK(b.enter(State::Active, b.instance) ==
        Mails{"VRRP Instance V - Entering MASTER state / => VRRP Instance is now owning VRRP VIPs <="});
  CHECK(b.enter(State::Fault, b.instance) ==
        Mails{"VRRP Instance V - Entering FAULT state / => VRRP Instance is no longer owning VRRP VIPs <="});
  CHECK(b.enter(State::Initialize, b.instance) == Mails{"VRRP Instance V - Stopping / => VRRP Instance stopping <="});
  alert_deleted(b.instance, b.out);
  CHECK(b.mailed() == Mails{"VRRP Instance V - Deleted / => VRRP Deleted at reload <="});
}

TEST_CASE("each state of a group has keepalived's subject and body") {
  Bench b;
  CHECK(b.enter(State::Backup, b.group) ==
        Mails{"VRRP Group G - Entering BACKUP state / => All VRRP group instances are now in BACKUP state <="});
  CHECK(b.enter(State::Active, b.group) ==
        Mails{"VRRP Group G - Entering MASTER state / => All VRRP group instances are now in MASTER state <="});
  CHECK(b.enter(State::Fault, b.group) ==
        Mails{"VRRP Group G - Entering FAULT state / => All VRRP group instances are now in FAULT state <="});
  CHECK(b.enter(State::Initialize, b.group) ==
        Mails{"VRRP Group G - Stopping / => All VRRP group instances are now stopping <="});
}

TEST_CASE("without smtp_alert nothing is mailed, and what was not mailed is not remembered") {
  Bench b;
  b.instance.smtp_alert = false;
  CHECK(b.enter(State::Backup, b.instance) == kNone);
  alert_deleted(b.instance, b.out);
  CHECK(b.mailed() == kNone);
  b.instance.smtp_alert = true;
  CHECK(b.enter(State::Backup, b.instance).size() == 1);
  b.group.smtp_alert.reset();
  CHECK(b.enter(State::Active, b.group) == kNone);
}

TEST_CASE("no state is mailed twice in a row") {
  Bench b;
  CHECK(b.enter(State::Backup, b.instance).size() == 1);
  CHECK(b.enter(State::Backup, b.instance) == kNone);
  CHECK(b.enter(State::Active, b.instance).size() == 1);
  CHECK(b.enter(State::Backup, b.instance).size() == 1);
}

TEST_CASE("with no_email_faults a fault is passed over, and the same state after it is no news") {
  Bench b;
  b.instance.no_email_faults = b.group.no_email_faults = true;
  CHECK(b.enter(State::Backup, b.instance).size() == 1);
  CHECK(b.enter(State::Fault, b.instance) == kNone);
  CHECK(b.enter(State::Backup, b.instance) == kNone);
  CHECK(b.enter(State::Active, b.instance).size() == 1);
  CHECK(b.enter(State::Fault, b.instance) == kNone);
  CHECK(b.enter(State::Backup, b.instance).size() == 1);
  Bench g;
  CHECK(g.enter(State::Fault, b.group) == kNone);
}

TEST_CASE("what a predecessor has mailed is not mailed again, but the stop is") {
  Bench b;
  b.alerts.resume_from(State::Active, b.instance);
  CHECK(b.enter(State::Active, b.instance) == kNone);
  CHECK(b.enter(State::Backup, b.instance).size() == 1);
  Bench g;
  g.alerts.resume_from(State::Initialize, g.group);
  CHECK(g.enter(State::Initialize, g.group).size() == 1);
}

}  // namespace holdfast::vrrp
