// ipvs_tool COMMAND…: tries ipvs_wrapper against the IPVS of the running kernel (in the VM, test/vm: it empties the table).
// Prints what fails; exit status 0 = all is as it should be, 1 = not, 2 = wrong command line.
//
//   open             version, having the module loaded, with the checker's capabilities only and exec forbidden
//   roundtrip        every form of service and destination: applied, listed, equal; edited; deleted
//   bulk N M         N services with M destinations: made, listed, changed, deleted; times and system calls
//   heal             what ipvsadm could do to us, found and healed by the reconciler
//   sync             sync daemons;  timeouts    timeouts
//   list             prints the table
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <string>
#include <vector>

#include "core/runtime/privileges.h"
#include "ipvs_wrapper/io/ipvs_socket.h"
#include "ipvs_wrapper/logic/describe.h"
#include "ipvs_wrapper/logic/normal.h"
#include "ipvs_wrapper/logic/plan.h"
#include "ipvs_wrapper/logic/reconciler.h"
#include "ipvs_wrapper/logic/refusal.h"
#include "test/support/ipvs_forms.h"

using namespace holdfast;
using namespace holdfast::ipvs;

namespace {

using Kind = Operation::Kind;

class Tool {
 public:
  void check(bool good, const std::string& what) {
    if (good) return;
    ++failures_;
    fmt::print("FAILED: {}\n", what);
  }
  bool done(const Status& status, const std::string& what) {
    check(status.ok(), what + ": " + (status ? "" : status.error().message));
    return status.ok();
  }
  /// True when the kernel carried out all.
  bool apply(std::span<const Operation> operations) {
    const std::vector<Refusal> refusals = kernel.apply(operations);
    for (const Refusal& refusal : refusals) {
      check(false, refusal_line(operations[refusal.index], refusal.error.code));
    }
    return refusals.empty();
  }
  Table listed() {
    const Result<Table> table = kernel.list();
    check(table.ok(), "list: " + (table ? "" : table.error().message));
    return table ? normal(*table) : Table{};
  }
  void expect_table(const Table& wanted, const std::string& when) {
    const Table found = listed();
    const Table normal_wanted = normal(wanted);
    std::set<ServiceKey> all;
    for (const auto& [key, service] : found) all.insert(key);
    for (const Operation& operation : plan(normal_wanted, found, all))
      check(false, when + ": still to " + describe(operation));
    check(found == normal_wanted, when + ": tables differ");
  }
  bool empty() { return done(kernel.flush(), "flush"); }
  int failures() const { return failures_; }

  IpvsSocket kernel;

