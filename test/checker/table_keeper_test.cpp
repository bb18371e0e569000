#include "checker/table_keeper.h"

#include <catch2/catch.hpp>

#include "core/runtime/clock.h"
#include "test/support/fake_kernel_ipvs.h"

using namespace holdfast;
using namespace holdfast::checker;
using test::FakeKernelIpvs;

namespace {

ipvs::ServiceKey key(const std::string& address) {
  ipvs::ServiceKey k;
  k.address = *IpAddress::parse(address);
  k.port = 80;
  return k;
}

ipvs::Service service(int weight = 1, int destinations = 1) {
  ipvs::Service s;
  s.settings.scheduler = "rr";
  for (int i = 1; i <= destinations; ++i) {
    ipvs::DestinationSettings d;
    d.weight = weight;
    s.destinations[{IpAddress::v4(0x0a000000U + static_cast<std::uint32_t>(i)), 80}] = d;
  }
  return s;
}

struct Keeper {
  Keeper()
      : table(loop, kernel, *reader(),
              {[this](int, std::string text) { said.push_back(text); }, [] {}, [this] { stood(); },
               [this] { ++looks; }}) {}

  /// What was in the kernel when it was told that the wanted services stand.
  void stood() {
    std::set<ipvs::ServiceKey> keys;
    for (const auto& [key, service] : kernel.table) keys.insert(key);
    if (stands.empty() || stands.back() != keys) stands.push_back(keys);
  }

  /// The reader is the same kernel seen through another socket.
  ipvs::KernelIpvs* reader() {
    mirror.kernel = &kernel;
    return &mirror;
  }
  /// Runs what is due until nothing but the next regular comparison is left.
  void run() {
    loop.run_until(
        [this] {
          const auto due = table.next_deadline();
          if (due && *due <= now()) table.on_deadline(now());
          table.settle(now());
          const auto next = table.next_deadline();
          return next && *next > now() + milliseconds(500);
        },
        now() + seconds(20));
  }
  bool says(const std::string& part) const {
    for (const std::string& line : said) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }

  struct Mirror final : ipvs::KernelIpvs {
    FakeKernelIpvs* kernel = nullptr;
    Result<std::uint32_t> open() override { return kernel->open(); }
    Result<ipvs::Table> list() override { return kernel->list(); }
    Result<ipvs::Table> list(std::span<const ipvs::ServiceKey> services) override { return kernel->list(services); }
    Result<std::map<ipvs::ServiceKey, ipvs::ServiceCounters>> counters() override { return kernel->counters(); }
    std::vector<ipvs::Refusal> apply(std::span<const ipvs::Operation>) override { return {}; }
    Status flush() override { return success(); }
    Status zero(const ipvs::ServiceKey&) override { return success(); }
    Result<std::vector<ipvs::SyncDaemon>> sync_daemons() override { return kernel->sync_daemons(); }
    Status start_sync_daemon(const ipvs::SyncDaemon&) override { return success(); }
    Status stop_sync_daemon(ipvs::SyncDaemon::State) override { return success(); }
    Result<ipvs::Timeouts> timeouts() override { return kernel->timeouts(); }
    Status set_timeouts(const ipvs::Timeouts&) override { return success(); }
  };

  EventLoop loop;
  FakeKernelIpvs kernel;
  Mirror mirror;
  std::vector<std::string> said;
  std::vector<std::set<ipvs::ServiceKey>> stands;
  int looks = 0;
  TableKeeper table;
};

void begin(Keeper& k, const std::set<ipvs::ServiceKey>& inherited = {}, bool flush = false) {
  config::GlobalDefs globals;
  k.table.begin(inherited, flush, now());
  k.table.configure(globals, now());
}

}  // namespace

TEST_CASE("what is set reaches the kernel after the first look, and a change is one operation") {
  Keeper k;
  begin(k);
  k.table.set(key("192.0.2.9"), service());
  k.run();
  CHECK(k.kernel.table.at(key("192.0.2.9")).destinations.size() == 1);
  const std::size_t before = k.kernel.journal.size();
  k.table.set(key("192.0.2.9"), service(5));
  k.table.settle(now());
  CHECK(k.kernel.journal.size() == before + 1);
  CHECK(k.kernel.table.at(key("192.0.2.9")).destinations.begin()->second.weight == 5);
}

TEST_CASE("a big table leaves in slices, and all of it arrives") {
  Keeper k;
  begin(k);
  for (int i = 0; i < 50; ++i) k.table.set(key("192.0.2." + std::to_string(i + 1)), service(1, 100));
  k.run();
  CHECK(k.kernel.table.size() == 50);
  CHECK(k.kernel.journal.size() == 50 + 5000);
  CHECK(k.kernel.calls.apply >= 3);
}

