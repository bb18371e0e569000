// vrrp_track_process.
#include "core/config/schema/track_process.h"

#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using P = TrackProcess;

Seconds delay() {
  return {microseconds(1), seconds(3600), 6};
}

/// The first of two counts; said by lint_definitions.
void read_process(P& process, const Node& node, Context& context) {
  auto words = WordList{"a program, then its parameters", 1, 1000}.parse(node, context.diagnostics);
  if (!words || !process.process.empty()) return;
  process.process = std::move(words->front());
  process.parameters.assign(std::make_move_iterator(words->begin() + 1), std::make_move_iterator(words->end()));
}

void write_process(const P& process, std::vector<Node>& lines) {
  if (process.process.empty()) return;
  lines.push_back(made_node("process", {process.process}));
  auto& words = lines.back().words;
  words.insert(words.end(), process.parameters.begin(), process.parameters.end());
}

void read_match(P& process, const Node& node, Context& context) {
  if (!Choice{{"initial", "partial"}, true}.parse(node, context.diagnostics)) return;
  const std::string word = node.words.size() > 1 ? node.words[1] : std::string();
  process.parameter_match = word == "initial"   ? ParameterMatch::Initial
                            : word == "partial" ? ParameterMatch::Partial
                                                : ParameterMatch::Exact;
}

void write_match(const P& process, std::vector<Node>& lines) {
  if (!process.parameter_match) return;
  Node node = made_node("param_match");
  if (*process.parameter_match == ParameterMatch::Initial) node.words.emplace_back("initial");
  if (*process.parameter_match == ParameterMatch::Partial) node.words.emplace_back("partial");
  lines.push_back(std::move(node));
}

void read_weight(P& process, const Node& node, Context& context) {
  const auto weight = parse_integer(node, 1, -254, 254, context.diagnostics);
  if (node.words.size() > 2 && node.words[2] != "reverse") {
    context.diagnostics.error(location_of(node, 2), fmt::format("unknown weight option '{}'", node.words[2]),
                              "reverse, or nothing");
  }
  if (!weight) return;
  process.weight = static_cast<int>(*weight);
  process.reverse = node.words.size() > 2 && node.words[2] == "reverse";
}

void write_weight(const P& process, std::vector<Node>& lines) {
  lines.push_back(made_node("weight", {std::to_string(process.weight)}));
  if (process.reverse) lines.back().words.emplace_back("reverse");
}

/// What is said last and does not fit does not count; said by lint_definitions.
void read_quorum(P& process, const Node& node, Context& context) {
  const auto least = parse_integer(node, 1, 1, 65535, context.diagnostics);
  if (least && *least <= process.quorum_max) process.quorum = static_cast<int>(*least);
}

void read_quorum_max(P& process, const Node& node, Context& context) {
  const auto most = parse_integer(node, 1, 0, 65535, context.diagnostics);
  if (!most) return;
  if (*most == 0 && process.quorum == 1) process.quorum = 0;  // none may run: the usual least of one is not meant
  if (*most >= process.quorum) process.quorum_max = static_cast<int>(*most);
}

void read_both_delays(P& process, const Node& node, Context& context) {
  const auto value = delay().parse(node, context.diagnostics);
  if (value) process.terminate_delay = process.fork_delay = *value;
}

Row<P> one_delay(std::string keyword, Duration P::*member, std::string doc, std::string since) {
  const auto keep = [member](P& process, Duration value) { process.*member = value; };
  const auto value = [member](const P& process) {
    return process.*member > Duration::zero() ? std::optional(process.*member) : std::nullopt;
  };
  return inside<P>(std::move(keyword), delay(), keep, value, std::move(doc), std::move(since));
}

}  // namespace

const Schema<TrackProcess>& vrrp_track_process_schema() {
  const auto write_quorum = [](const P& process, std::vector<Node>& lines) {
    if (process.quorum > 0) lines.push_back(made_node("quorum", {std::to_string(process.quorum)}));
  };
  const auto write_most = [](const P& process, std::vector<Node>& lines) {
    if (process.quorum_max < kUnlimitedProcesses)
      lines.push_back(made_node("quorum_max", {std::to_string(process.quorum_max)}));
  };
  static const Schema<P> schema{
      "vrrp_track_process",
      "A number of processes that moves a priority.",
      {special<P>("process", Shape{WordList{"a program, then its parameters", 1, 1000}}, read_process, write_process,
                  "Which processes count.", "2.0.11"),
       special<P>("param_match", Shape{Choice{{"initial", "partial"}, true}}, read_match, write_match,
                  "How parameters are compared.", "2.0.16"),
       special<P>("weight", Shape{"integer -254..254, then perhaps reverse", Integer{-254, 254}.form()}, read_weight,
                  write_weight, "Added to the priority.", "2.0.11")
           .in("prio"),
       special<P>("quorum", Shape{Integer{1, 65535}}, read_quorum, write_quorum, "Fewest processes.", "2.0.11"),
       special<P>("quorum_max", Shape{Integer{0, 65535}}, read_quorum_max, write_most, "Most processes.", "2.0.16"),
       special<P>("delay", Shape{delay()}, read_both_delays, {}, "Both delays, seconds.", "2.0.11"),
       one_delay("terminate_delay", &P::terminate_delay, "Delay after an end, seconds.", "2.0.16"),
       one_delay("fork_delay", &P::fork_delay, "Delay after a start, seconds.", "2.0.16"),
       field<P>("full_command", &P::full_command, Flag{}, "Compare the path instead of the name.", "2.0.11")}};
  return schema;
}

}  // namespace holdfast::config
