#include "checker/dump.h"

#include <array>
#include <ctime>
#include <fmt/format.h>
#include <iterator>

namespace holdfast::checker {

namespace {

std::string local_time(TimePoint at, const DumpTime& time) {
  const std::time_t seconds = (time.wall_us - (time.now - at).count()) / 1'000'000;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S %Y", &parts);
  return text.data();
}

class Text {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void describe_check(const CheckRecord& check, Text& out) {
  out.line("     Check = {}", check.what);
  out.line("       State = {}", !check.known ? "not run yet" : check.up ? "UP" : "DOWN");
  if (check.failures > 0) out.line("       Failures in a row = {}", check.failures);
  if (check.weight) out.line("       Dynamic weight = {}", *check.weight);
  if (check.weight_delta != 0) out.line("       Weight delta = {}", check.weight_delta);
  if (check.failure == Failure::None) return;
  out.line("       Last failure = {}{}{}", failure_word(check.failure), check.detail.empty() ? "" : ": ", check.detail);
}

}  // namespace

std::string data_text(const config::Config& config, const EngineView& view, const DumpTime& time) {
  Text out;
  out.line("------< Health checkers >------");
  out.line(" IPVS compared every = {:g} secs", to_seconds(config.global_defs.ipvs_reconcile_interval));
  out.line(" Identical checks merged = {}", config.global_defs.checker_merge ? "yes" : "no");
  if (const config::MarksSettings& marks = config.global_defs.marks; marks.wanted()) {
    out.line(" ipvs nftables table name = {}", marks.table());
    out.line(" ipvs nftables base chain priority = {}", marks.priority);
    out.line(" ipvs nftables start fwmark = {}", marks.start);
  }
  out.line("------< LVS Topology >------");
  for (std::size_t i = 0; i < view.services.size(); ++i) {
    const ServiceRecord& service = view.services[i];
    out.line(" VS = {}", service.name);
    if (service.mark != 0) out.line("   Fwmark = {}", service.mark);
    out.line("   Quorum = {}, since {}", service.quorum_up ? "up" : "down", local_time(service.since, time));
    out.line("   Suspended = {}", service.suspended ? "yes" : "no");
    for (const ServerRecord& server : view.servers[i]) {
      out.line("   RS = {}", server.server_name);
      out.line("     Alive = {}, since {}", server.alive ? "yes" : "no", local_time(server.since, time));
      out.line("     Weight = {}", server.weight);
      for (const CheckRecord& check : server.checks) describe_check(check, out);
    }
  }
  return out.take();
}

}  // namespace holdfast::checker
