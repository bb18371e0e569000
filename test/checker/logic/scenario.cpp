#include "test/checker/logic/scenario.h"

#include <fmt/format.h>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "checker/logic/engine.h"
#include "core/base/text.h"
#include "core/config/load.h"
#include "test/support/scenario_files.h"

namespace holdfast::test {
namespace {

using namespace holdfast::checker;

constexpr Duration kProbeTime = milliseconds(10);
constexpr Duration kScriptTime = milliseconds(20);
/// The phase of a first check depends on how many there are; scenarios begin at a round time.
const TimePoint kBegin = from_us(1'000'000'000);

std::string key_text(const ipvs::ServiceKey& key) {
  if (key.fwmark != 0) return fmt::format("fwmark {}{}", key.fwmark, key.family == Family::IPv6 ? " inet6" : "");
  const char* protocol = key.protocol == ipvs::Protocol::Tcp   ? "tcp"
                         : key.protocol == ipvs::Protocol::Udp ? "udp"
                                                               : "sctp";
  return fmt::format("{} {}:{}", protocol, key.address.text(), key.port);
}

std::string service_text(const ipvs::ServiceKey& key, const ipvs::Service& service) {
  std::string text = fmt::format("{} {}", key_text(key), service.settings.scheduler);
  for (const auto& [destination, settings] : service.destinations)
    text += fmt::format(", {}:{} weight {}", destination.address.text(), destination.port, settings.weight);
  return text;
}

class World {
 public:
  void execute(const std::string& line);
  std::string take_output() { return std::exchange(output_, {}); }

 private:
  void command(const std::vector<std::string>& words);
  void start(bool with_past);
  void reload();
  void run(Duration duration);
  void perform(const Effects& effects);
  void perform_one(const Effect& effect);
  void remember_one(const Effect& effect);
  void begin_probe(const StartProbe& probe);
  void begin_script(const RunCheckScript& script);
  void say(const std::string& text);
  std::shared_ptr<const config::Config> read() const;

  TimePoint now_ = kBegin;
  std::string text_;  // of the configuration
  bool reading_ = false;
  std::optional<Engine> engine_;
  std::map<std::string, ServerRecord> servers_;
  std::map<std::string, ServiceRecord> services_;
  std::map<ipvs::ServiceKey, ipvs::Service> table_;
  std::map<std::string, std::string> behaviour_;  // of endpoints and commands
  std::map<std::string, std::optional<std::int64_t>> files_;
  std::multimap<TimePoint, Event> coming_;
  bool show_probes_ = false;
  bool show_records_ = false;
  bool show_mail_ = false;
  std::string output_;
};

void World::say(const std::string& text) {
  output_ += fmt::format("{:>8} {}\n", (now_ - kBegin).count() / 1000, text);
}

void World::execute(const std::string& line) {
  if (line == "config") {
    reading_ = true;
    text_.clear();
  } else if (line == "end") {
    reading_ = false;
  } else if (reading_) {
    text_ += line + "\n";
  } else {
    std::istringstream in(line.substr(0, line.find('#')));
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (!words.empty()) command(words);
  }
}

Duration duration_of(const std::string& word) {
  if (word.ends_with("ms")) return milliseconds(std::stoll(word));
  if (word.ends_with("s")) return microseconds(static_cast<std::int64_t>(std::stod(word) * 1e6));
  throw std::runtime_error("a duration is 10s or 300ms");
}

std::string rest_of(const std::vector<std::string>& words, std::size_t from) {
  return join({words.begin() + static_cast<std::ptrdiff_t>(from), words.end()}, " ");
}

void World::command(const std::vector<std::string>& words) {
  const std::string& verb = words[0];
  if (verb == "start") return start(false);
  if (verb == "resume") return start(true);
  if (verb == "reload") return reload();
  if (verb == "run") return run(duration_of(words.at(1)));
  if (verb == "kill") {
    engine_.reset();
    coming_.clear();
    return;
  }
  if (verb == "stop") {
    perform(engine_.value().stop(words.size() > 1));
    engine_.reset();
    return coming_.clear();
  }
  if (verb == "server") {
    behaviour_[words.at(1)] = rest_of(words, 2);
  } else if (verb == "exit") {
    behaviour_[words.at(1)] = rest_of(words, 2);
  } else if (verb == "file") {
    const std::optional<std::int64_t> value =
        words.at(2) == "-" ? std::nullopt : std::optional<std::int64_t>(std::stoll(words[2]));
    files_[words.at(1)] = value;
    if (engine_) perform(engine_->handle(FileChanged{words[1], value}, now_));
  } else if (verb == "address") {
    perform(engine_.value().handle(AddressChanged{*IpAddress::parse(words.at(1)), words.at(2) == "add"}, now_));
  } else if (verb == "instance") {
    perform(engine_.value().handle(InstanceChanged{words.at(1), words.at(2) == "active", 51}, now_));
  } else if (verb == "marks") {
    perform(engine_.value().handle(MarksRefused{}, now_));
  } else if (verb == "show") {
    (words.at(1) == "probes" ? show_probes_ : words.at(1) == "mail" ? show_mail_ : show_records_) = true;
  } else if (verb == "table") {
    for (const auto& [key, service] : table_) output_ += service_text(key, service) + "\n";
  } else {
    throw std::runtime_error("no such command");
  }
}

std::shared_ptr<const config::Config> World::read() const {
  config::Loaded loaded = config::load(config::MemoryFileSystem().add("k.conf", text_), "k.conf", {});
  if (loaded.diagnostics.has(config::Severity::Fatal)) throw std::runtime_error("the configuration cannot be used");
  return std::make_shared<const config::Config>(std::move(loaded.config));
}

void World::start(bool with_past) {
  Past past;
  if (with_past) {
    for (const auto& [key, record] : servers_) past.servers.push_back(record);
    for (const auto& [key, record] : services_) past.services.push_back(record);
  }
  engine_.emplace();
  const auto config = read();
  perform(engine_->reconfigure(config, compare({}, *config), past, now_));
}

void World::reload() {
  const auto config = read();
  perform(engine_.value().reconfigure(config, compare(*engine_->configuration(), *config), {}, now_));
}

void World::run(Duration duration) {
  const TimePoint end = now_ + duration;
  while (engine_) {
    std::optional<TimePoint> next = engine_->next_deadline();
    const bool event_first = !coming_.empty() && (!next || coming_.begin()->first <= *next);
    if (event_first) next = coming_.begin()->first;
    if (!next || *next > end) break;
    now_ = std::max(now_, *next);
    if (event_first) {
      const Event event = coming_.begin()->second;
      coming_.erase(coming_.begin());
      perform(engine_->handle(event, now_));
    } else {
      perform(engine_->on_deadline(now_));
    }
  }
  now_ = end;
}

void World::perform(const Effects& effects) {
  for (const Effect& effect : effects) {
    remember_one(effect);
    perform_one(effect);
  }
}

Verdict verdict_of(const std::string& behaviour) {
  if (behaviour.starts_with("refuse")) return {Failure::ConnectRefused, "Connection refused"};
  if (behaviour.starts_with("timeout")) return {Failure::ConnectTimeout, ""};
  if (behaviour.starts_with("status ")) return {Failure::HttpStatus, behaviour.substr(7)};
  if (behaviour.starts_with("local")) return {Failure::LocalError, "Too many open files"};
  return {};
}

void World::begin_probe(const StartProbe& probe) {
  const std::string target = fmt::format("{}:{}", probe.spec.endpoint.address.text(), probe.spec.endpoint.port);
  const auto* http = std::get_if<HttpProbe>(&probe.spec.kind);
  if (show_probes_) say(fmt::format("probe {}{}", target, http != nullptr ? http->url.path : ""));
  const Verdict verdict = verdict_of(behaviour_[target]);
  const bool timeout = verdict.failure == Failure::ConnectTimeout;
  coming_.emplace(now_ + (timeout ? probe.spec.endpoint.connect_timeout : kProbeTime),
                  ProbeFinished{probe.id, verdict, kProbeTime});
}

void World::begin_script(const RunCheckScript& script) {
  const std::string& name = script.command.argv.front();
  if (show_probes_) say("run " + join(script.command.argv, " "));
  const std::string behaviour = behaviour_[name];
  ScriptFinished result{script.id, ScriptOutcome::Exited, 0};
  if (behaviour == "timeout")
    result.outcome = ScriptOutcome::TimedOut;
  else if (behaviour == "missing")
    result.outcome = ScriptOutcome::NotStarted;
  else if (behaviour.starts_with("signal "))
    result = {script.id, ScriptOutcome::Signalled, std::stoi(behaviour.substr(7))};
  else if (!behaviour.empty())
    result.status = std::stoi(behaviour);
  coming_.emplace(now_ + (behaviour == "timeout" ? script.timeout : kScriptTime), result);
}

std::string range_text(const MarkedRange& range) {
  return fmt::format("  protocol {} {}-{} ports {}-{}: {}", static_cast<int>(range.protocol), range.first.text(),
                     range.last.text(), range.first_port, range.last_port, range.mark);
}

void World::perform_one(const Effect& effect) {
  if (const auto* log = std::get_if<Log>(&effect)) say("log " + log->text);
  if (const auto* probe = std::get_if<StartProbe>(&effect)) begin_probe(*probe);
  if (const auto* script = std::get_if<RunCheckScript>(&effect)) begin_script(*script);
  if (const auto* notify = std::get_if<RunNotifyScript>(&effect)) say("notify " + join(notify->command.argv, " "));
  if (const auto* mail = std::get_if<SendAlert>(&effect); mail != nullptr && show_mail_)
    say("mail " + mail->subject + " / " + mail->body);
  if (const auto* cancel = std::get_if<CancelProbe>(&effect)) {
    std::erase_if(coming_, [&](const auto& entry) {
      const auto* finished = std::get_if<ProbeFinished>(&entry.second);
      return finished != nullptr && finished->id == cancel->id;
    });
    if (show_probes_) say("cancel a probe");
  }
  if (const auto* set = std::get_if<SetService>(&effect)) {
    const auto known = table_.find(set->key);
    if (known == table_.end() || !(known->second == set->service)) say("set " + service_text(set->key, set->service));
    table_[set->key] = set->service;
  }
  if (const auto* remove = std::get_if<RemoveService>(&effect)) {
    say("remove " + key_text(remove->key));
    table_.erase(remove->key);
  }
  if (const auto* watch = std::get_if<WatchFile>(&effect)) {
    const auto file = files_.find(watch->path);
    coming_.emplace(now_, FileChanged{watch->path, file == files_.end() ? std::nullopt : file->second});
  }
  if (const auto* marks = std::get_if<SetMarks>(&effect)) {
    say(fmt::format("marks of table {} priority {}", marks->plan.table, marks->plan.priority));
    for (const MarkedRange& r : marks->plan.ranges) say(range_text(r));
  }
  if (const auto* daemons = std::get_if<SetSyncDaemons>(&effect)) {
    std::string text = "sync daemons:";
    for (const auto& daemon : daemons->daemons)
      text += fmt::format(" {} {} id {}", daemon.state == ipvs::SyncDaemon::State::Master ? "master" : "backup",
                          daemon.interface, daemon.sync_id);
    say(text);
  }
}

void World::remember_one(const Effect& effect) {
  if (const auto* server = std::get_if<RememberServer>(&effect)) {
    const ServerRecord& r = server->record;
    servers_[r.service + "/" + r.server] = r;
    if (!show_records_) return;
    std::string text = fmt::format("remember {} {} weight {}", r.server_name, r.alive ? "up" : "down", r.weight);
    for (const auto& check : r.checks)
      text +=
          fmt::format(", {} {} failures {} url {}", check.what, check.up ? "up" : "down", check.failures, check.url);
    say(text);
  }
  if (const auto* service = std::get_if<RememberService>(&effect)) {
    services_[service->record.service] = service->record;
    if (show_records_)
      say(fmt::format("remember {} quorum {}", service->record.name, service->record.quorum_up ? "up" : "down"));
  }
  if (const auto* server = std::get_if<ForgetServer>(&effect)) servers_.erase(server->service + "/" + server->server);
  if (const auto* service = std::get_if<ForgetService>(&effect)) services_.erase(service->service);
}

}  // namespace

std::string run_checker_scenario(const std::string& text) {
  World world;
  return run_blocks(world, text);
}

}  // namespace holdfast::test
