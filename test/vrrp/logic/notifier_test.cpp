#include "vrrp/logic/notifier.h"

#include <catch2/catch.hpp>

#include "core/base/text.h"

namespace holdfast::vrrp {

namespace {

struct Bench {
  config::VrrpInstance settings;
  Notifier notifier;
  Effects out;
  Bench() {
    settings.name = "V";
    config::NotifyScripts& scripts = settings.notify.own();
    scripts.backup.argv = {"to_backup"};
    scripts.master.argv = {"to_master"};
    scripts.fault.argv = {"to_fault"};
    scripts.stop.argv = {"to_stop"};
    scripts.deleted.argv = {"to_deleted"};
    scripts.master_rx_lower_pri.argv = {"rx_lower"};
    scripts.any.argv = {"any"};
  }
  NotifySubject subject() const { return {settings, 150}; }
  /// What was run since the last call: "script" or "script argument…". What the fifos are told is in `told`.
  std::vector<std::string> told;
  std::vector<std::string> ran() {
    std::vector<std::string> list;
    told.clear();
    for (const Effect& effect : out) {
      if (const auto* line = std::get_if<TellFifo>(&effect)) {
        told.push_back(line->line);
        continue;
      }
      const auto& run = std::get<RunNotifyScript>(effect);
      CHECK(run.queue == settings.name);
      list.push_back(run.command.argv[0] + (run.appended.empty() ? "" : " " + join(run.appended, " ")));
    }
    out.clear();
    return list;
  }
};

using Ran = std::vector<std::string>;

}  // namespace

TEST_CASE("a state runs its own script bare, then notify with the words") {
  Bench b;
  b.notifier.entered(State::Backup, b.subject(), b.out);
  CHECK(b.ran() == Ran{"to_backup", "any INSTANCE V BACKUP 150"});
  b.notifier.entered(State::Fault, b.subject(), b.out);
  CHECK(b.ran() == Ran{"to_fault", "any INSTANCE V FAULT 150"});
}

TEST_CASE("the fifos are told the same as notify, and also without any script") {
  Bench b;
  b.settings.notify.clear();
  b.notifier.entered(State::Backup, b.subject(), b.out);
  CHECK(b.ran().empty());
  CHECK(b.told == Ran{"INSTANCE \"V\" BACKUP 150"});
  notify_lower_priority_heard(b.subject(), b.out);
  notify_priority(b.subject(), State::Active, b.out);
  notify_priority(b.subject(), State::Fault, b.out);
  b.notifier.repeat(b.subject(), b.out);
  Alerts alerts;
  config::SyncGroup group;
  group.name = "G";
  notify_group(group, State::Active, alerts, b.out);
  CHECK(b.ran().empty());
  CHECK(b.told == Ran{"INSTANCE \"V\" MASTER_RX_LOWER_PRI 150", "INSTANCE \"V\" MASTER_PRIORITY 150",
                      "INSTANCE \"V\" BACKUP 150", "GROUP \"G\" MASTER 0"});
}

TEST_CASE("a script that is not configured is not run") {
  Bench b;
  b.settings.notify.clear();
  b.notifier.entered(State::Backup, b.subject(), b.out);
  b.notifier.stopped(b.subject(), b.out);
  notify_lower_priority_heard(b.subject(), b.out);
  CHECK(b.ran().empty());
}

TEST_CASE("no state is told twice in a row, nor one that a predecessor has told") {
  Bench b;
  b.notifier.resume_from(State::Backup, b.settings);
  b.notifier.entered(State::Backup, b.subject(), b.out);
  CHECK(b.ran().empty());
  b.notifier.entered(State::Fault, b.subject(), b.out);
  b.notifier.entered(State::Fault, b.subject(), b.out);
  CHECK(b.ran().size() == 2);
  b.notifier.entered(State::Backup, b.subject(), b.out);
  CHECK(b.ran().size() == 2);
}

TEST_CASE("MASTER is told when it is flushed, once") {
  Bench b;
  b.notifier.flush(b.subject(), b.out);
  CHECK(b.ran().empty());
  b.notifier.entered_active();
  CHECK(b.ran().empty());
  b.notifier.flush(b.subject(), b.out);
  CHECK(b.ran() == Ran{"to_master", "any INSTANCE V MASTER 150"});
  b.notifier.flush(b.subject(), b.out);
  CHECK(b.ran().empty());
}

TEST_CASE("an instance that is removed says FAULT unless it said so last, with notify_deleted DELETED") {
  Bench b;
  b.notifier.entered(State::Backup, b.subject(), b.out);
  b.ran();
  b.notifier.removed(b.subject(), b.out);
  CHECK(b.ran() == Ran{"to_fault", "any INSTANCE V FAULT 150"});
  b.notifier.entered(State::Fault, b.subject(), b.out);
  b.ran();
  b.notifier.removed(b.subject(), b.out);
  CHECK(b.ran().empty());
  b.settings.notify_deleted = true;
  b.notifier.removed(b.subject(), b.out);
  CHECK(b.ran() == Ran{"to_deleted", "any INSTANCE V DELETED 150"});
}

TEST_CASE("the end of the daemon is STOP") {
  Bench b;
  b.notifier.stopped(b.subject(), b.out);
  CHECK(b.ran() == Ran{"to_stop", "any INSTANCE V STOP 150"});
}

TEST_CASE("a lower priority that was heard has its own script and no notify") {
  Bench b;
  notify_lower_priority_heard(b.subject(), b.out);
  CHECK(b.ran() == Ran{"rx_lower"});
}

}  // namespace holdfast::vrrp
