#include "checker/logic/engine.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <random>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

const TimePoint kNow = from_us(1'000'000'000);

std::string service(int number, int servers, const std::string& more = {}) {
  std::string text =
      fmt::format("virtual_server 192.0.{}.{} 80 {{\n delay_loop 6\n lb_algo rr\n lb_kind NAT\n protocol TCP\n{}",
                  number / 250, number % 250, more);
  for (int i = 0; i < servers; ++i)
    text +=
        fmt::format(" real_server 10.{}.{}.{} 80 {{\n  TCP_CHECK {{\n  }}\n }}\n", number / 250, number % 250, i + 1);
  return text + "}\n";
}

template <class T>
int count(const Effects& effects) {
  int n = 0;
  for (const Effect& effect : effects) n += std::holds_alternative<T>(effect) ? 1 : 0;
  return n;
}

struct Begun {
  explicit Begun(const std::string& text) : config(test::configuration(text)) {
    first = engine.reconfigure(config, compare({}, *config), {}, kNow);
  }
  Effects reload(const std::string& text) {
    const auto next = test::configuration(text);
    return engine.reconfigure(next, compare(*engine.configuration(), *next), {}, kNow);
  }
  std::shared_ptr<const config::Config> config;
  Engine engine;
  Effects first;
};

}  // namespace

TEST_CASE("a reload of one line in a thousand services touches that one") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += service(i, 2);
  Begun begun(text);
  CHECK(count<SetService>(begun.first) == 1000);
  CHECK(begun.reload(text).empty());
  std::string other = text;
  other.replace(other.find("lb_algo rr", other.size() / 2), 10, "lb_algo lc");
  const Effects effects = begun.reload(other);
  CHECK(count<SetService>(effects) == 1);
  CHECK(count<RememberServer>(effects) == 0);
}

TEST_CASE("no turn of the loop starts more than a batch, and what is left is due at once") {
  Begun begun(service(1, 200) + service(2, 200) + service(3, 200));
  const TimePoint late = kNow + seconds(7);
  int started = 0;
  int turns = 0;
  while (begun.engine.next_deadline() && *begun.engine.next_deadline() <= late) {
    const int now_started = count<StartProbe>(begun.engine.on_deadline(late));
    CHECK(now_started <= 256);
    started += now_started;
    ++turns;
  }
  CHECK(started == 600);
  CHECK(turns == 3);
}

TEST_CASE("first checks of many servers are spread: no tenth of the warm-up has twice its share") {
  std::string text;
  for (int i = 0; i < 20; ++i) text += service(i, 50);
  Begun begun(text);
  std::vector<int> tenths(10);
  for (int i = 0; i < 1000; ++i) {
    const TimePoint at = *begun.engine.next_deadline();
    const auto tenth = static_cast<std::size_t>((at - kNow) * 10 / seconds(6));
    tenths.at(std::min<std::size_t>(tenth, 9)) += count<StartProbe>(begun.engine.on_deadline(at));
  }
  for (const int started : tenths) {
    CHECK(started > 80);
    CHECK(started < 120);
  }
}

TEST_CASE("an answer to a probe that nobody waits for changes nothing") {
  Begun begun(service(1, 1));
  CHECK(begun.engine.handle(ProbeFinished{1, {Failure::ConnectRefused, ""}, {}}, kNow).empty());
  CHECK(begun.engine.handle(ProbeFinished{99, {Failure::ConnectRefused, ""}, {}}, kNow).empty());
  CHECK(begun.engine.handle(ScriptFinished{1, ScriptOutcome::Exited, 1}, kNow).empty());
}

TEST_CASE("whatever checks answer and however the configuration changes, a dead server is never in a pool") {
  std::mt19937 random(7);
  std::string text = service(1, 4, " sorry_server 10.9.9.9 80\n quorum 2\n") + service(2, 3);
  Begun begun(text);
  std::map<ipvs::ServiceKey, ipvs::Service> table;
  const auto take = [&](const Effects& effects) {
    for (const Effect& effect : effects) {
      if (const auto* set = std::get_if<SetService>(&effect)) table[set->key] = set->service;
      if (const auto* gone = std::get_if<RemoveService>(&effect)) table.erase(gone->key);
    }
  };
  take(begun.first);
  TimePoint now = kNow;
  for (int step = 0; step < 3000; ++step) {
    now = std::max(now, *begun.engine.next_deadline());
    std::vector<std::uint64_t> started;
    for (const Effect& effect : begun.engine.on_deadline(now)) {
      if (const auto* probe = std::get_if<StartProbe>(&effect)) started.push_back(probe->id);
    }
    for (const std::uint64_t id : started) {
      const bool good = random() % 3 != 0;
      take(begun.engine.handle(ProbeFinished{id, good ? Verdict{} : Verdict{Failure::ConnectRefused, ""}, {}}, now));
    }
    if (step % 50 == 49) {
      const std::string lines = random() % 2 == 0 ? " quorum 1\n" : " sorry_server 10.9.9.9 80\n quorum 2\n";
      const auto next = test::configuration(service(1, 1 + static_cast<int>(random() % 4), lines) + service(2, 3));
      take(begun.engine.reconfigure(next, compare(*begun.engine.configuration(), *next), {}, now));
    }
    const EngineView view = begun.engine.view();
    for (std::size_t i = 0; i < view.services.size(); ++i) {
      const ipvs::Service& service = table.at(view.services[i].keys.at(0));
      for (const ServerRecord& server : view.servers[i]) {
        const std::string address = server.server.substr(0, server.server.find(' '));
        const bool in_pool = service.destinations.contains({*IpAddress::parse(address), 80});
        const bool sorry = service.destinations.contains({*IpAddress::parse("10.9.9.9"), 80});
        CHECK(in_pool == (server.alive && !sorry));
      }
    }
  }
}

}  // namespace holdfast::checker
