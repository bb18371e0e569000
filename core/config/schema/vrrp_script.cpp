#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using S = VrrpScript;

Row<S> duration(std::string keyword, std::function<void(S&, Duration)> keep,
                std::function<std::optional<Duration>(const S&)> value, std::string doc, std::string since) {
  auto read = [keep](S& script, const Node& node, Context& context) {
    remark_surplus(node, 2, context.diagnostics);
    const auto given = parse_seconds(node, 1, Duration::zero(), seconds(4'294'967), 3, context.diagnostics);
    if (!given) return;
    if (*given == Duration::zero()) {
      context.diagnostics.error(location_of(node, 1), fmt::format("{} must not be 0, setting to 1", node.words.front()),
                                "decimal seconds 0.001..4294967");
    }
    keep(script, *given == Duration::zero() ? seconds(1) : *given);
  };
  auto write = [value, keyword](const S& script, std::vector<Node>& lines) {
    if (const auto given = value(script)) lines.push_back(made_node(keyword, {format_seconds(*given)}));
  };
  return special<S>(keyword, Seconds{milliseconds(1), seconds(4294967), 3}, read, write, std::move(doc),
                    std::move(since));
}

void read_weight(S& script, const Node& node, Context& context) {
  const auto weight = parse_integer(node, 1, -253, 253, context.diagnostics);
  if (!weight) return;
  script.weight = static_cast<int>(*weight);
  script.reverse = node.words.size() > 2 && node.words[2] == "reverse";
  if (node.words.size() > 2 && !script.reverse) {
    context.diagnostics.error(location_of(node, 2), fmt::format("unknown weight option '{}'", node.words[2]),
                              "reverse, or nothing");
  }
}

void write_weight(const S& script, std::vector<Node>& lines) {
  lines.push_back(made_node("weight", {std::to_string(script.weight)}));
  if (script.reverse) lines.back().words.emplace_back("reverse");
}

void read_script(S& script, const Node& node, Context& context) {
  auto command = Script{false}.parse(node, context.diagnostics);
  if (command) script.script.argv = std::move(command->argv);
}

void write_script(const S& script, std::vector<Node>& lines) {
  if (script.script.empty()) return;
  ScriptCommand command;
  command.argv = script.script.argv;
  lines.push_back(made_node("script", Script{false}.format(command)));
}

void read_user(S& script, const Node& node, Context& context) {
  const std::string* user = mandatory_word(node, 1, "a user, then perhaps a group", context.diagnostics);
  if (user == nullptr) return;
  script.script.user = *user;
  script.script.group = node.words.size() > 2 ? node.words[2] : std::string();
  remark_surplus(node, 3, context.diagnostics);
}

void write_user(const S& script, std::vector<Node>& lines) {
  if (script.script.user.empty()) return;
  lines.push_back(made_node("user", {script.script.user}));
  if (!script.script.group.empty()) lines.back().words.push_back(script.script.group);
}

}  // namespace

const Schema<VrrpScript>& vrrp_script_schema() {
  static const Schema<S> schema{
      "vrrp_script",
      "A command that is run at intervals; its exit status moves a priority or faults an instance.",
      {
          special<S>("script", Script{false}, read_script, write_script, "The command line.", "1.1.13"),
          duration(
              "interval", [](S& s, Duration d) { s.interval = d; },
              [](const S& s) { return std::optional(s.interval); }, "Seconds between two runs.", "1.1.13"),
          duration(
              "timeout", [](S& s, Duration d) { s.timeout = d; }, [](const S& s) { return s.timeout; },
              "Seconds after which a run counts as failed and is ended; the interval when not given.", "1.2.6"),
          special<S>("weight", Shape{"integer -253..253, then perhaps reverse", Integer{-253, 253}.form()}, read_weight,
                     write_weight,
                     "Added to the priority while it succeeds (positive) or fails (negative); 0 = failure faults the "
                     "instance.",
                     "1.1.13")
              .in("prio"),
          field<S>("rise", &S::rise, Integer{1, 2147483647}, "Successes in a row before it counts as up.", "1.1.18"),
          field<S>("fall", &S::fall, Integer{1, 2147483647}, "Failures in a row before it counts as down.", "1.1.18"),
          special<S>("user", "a user, then perhaps a group", read_user, write_user, "Whom the command runs as.",
                     "1.3.0"),
          field<S>("init_fail", &S::init_fail, Flag{}, "Counts as failed until the first result.", "1.3.2"),
      }};
  return schema;
}

}  // namespace holdfast::config
