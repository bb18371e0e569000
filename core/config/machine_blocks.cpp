#include "core/config/machine_blocks.h"

#include <fmt/format.h>

#include "core/config/block_lines.h"
#include "core/config/codec.h"
#include "core/config/made_interface.h"

namespace holdfast::config {

namespace {

class BlocksOnMachine {
 public:
  BlocksOnMachine(const Machine& machine, const Config& config, Diagnostics& diagnostics)
      : machine_(machine),
        dynamic_(config.global_defs.dynamic_interfaces),
        default_(config.global_defs.default_interface.value_or(kDefaultInterface)),
        diagnostics_(diagnostics) {}

  void check(const Node& root) {
    const std::string& keyword = root.words.front();
    if (keyword == "static_ipaddress") check_addresses(root);
    if (keyword == "garp_group") check_garp_group(root);
    if (keyword == "linkbeat_interfaces" || keyword == "interface_up_down_delays") check_first_words(root);
    if (keyword == "vrrp_instance" && root.words.size() > 1) check_made(root);
  }
  bool missing() const { return missing_; }

 private:
  void check_addresses(const Node& root) {
    for (const Node& line : root.children) {
      bool named = false;
      for (std::size_t at = 1; at + 1 < line.words.size(); ++at) {
        if (line.words[at] != "dev") continue;
        named = true;
        expect(line, at + 1, fmt::format("ip address {}", line.words.front()));
      }
      if (!named) expect_default(line);
    }
  }

  void expect_default(const Node& line) {
    if (machine_.interface_exists(default_)) return;
    diagnostics_.remark(line.at, fmt::format("ip address {} is for default_interface {}, which doesn't exist: it waits",
                                             line.words.front(), default_));
  }

  void check_garp_group(const Node& root) {
    for (const Node& line : root.children) {
      if (line.words.front() == "interface" && line.words.size() > 1) expect(line, 1, "garp_group");
    }
    for (const Node* line : BlockLines(root).entries("interfaces")) expect(*line, 0, "garp_group");
  }

  void expect(const Node& line, std::size_t word, const std::string& what) {
    if (machine_.interface_exists(line.words[word])) return;
    missing_ = true;
    std::string text = fmt::format("WARNING - interface {} for {} doesn't exist", line.words[word], what);
    if (dynamic_) {
      diagnostics_.remark(location_of(line, word), std::move(text));
    } else {
      diagnostics_.warning(location_of(line, word), std::move(text));
    }
  }

  /// keepalived's -t exits 4 for these, not 5.
  void check_first_words(const Node& root) {
    for (const Node& line : root.children) {
      if (dynamic_ || machine_.interface_exists(line.words.front())) continue;
      diagnostics_.add({Severity::Warning,
                        ErrorClass::FatalError,
                        line.at,
                        fmt::format("unknown interface {} in {} - ignoring", line.words.front(), root.words.front()),
                        "an interface of this machine",
                        {}});
    }
  }

  /// What is there under that name must be what keepalived would make.
  void check_made(const Node& instance) {
    for (const Node& line : instance.children) {
      const bool ipvlan = line.words.front() == "use_ipvlan";
      if (!ipvlan && line.words.front() != "use_vmac") continue;
      const std::string wanted = ipvlan ? "ipvlan" : "macvlan";
      for (const std::size_t at : MadeInterface::read(line).names) {
        const std::string& name = line.words[at];
        if (!machine_.interface_exists(name) || machine_.driver_of(name) == wanted) continue;
        diagnostics_.error(
            location_of(line, at),
            fmt::format("({}) interface {} exists and is no {} - ignoring the name", instance.words[1], name, wanted),
            "a name that is free");
      }
    }
  }

  const Machine& machine_;
  bool dynamic_;
  std::string default_;
  Diagnostics& diagnostics_;
  bool missing_ = false;
};

}  // namespace

bool lint_blocks_on(const Machine& machine, const Tree& tree, const Config& config, Diagnostics& diagnostics) {
  BlocksOnMachine lint(machine, config, diagnostics);
  for (const Node& root : tree.roots) lint.check(root);
  return lint.missing();
}

}  // namespace holdfast::config
