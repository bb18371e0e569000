#include "core/config/lint_references.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace holdfast::config {

namespace {

/// A block of track_* lines and the blocks that define what it names.
struct Kind {
  std::string_view list, what, definition;
  std::string_view old_definition = {};
};
constexpr std::array<Kind, 4> kKinds{{{"track_script", "script", "vrrp_script"},
                                      {"track_file", "file", "track_file", "vrrp_track_file"},
                                      {"track_process", "process", "vrrp_track_process"},
                                      {"track_bfd", "bfd", "bfd_instance"}}};

class ReferenceLint {
 public:
  ReferenceLint(const Tree& tree, Context& context) : tree_(tree), context_(context) {
    for (std::size_t place = 0; place < tree.roots.size(); ++place) define(tree.roots[place], place);
  }

  void run() {
    for (std::size_t place = 0; place < tree_.roots.size(); ++place) {
      const Node& root = tree_.roots[place];
      if (root.words.front() != "vrrp_instance" && root.words.front() != "vrrp_sync_group") continue;
      check_user(root, place);
      report_duplicates(root, "track_interface");
    }
    report_unused_scripts();
  }

 private:
  struct Definition {
    std::size_t place;
    const Node* node;
    bool used = false;
  };
  using Definitions = std::unordered_map<std::string_view, Definition>;

  void define(const Node& root, std::size_t place) {
    if (root.words.size() < 2) return;
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      const std::string& keyword = root.words.front();
      if (keyword != kKinds[kind].definition && keyword != kKinds[kind].old_definition) continue;
      if (!is_complete(root)) continue;
      defined_[kind].emplace(root.words[1], Definition{place, &root});
    }
  }

  /// keepalived drops a definition that says nothing to watch.
  static bool is_complete(const Node& root) {
    if (root.words.front() != "vrrp_track_process") return true;
    return std::any_of(root.children.begin(), root.children.end(),
                       [](const Node& line) { return line.words.front() == "process" && line.words.size() > 1; });
  }

  void check_user(const Node& user, std::size_t place) {
    const std::string owner = user.words.size() > 1 ? user.words[1] : "";
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      for (const Node& list : user.children) {
        if (list.words.front() != kKinds[kind].list) continue;
        for (const Node& line : list.children) check_use(kind, owner, line, place);
      }
      report_duplicates(user, kKinds[kind].list);
    }
  }

  void report_duplicates(const Node& user, std::string_view keyword) {
    std::unordered_set<std::string_view> seen;
    for (const Node& list : user.children) {
      if (list.words.front() != keyword) continue;
      for (const Node& line : list.children) {
        if (seen.insert(line.words.front()).second) continue;
        context_.diagnostics.warning(
            line.at,
            fmt::format("({}) duplicate {} {} - ignoring", user.words.size() > 1 ? user.words[1] : "", keyword,
                        line.words.front()),
            "each of them once");
      }
    }
  }

  void check_use(std::size_t kind, const std::string& owner, const Node& line, std::size_t place) {
    const auto found = defined_[kind].find(line.words.front());
    if (found == defined_[kind].end()) {
      report_unknown_name(kKinds[kind], owner, line);
      return;
    }
    found->second.used = true;
    if (found->second.place < place) return;
    context_.diagnostics.advise(
        line.at,
        fmt::format("({}) {} {} is defined only after this line: it counts here, keepalived ignores the line", owner,
                    kKinds[kind].list, line.words.front()),
        fmt::format("the block {} before this one if keepalived reads the file too", kKinds[kind].definition));
  }

  /// Scripts are reported while the line is read, for their list is kept.
  void report_unknown_name(const Kind& kind, const std::string& owner, const Node& line) {
    if (kind.what == "script") return;
    context_.diagnostics.error(
        line.at, fmt::format("({}) track {} {} not found, ignoring...", owner, kind.what, line.words.front()),
        fmt::format("the name of a {}", kind.definition));
  }

  void report_unused_scripts() {
    for (const auto& [name, definition] : defined_[0]) {
      if (definition.used) continue;
      context_.diagnostics.advise(definition.node->at,
                                  fmt::format("script {} is not used: it never runs and changes nothing", name),
                                  "a line with its name in the block track_script of an instance");
    }
  }

  const Tree& tree_;
  Context& context_;
  std::array<Definitions, kKinds.size()> defined_;
};

}  // namespace

void lint_references(const Tree& tree, Context& context) {
  ReferenceLint(tree, context).run();
}

}  // namespace holdfast::config
