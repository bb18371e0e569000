// track_file and vrrp_track_file.
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using F = TrackFile;

void read_path(F& file, const Node& node, Context& context) {
  const auto path = Word{"a path"}.parse(node, context.diagnostics);
  if (!path) return;
  if (!file.path.empty()) {
    context.diagnostics.warning(
        node.at, fmt::format("File already set for track_file {} - ignoring {}", file.name, *path), "one line file");
    return;
  }
  file.path = *path;
}

void write_path(const F& file, std::vector<Node>& lines) {
  if (!file.path.empty()) lines.push_back(made_node("file", {file.path}));
}

void read_weight(F& file, const Node& node, Context& context) {
  const auto weight = parse_integer(node, 1, -254, 254, context.diagnostics);
  if (!weight) return;
  file.weight = static_cast<int>(*weight);
  file.reverse = node.words.size() > 2 && node.words[2] == "reverse";
  if (node.words.size() > 2 && !file.reverse) {
    context.diagnostics.error(location_of(node, 2),
                              fmt::format("track_file {} unknown weight option {}", file.name, node.words[2]),
                              "reverse, or nothing");
  }
}

void write_weight(const F& file, std::vector<Node>& lines) {
  lines.push_back(made_node("weight", {std::to_string(file.weight)}));
  if (file.reverse) lines.back().words.emplace_back("reverse");
}

void read_init_file(F& file, const Node& node, Context& context) {
  file.initial = 0;
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    if (node.words[at] == "overwrite") {
      file.overwrite = true;
    } else if (const auto value = parse_integer(node, at, -2147483647, 2147483647, context.diagnostics, 0)) {
      file.initial = *value;
    }
  }
}

void write_init_file(const F& file, std::vector<Node>& lines) {
  if (!file.initial) return;
  lines.push_back(made_node("init_file", {std::to_string(*file.initial)}));
  if (file.overwrite) lines.back().words.emplace_back("overwrite");
}

}  // namespace

const Schema<TrackFile>& track_file_schema() {
  static const Schema<F> schema{
      "track_file",
      "A file whose number moves a priority or a weight.",
      {special<F>("file", Word{"a path"}, read_path, write_path, "The file.", "2.1.0"),
       special<F>("weight", Shape{"integer -254..254, then perhaps reverse", Integer{-254, 254}.form()}, read_weight,
                  write_weight, "Factor on its number.", "2.1.0"),
       special<F>("init_file", "a number, overwrite, or nothing", read_init_file, write_init_file,
                  "Create it at start, or set its number.", "2.1.0")}};
  return schema;
}

}  // namespace holdfast::config
