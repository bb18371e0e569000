#include "vrrp/logic/process_census.h"

#include <algorithm>
#include <utility>

namespace holdfast::vrrp {

namespace {

constexpr std::size_t kLongestName = 15;  // TASK_COMM_LEN without its end
constexpr std::size_t kMostArguments = 1024;

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

bool parameters_match(const config::TrackProcess& wanted, const std::vector<std::string>& arguments) {
  using config::ParameterMatch;
  const std::size_t given = wanted.parameters.size();
  if (!wanted.parameter_match && given == 0) return true;
  const ParameterMatch how = wanted.parameter_match.value_or(ParameterMatch::Exact);
  const std::size_t there = arguments.size() - 1;
  if (there < given || (how == ParameterMatch::Exact && there != given)) return false;
  for (std::size_t i = 0; i < given; ++i) {
    const std::string& argument = arguments[i + 1];
    const bool open_end = how == ParameterMatch::Initial && i + 1 == given;
    const bool same = open_end ? argument.starts_with(wanted.parameters[i]) : argument == wanted.parameters[i];
    if (!same) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> name_in_stat(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');  // a name may hold anything, parentheses too
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  if (close + 2 >= text.size()) return {};
  const char state = text[close + 2];
  if (state == 'Z' || state == 'X' || state == 'x') return {};
  return std::string(text.substr(open + 1, close - open - 1));
}

std::vector<std::string> arguments_in(std::string_view text) {
  std::vector<std::string> arguments;
  while (!text.empty() && arguments.size() < kMostArguments) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    arguments.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return arguments;
}

bool matches(const config::TrackProcess& wanted, const ProcessFacts& facts) {
  if (!wanted.whole_command()) return facts.name == base_name(wanted.process).substr(0, kLongestName);
  if (facts.arguments.empty() || facts.arguments.front() != wanted.process) return false;
  return parameters_match(wanted, facts.arguments);
}

void ProcessCensus::want(std::vector<config::TrackProcess> processes) {
  wanted_.clear();
  matched_.clear();
  for (config::TrackProcess& process : processes) wanted_.push_back({std::move(process), 0, {}});
}

void ProcessCensus::forget() {
  matched_.clear();
  for (Wanted& wanted : wanted_) wanted.count = 0;
}

bool ProcessCensus::wants_arguments() const {
  return std::ranges::any_of(wanted_, [](const Wanted& wanted) { return wanted.process.whole_command(); });
}

void ProcessCensus::count(const std::vector<std::size_t>& matched, int difference) {
  for (const std::size_t index : matched) wanted_[index].count += difference;
}

void ProcessCensus::is(std::int32_t process, const ProcessFacts& facts) {
  ended(process);
  std::vector<std::size_t> matched;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (matches(wanted_[i].process, facts)) matched.push_back(i);
  }
  if (matched.empty()) return;
  count(matched, 1);
  matched_.emplace(process, std::move(matched));
}

void ProcessCensus::ended(std::int32_t process) {
  const auto found = matched_.find(process);
  if (found == matched_.end()) return;
  count(found->second, -1);
  matched_.erase(found);
}

void ProcessCensus::forked(std::int32_t parent, std::int32_t child) {
  ended(child);
  const auto found = matched_.find(parent);
  if (found == matched_.end()) return;
  const std::vector<std::size_t> matched = found->second;
  count(matched, 1);
  matched_.emplace(child, matched);
}

std::vector<ProcessesCounted> ProcessCensus::news() {
  std::vector<ProcessesCounted> list;
  for (Wanted& wanted : wanted_) {
    if (wanted.told == wanted.count) continue;
    wanted.told = wanted.count;
    list.push_back({wanted.process.name, wanted.count});
  }
  return list;
}

}  // namespace holdfast::vrrp