 private:
  int failures_ = 0;
};

std::set<ServiceKey> keys_of(const Table& table) {
  std::set<ServiceKey> keys;
  for (const auto& [key, service] : table) keys.insert(normal(key));
  return keys;
}

/// From what is to what shall be, as the checker would do it.
void go_to(Tool& tool, const Table& from, const Table& to, const std::string& what) {
  tool.apply(plan(to, tool.listed(), keys_of(from)));
  tool.expect_table(to, what);
}

Table edited(Table table) {
  for (auto& [key, service] : table) {
    service.settings.scheduler = service.settings.scheduler == "wrr" ? "rr" : "wrr";
    for (auto& [destination, settings] : service.destinations) {
      settings.weight = settings.weight == 9 ? 8 : 9;
      settings.upper_threshold += 10;
    }
  }
  // Every destination of the IPv4 service becomes another kind of forwarding.
  for (auto& [destination, settings] : table[service_at("10.0.0.4", 80)].destinations) {
    if (!destination.address.is_v4()) continue;
    settings = settings.forwarding == Forwarding::Tunnel ? weighted(Forwarding::DirectRoute, 1) : tunnel(1, 7000, 1);
  }
  return table;
}

void one_by_one(Tool& tool, const Table& table) {
  std::vector<ServiceKey> some{table.begin()->first, mark(7, Family::IPv6), service_at("10.9.9.9", 9),
                               service_at("fd00::4", 80)};
  const Result<Table> part = tool.kernel.list(some);
  tool.check(part.ok() && part->size() == 3, "list of some services");
  if (part)
    tool.check(normal(*part).at(mark(7, Family::IPv6)) == normal(table).at(mark(7, Family::IPv6)), "list of a mark");
}

void refusals(Tool& tool) {
  const ServiceKey key = service_at("10.0.0.99", 99);
  const DestinationKey destination{address("10.1.0.1"), 99};
  ServiceSettings unknown;
  unknown.scheduler = "nosuch";
  const std::vector<Operation> operations{{Kind::DeleteService, key, {}, {}, {}},
                                          {Kind::AddDestination, key, {}, destination, {}},
                                          {Kind::AddService, key, unknown, {}, {}},
                                          {Kind::AddService, key, {}, {}, {}},
                                          {Kind::AddService, key, {}, {}, {}},
                                          {Kind::EditDestination, key, {}, destination, {}},
                                          {Kind::AddDestination, key, {}, destination, {}},
                                          {Kind::AddDestination, key, {}, destination, {}},
                                          {Kind::DeleteService, key, {}, {}, {}}};
  std::vector<std::pair<std::size_t, int>> found;
  for (const Refusal& refusal : tool.kernel.apply(operations)) found.emplace_back(refusal.index, refusal.error.code);
  const std::vector<std::pair<std::size_t, int>> wanted{{0, ESRCH},  {1, ESRCH},  {2, ENOENT},
                                                        {4, EEXIST}, {5, ENOENT}, {7, EEXIST}};
  tool.check(found == wanted, "refusals");
}

void roundtrip(Tool& tool) {
  const Table all = every_form();
  tool.empty();
  go_to(tool, {}, all, "every form");
  tool.check(plan(all, tool.listed(), {}).empty(), "second plan");
  one_by_one(tool, all);
  go_to(tool, all, edited(all), "edited");
  go_to(tool, all, all, "edited back");
  const auto counters = tool.kernel.counters();
  tool.check(counters.ok() && counters->size() == all.size(), "counters");
  tool.done(tool.kernel.zero(service_at("10.0.0.4", 80)), "zero");
  tool.check(!tool.kernel.zero(service_at("10.9.9.9", 9)).ok(), "zero of what is not there");
  Table one{*all.begin()};
  go_to(tool, all, one, "deleted all but one");
  refusals(tool);
  tool.empty();
  tool.expect_table({}, "flushed");
}

// ---- many ------------------------------------------------------------------------------------------------------------------

void timed(const std::string& what, const std::function<void()>& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  const auto passed = std::chrono::steady_clock::now() - before;
  fmt::print("{:<20} {:8.1f} ms\n", what, std::chrono::duration<double, std::milli>(passed).count());
}

void bulk(Tool& tool, unsigned services, unsigned destinations) {
  tool.empty();
  Reconciler reconciler;
  const Table wanted = many(services, destinations);
  timed("first comparison", [&] { reconciler.compare(tool.listed()); });
  timed("set", [&] {
    for (const auto& [key, service] : wanted) reconciler.set(key, service);
  });
  std::vector<Operation> operations;
  timed("plan", [&] { operations = reconciler.changes(); });
  std::vector<Refusal> refused;
  timed("apply", [&] { refused = tool.kernel.apply(operations); });
  tool.check(refused.empty(), fmt::format("{} operations refused", refused.size()));
  tool.check(operations.size() == services * (destinations + 1U), "number of operations");
  reconciler.applied(operations, refused);
  Table table;
  timed("list", [&] { table = *tool.kernel.list(); });
  Comparison comparison;
  timed("compare", [&] { comparison = reconciler.compare(table); });
  tool.check(comparison.operations.empty() && comparison.findings.empty(), "nothing to heal");
  Service changed = wanted.begin()->second;
  changed.destinations.begin()->second.weight = 2;
  timed("one change", [&] {
    reconciler.set(wanted.begin()->first, changed);
    operations = reconciler.changes();
    reconciler.applied(operations, tool.kernel.apply(operations));
  });
  tool.check(operations.size() == 1, "one operation for one change");
  timed("flush", [&] { tool.empty(); });
}

// ---- healing ---------------------------------------------------------------------------------------------------------------

void heal_once(Tool& tool, Reconciler& reconciler, const std::string& what, std::size_t findings) {
  const Comparison comparison = reconciler.compare(tool.listed());
  for (const Finding& finding : comparison.findings) fmt::print("found: {}\n", finding.text);
  tool.check(comparison.findings.size() == findings, fmt::format("{}: {} findings", what, comparison.findings.size()));
  reconciler.applied(comparison.operations, tool.kernel.apply(comparison.operations));
}

void heal(Tool& tool) {
  tool.empty();
  const ServiceKey foreign = service_at("10.0.0.77", 77);
  tool.apply(std::vector<Operation>{{Kind::AddService, foreign, {}, {}, {}}});
  Reconciler reconciler;
  Table wanted = normal(destinations());
  for (const auto& [key, service] : wanted) reconciler.set(key, service);
  heal_once(tool, reconciler, "start", 0);
  wanted[foreign] = normal(foreign, {});
  tool.expect_table(wanted, "start");
  tool.empty();
  heal_once(tool, reconciler, "ipvsadm -C", 2);
  wanted.erase(foreign);
  tool.expect_table(wanted, "ipvsadm -C");
  const ServiceKey key = service_at("10.0.0.4", 80);
  tool.apply(std::vector<Operation>{
      {Kind::DeleteDestination, key, {}, {address("10.1.0.1"), 80}, {}},
      {Kind::EditDestination, key, {}, {address("10.1.0.2"), 80}, weighted(Forwarding::DirectRoute, 3)}});
  heal_once(tool, reconciler, "deleted and changed", 2);
  tool.expect_table(wanted, "deleted and changed");
  heal_once(tool, reconciler, "nothing", 0);
  reconciler.remove_all();
  const auto operations = reconciler.changes();
  tool.apply(operations);
  tool.expect_table({}, "removed");
}

// ---- the rest --------------------------------------------------------------------------------------------------------------

void open(Tool& tool) {
  tool.done(keep_capabilities({Capability::NetAdmin, Capability::NetRaw}), "capabilities");
  tool.done(forbid_exec(), "seccomp");
  const Result<std::uint32_t> version = tool.kernel.open();
  if (version) fmt::print("version {}.{}.{}\n", *version >> 16, *version >> 8 & 0xff, *version & 0xff);
  tool.check(version.ok(), version ? "" : version.error().message);
}

void expect_daemon(Tool& tool, const SyncDaemon& wanted, const std::string& what) {
  const Result<std::vector<SyncDaemon>> daemons = tool.kernel.sync_daemons();
  tool.check(daemons.ok(), what + ": list");
  std::optional<SyncDaemon> found;
  for (const SyncDaemon& daemon : daemons ? *daemons : std::vector<SyncDaemon>{}) {
    if (daemon.state == wanted.state) found = daemon;
  }
  tool.check(found.has_value(), what + ": runs");
  if (!found) return;
  fmt::print("{}: {} id {} maxlen {} port {} ttl {} group {}\n", what, found->interface, found->sync_id,
             found->max_length.value_or(0), found->port.value_or(0), found->ttl.value_or(0),
             found->group ? found->group->text() : "none");
  tool.check(found->interface == wanted.interface && found->sync_id == wanted.sync_id, what + ": interface and id");
  if (wanted.port) tool.check(*found == wanted, what + ": all fields");
}

void sync(Tool& tool) {
  SyncDaemon master{SyncDaemon::State::Master, "lo", 51, {}, {}, {}, {}};
  SyncDaemon backup{SyncDaemon::State::Backup, "lo", 255, 1400, 8850, 3, address("239.1.2.3")};
  tool.done(tool.kernel.start_sync_daemon(master), "start master");
  tool.done(tool.kernel.start_sync_daemon(backup), "start backup");
  const Status again = tool.kernel.start_sync_daemon(master);
  tool.check(!again.ok() && again.error().code == EEXIST, "a second master is refused");
  expect_daemon(tool, master, "master");
  expect_daemon(tool, backup, "backup");
  tool.done(tool.kernel.stop_sync_daemon(SyncDaemon::State::Master), "stop master");
  tool.done(tool.kernel.stop_sync_daemon(SyncDaemon::State::Backup), "stop backup");
  const Status gone = tool.kernel.stop_sync_daemon(SyncDaemon::State::Backup);
  tool.check(!gone.ok() && gone.error().code == ESRCH, "what does not run cannot be stopped");
  backup.group = address("ff05::1:2");
  tool.done(tool.kernel.start_sync_daemon(backup), "start with an IPv6 group");
  expect_daemon(tool, backup, "backup6");
  tool.done(tool.kernel.stop_sync_daemon(SyncDaemon::State::Backup), "stop backup6");
  for (int i = 0; i < 50; ++i) {  // often stopped before they ran
    tool.done(tool.kernel.start_sync_daemon(backup), "start again");
    tool.done(tool.kernel.stop_sync_daemon(SyncDaemon::State::Backup), "stop at once");
  }
  const auto daemons = tool.kernel.sync_daemons();
  tool.check(daemons.ok() && daemons->empty(), "none left");
}

void timeouts(Tool& tool) {
  const auto before = tool.kernel.timeouts();
  tool.check(before.ok(), "timeouts");
  if (!before) return;
  tool.done(tool.kernel.set_timeouts({7000, 0, 33}), "set timeouts");
  const auto after = tool.kernel.timeouts();
  tool.check(after.ok() && *after == Timeouts{7000, before->tcp_fin_s, 33}, "0 leaves the kernel's value");
  tool.done(tool.kernel.set_timeouts(*before), "set timeouts back");
}

void list(Tool& tool) {
  for (const auto& [key, service] : tool.listed()) {
    fmt::print("{} {} flags {:#x}\n", describe(key), service.settings.scheduler, service.settings.flags);
    for (const auto& [destination, settings] : service.destinations) {
      fmt::print("  {} {} weight {}\n", describe(key, destination), name_of(settings.forwarding), settings.weight);
    }
  }
}

bool run(Tool& tool, const std::vector<std::string>& words) {
  const std::string command = words.empty() ? "" : words[0];
  if (command == "open" && words.size() == 1) return open(tool), true;
  if (!tool.done(tool.kernel.open().ok() ? success() : Status(tool.kernel.open().error()), "open")) return true;
  if (command == "roundtrip") return roundtrip(tool), true;
  if (command == "heal") return heal(tool), true;
  if (command == "sync") return sync(tool), true;
  if (command == "timeouts") return timeouts(tool), true;
  if (command == "list") return list(tool), true;
  if (command != "bulk" || words.size() != 3) return false;
  bulk(tool, static_cast<unsigned>(std::stoul(words[1])), static_cast<unsigned>(std::stoul(words[2])));
  return true;
}

}  // namespace

int main(int count, char** words) {
  Tool tool;
  if (!run(tool, {words + 1, words + count})) {
    fmt::print("usage: ipvs_tool open|roundtrip|bulk N M|heal|sync|timeouts|list\n");
    return 2;
  }
  fmt::print("{}\n", tool.failures() == 0 ? "good" : fmt::format("{} failures", tool.failures()));
  return tool.failures() == 0 ? 0 : 1;
}