TEST_CASE("somebody's ipvsadm -C is found, told and put right; strangers stay") {
  Keeper k;
  begin(k);
  k.table.set(key("192.0.2.9"), service());
  k.run();
  k.kernel.table.clear();
  k.kernel.table[key("203.0.113.1")] = service();
  config::GlobalDefs globals;
  k.table.configure(globals, now());  // as a reload does: look now
  k.run();
  CHECK(k.kernel.table.contains(key("192.0.2.9")));
  CHECK(k.kernel.table.contains(key("203.0.113.1")));
  CHECK(k.says("was missing - put right"));
}

TEST_CASE("what a predecessor made and nobody wants is removed, unless it is flushed anyway") {
  Keeper k;
  k.kernel.table[key("192.0.2.1")] = service();
  k.kernel.table[key("192.0.2.2")] = service();
  begin(k, {key("192.0.2.1")});
  k.run();
  CHECK_FALSE(k.kernel.table.contains(key("192.0.2.1")));
  CHECK(k.kernel.table.contains(key("192.0.2.2")));
  Keeper flushing;
  flushing.kernel.table[key("192.0.2.2")] = service();
  begin(flushing, {}, true);
  CHECK(flushing.kernel.table.empty());
}

TEST_CASE("without IPVS it is said once and asked again later; nothing is lost") {
  Keeper k;
  k.kernel.present = false;
  begin(k);
  k.table.set(key("192.0.2.9"), service());
  k.table.settle(now());
  CHECK(k.says("the kernel has IPVS"));
  const std::size_t said = k.said.size();
  k.table.on_deadline(now() + seconds(11));
  CHECK(k.said.size() == said);
  k.kernel.present = true;
  k.table.on_deadline(now() + seconds(22));
  k.run();
  CHECK(k.kernel.table.contains(key("192.0.2.9")));
}

TEST_CASE("synchronisation daemons are compared, not restarted") {
  Keeper k;
  begin(k);
  ipvs::SyncDaemon master;
  master.interface = "eth0";
  master.sync_id = 51;
  k.table.set_sync_daemons({master});
  k.table.set_sync_daemons({master});
  CHECK(k.kernel.calls.start_daemon == 1);
  ipvs::SyncDaemon backup = master;
  backup.state = ipvs::SyncDaemon::State::Backup;
  k.table.set_sync_daemons({backup});
  CHECK(k.kernel.calls.stop_daemon == 1);
  CHECK(k.kernel.daemons.size() == 1);
  CHECK(k.kernel.daemons[0].state == ipvs::SyncDaemon::State::Backup);
}

TEST_CASE("an orderly end sends what is left and flushes only when told to") {
  Keeper k;
  begin(k);
  k.table.set(key("192.0.2.9"), service());
  k.run();
  k.kernel.table[key("203.0.113.1")] = service();
  k.table.remove(key("192.0.2.9"));
  k.table.finish(config::LvsFlushOnStop::Off);
  CHECK_FALSE(k.kernel.table.contains(key("192.0.2.9")));
  CHECK(k.kernel.table.contains(key("203.0.113.1")));
  k.table.finish(config::LvsFlushOnStop::Everything);
  CHECK(k.kernel.table.empty());
}

TEST_CASE("that the wanted services stand is told before others go, and never before the first look") {
  Keeper k;
  begin(k);
  k.table.set(key("192.0.2.9"), service());
  k.table.settle(now());
  CHECK(k.stands.empty());
  k.run();
  CHECK(k.looks == 1);
  CHECK(k.stands == std::vector<std::set<ipvs::ServiceKey>>{{key("192.0.2.9")}});
  k.table.remove(key("192.0.2.9"));
  k.table.set(key("192.0.2.10"), service());
  k.table.settle(now());
  REQUIRE(k.stands.size() == 2);
  CHECK(k.stands[1] == std::set<ipvs::ServiceKey>{key("192.0.2.9"), key("192.0.2.10")});
  CHECK_FALSE(k.kernel.table.contains(key("192.0.2.9")));
}

TEST_CASE("services that go are more than one slice: it is told once, before the first of them") {
  Keeper k;
  begin(k);
  for (int i = 0; i < 30; ++i) k.table.set(key("192.0.2." + std::to_string(i + 1)), service(1, 100));
  k.run();
  const std::size_t before = k.stands.size();
  for (int i = 0; i < 30; ++i) k.table.set(key("198.51.100." + std::to_string(i + 1)), service(1, 100));
  for (int i = 0; i < 30; ++i) k.table.remove(key("192.0.2." + std::to_string(i + 1)));
  k.run();
  REQUIRE(k.stands.size() > before);
  CHECK(k.stands[before].size() == 60);
  CHECK(k.kernel.table.size() == 30);
}
