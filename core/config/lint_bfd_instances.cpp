// bfd_instance: addresses that do not fit each other, sessions that are the same one, more hops than a packet lives.
#include <fmt/format.h>
#include <map>

#include "core/config/block_lines.h"
#include "core/config/lint_definitions.h"

namespace holdfast::config {

namespace {

constexpr long kLongestLife = 255;  // hops, what ttl is by default

struct Session {
  std::optional<IpAddress> source, neighbor;
  bool operator<(const Session& other) const {
    return std::tie(source, neighbor) < std::tie(other.source, other.neighbor);
  }
};

/// Of lines of either name the last counts.
const Node* either(const BlockLines& lines, std::string_view first, std::string_view second) {
  const Node *one = lines.find(first), *other = lines.find(second);
  if (one == nullptr || other == nullptr) return one == nullptr ? other : one;
  return one->at.line < other->at.line ? other : one;
}

std::optional<IpAddress> address_of(const Node* line) {
  return line == nullptr || line->words.size() < 2 ? std::nullopt : IpAddress::parse(line->words[1]);
}

long number_of(const Node* line, long otherwise) {
  return line == nullptr || line->words.size() < 2 ? otherwise : std::strtol(line->words[1].c_str(), nullptr, 10);
}

class BfdLint {
 public:
  explicit BfdLint(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void check(const Node& block) {
    const std::string name = block.words[1];
    if (!names_.insert(name).second) return;
    const BlockLines lines(block);
    const Node* neighbor = either(lines, "neighbor_ip", "neighbour_ip");
    check_hops(name, lines);
    const Session session{lines.address("source_ip"), address_of(neighbor)};
    if (!session.neighbor) return;
    if (session.source && session.source->family() != session.neighbor->family()) {
      diagnostics_.error(lines.at("source_ip"),
                         fmt::format("BFD instance {}: source {} and neighbor {} are not of the same family, disabling "
                                     "instance",
                                     name, session.source->text(), session.neighbor->text()),
                         "two addresses of one family");
      return;
    }
    const auto [other, is_new] = taken_.emplace(session, name);
    if (is_new) return;
    diagnostics_.error(neighbor->at,
                       fmt::format("BFD instance {} has the same neighbor {}{} as {}, ignoring instance", name,
                                   session.neighbor->text(),
                                   session.source ? " and source " + session.source->text() : "", other->second),
                       "one instance for each pair of addresses; several may name it");
  }

 private:
  void check_hops(const std::string& name, const BlockLines& lines) {
    const Node* hops = lines.find("max_hops");
    const long life = number_of(either(lines, "ttl", "hoplimit"), kLongestLife);
    if (number_of(hops, 0) <= life) return;
    diagnostics_.warning(
        hops->at,
        fmt::format("BFD instance {}: max_hops exceeds ttl/hoplimit {} - setting to ttl/hoplimit", name, life),
        "max_hops up to ttl or hoplimit");
  }

  Diagnostics& diagnostics_;
  std::unordered_set<std::string> names_;
  std::map<Session, std::string> taken_;
};

}  // namespace

void lint_bfd_instances(const Tree& tree, Diagnostics& diagnostics) {
  BfdLint lint(diagnostics);
  for (const Node& root : tree.roots) {
    if (root.words.front() == "bfd_instance" && root.words.size() > 1) lint.check(root);
  }
}

}  // namespace holdfast::config
