#include "core/config/lint_checks.h"

#include <fmt/format.h>

#include "core/config/block_lines.h"

namespace holdfast::config {

namespace {

/// In the block, or in the older block host inside it.
Location line_at(const Node& node, std::string_view keyword) {
  const BlockLines lines(node);
  if (lines.has(keyword)) return lines.at(keyword);
  const Node* host = lines.find("host");
  return host == nullptr ? node.at : BlockLines(*host).at(keyword);
}

}  // namespace

bool lint_endpoint(CheckDraft& check, const Node& node, const IpAddress& real_server, Context& context) {
  const IpAddress& whom = check.connect_ip ? *check.connect_ip : real_server;
  if (check.bind_address && check.bind_address->family() != whom.family()) {
    context.diagnostics.error(
        line_at(node, "bindto"),
        fmt::format("bindto {} is not of the family of {}, which is connected to - ignoring bindto",
                    check.bind_address->text(), whom.text()),
        "an address of the same family");
    check.bind_address.reset();
  }
  if (whom.is_v4() || !whom.is_link_local() || !check.bind_interface.empty()) return true;
  context.diagnostics.error(check.connect_ip ? line_at(node, "connect_ip") : node.at,
                            fmt::format("link-local address {} cannot be reached without an interface - ignoring {}",
                                        whom.text(), node.words.front()),
                            "bind_if INTERFACE");
  return false;
}

}  // namespace holdfast::config
