// The checks that touch no network: MISC_CHECK, FILE_CHECK, BFD_CHECK.
#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

void read_misc_path(MiscDraft& draft, const Node& node, Context& context) {
  auto command = Script{false}.parse(node, context.diagnostics);
  if (!command) return;
  if (!draft.command.argv.empty()) {
    context.diagnostics.remark(node.at, "misc_path is given twice, using the last");
  }
  draft.command.argv = std::move(command->argv);
}

void write_misc_path(const MiscDraft& draft, std::vector<Node>& lines) {
  ScriptCommand command;
  command.argv = draft.command.argv;
  if (!command.empty()) lines.push_back(made_node("misc_path", Script{false}.format(command)));
}

void read_user(MiscDraft& draft, const Node& node, Context& context) {
  const std::string* user = mandatory_word(node, 1, "a user, then perhaps a group", context.diagnostics);
  if (user == nullptr) return;
  draft.command.user = *user;
  draft.command.group = node.words.size() > 2 ? node.words[2] : std::string();
  remark_surplus(node, 3, context.diagnostics);
}

void write_user(const MiscDraft& draft, std::vector<Node>& lines) {
  if (draft.command.user.empty()) return;
  lines.push_back(made_node("user", {draft.command.user}));
  if (!draft.command.group.empty()) lines.back().words.push_back(draft.command.group);
}

void write_timeout(const MiscDraft& draft, std::vector<Node>& lines) {
  if (draft.timeout > Duration::zero()) lines.push_back(made_node("misc_timeout", {format_seconds(draft.timeout)}));
}

void read_timeout(MiscDraft& draft, const Node& node, Context& context) {
  if (const auto timeout = Seconds{Duration::zero(), seconds(4294), 0}.parse(node, context.diagnostics)) {
    draft.timeout = *timeout;
  }
}

void read_track_file(FileDraft& draft, const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 1, "the name of a track_file", context.diagnostics);
  if (name == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  draft.track_file = *name;
  draft.track_file_at = location_of(node, 1);
}

void write_track_file(const FileDraft& draft, std::vector<Node>& lines) {
  if (!draft.track_file.empty()) lines.push_back(made_node("track_file", {draft.track_file}));
}

void read_weight(FileDraft& draft, const Node& node, Context& context) {
  const auto weight = parse_integer(node, 1, -65535, 65535, context.diagnostics);
  if (!weight) return;
  draft.weight = static_cast<int>(*weight);
  draft.reverse = node.words.size() > 2 && node.words[2] == "reverse";
  if (node.words.size() > 2 && !draft.reverse) {
    context.diagnostics.error(location_of(node, 2),
                              fmt::format("unknown track file weight option {} - ignoring", node.words[2]),
                              "reverse, or nothing");
  }
}

void write_weight(const FileDraft& draft, std::vector<Node>& lines) {
  if (!draft.weight) return;
  lines.push_back(made_node("weight", {std::to_string(*draft.weight)}));
  if (draft.reverse) lines.back().words.emplace_back("reverse");
}

void read_name(BfdDraft& draft, const Node& node, Context& context) {
  const std::string* name = mandatory_word(node, 1, "the name of a bfd_instance", context.diagnostics);
  if (name == nullptr || node.block) return;  // a block was complained about; the line is not kept either
  if (!draft.name.empty()) {
    context.diagnostics.error(node.at, fmt::format("BFD_CHECK already watches {} - ignoring {}", draft.name, *name),
                              "one name; a BFD_CHECK for each session");
    return;
  }
  draft.too_many_names = node.words.size() > 2;
  draft.name = *name;
  draft.name_at = location_of(node, 1);
}

}  // namespace

const Schema<MiscDraft>& misc_check_schema() {
  using M = MiscDraft;
  static const Schema<M> schema = [] {
    std::vector<Row<M>> rows = check_rows<M>();
    append<M>(
        rows,
        {
            special<M>("misc_path", Script{false}, read_misc_path, write_misc_path,
                       "The command line; exit status 0 is up.", "0.5.3"),
            special<M>("misc_timeout", Seconds{Duration::zero(), seconds(4294), 0}, read_timeout, write_timeout,
                       "Seconds after which it has failed and is ended; 0 = delay_loop.", "1.1.0"),
            field<M>("misc_dynamic", &M::dynamic, Flag{}, "Exit status 2..255 sets the weight to status - 2.", "1.1.8"),
            special<M>("user", "a user, then perhaps a group", read_user, write_user, "Whom the command runs as.",
                       "1.3.0"),
        });
    return Schema<M>{"MISC_CHECK", "Up while a command succeeds.", std::move(rows)};
  }();
  return schema;
}

const Schema<FileDraft>& file_check_schema() {
  using F = FileDraft;
  static const Schema<F> schema{
      "FILE_CHECK",
      "A file's number moves the weight.",
      {special<F>("track_file", Word{"the name of a track_file"}, read_track_file, write_track_file, "The file.",
                  "2.1.0"),
       special<F>("weight", Shape{"integer -65535..65535, then perhaps reverse", Integer{-65535, 65535}.form()},
                  read_weight, write_weight,
                  "Factor on its number; 0 = any number but 0 fails the server; by default the track_file's.",
                  "2.1.0")}};
  return schema;
}

const Schema<BfdDraft>& bfd_check_schema() {
  using B = BfdDraft;
  static const Schema<B> schema{
      "BFD_CHECK",
      "Up while a BFD session is.",
      {special<B>("name", Word{"the name of a bfd_instance"}, read_name, {}, "The session.", "2.0.0"),
       field<B>("alpha", &CheckDraft::alpha, Boolean{}, "The server is down until the session is up.", "2.0.0")}};
  return schema;
}

}  // namespace holdfast::config
