#include "core/manual/manual.h"

#include <fmt/format.h>

namespace holdfast::manual {

namespace {

using config::CatalogueBlock;
using config::Honoured;
using config::RowInfo;

std::string expects(const RowInfo& row) {
  const bool has_unit = !row.form.unit.empty() && row.expects.find("seconds") == std::string::npos;
  return has_unit ? fmt::format("{} ({})", row.expects, row.form.unit) : row.expects;
}

std::string since(const RowInfo& row) {
  return row.since == "holdfast" ? "Holdfast" : row.since;
}

/// The row's text with what must be known beside it.
std::string remarks(const RowInfo& row) {
  std::string text = row.doc;
  if (!row.instead.empty()) text += fmt::format(" Write {} instead.", row.instead);
  if (row.honoured == Honoured::NotYet) text += " Read and checked, but not used in this version.";
  return text;
}

/// A cell of a table in Markdown.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '~' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe;
}

std::string code(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c);
  return "`" + safe + "`";
}

/// Text of man(7): no request by accident, no escape by accident.
std::string roff(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else {
      safe += c;
    }
  }
  return safe.starts_with('.') || safe.starts_with('\'') ? "\\&" + safe : safe;
}

constexpr const char* kIntroduction =
    "Keywords of the configuration, block by block. \"Since\" is the release of keepalived that first had the keyword; "
    "\"Holdfast\" marks our own.";

}  // namespace

std::string reference(const std::vector<CatalogueBlock>& blocks) {
  std::string text = fmt::format(
      "# keepalived.conf\n\nMade by `holdfast_manual` of the tables in `core/config/schema`; do not edit.\n\n{}\n",
      kIntroduction);
  for (const CatalogueBlock& block : blocks) {
    text += fmt::format(
        "\n## {}\n\n{}\n\n| Keyword | Takes | Default | Since | Meaning |\n| --- | --- | --- | --- | --- |\n",
        cell(block.path), cell(block.doc));
    for (const RowInfo& row : block.rows) {
      text += fmt::format("| {} | {} | {} | {} | {} |\n", code(row.keyword), cell(expects(row)), cell(row.otherwise),
                          since(row), cell(remarks(row)));
    }
  }
  return text;
}

std::string man_page(const std::vector<CatalogueBlock>& blocks) {
  std::string text = fmt::format(
      ".\\\" Made by holdfast_manual of the tables in core/config/schema; do not edit.\n"
      ".TH KEEPALIVED.CONF 5 \"\" \"Holdfast\" \"File formats\"\n.SH NAME\nkeepalived.conf \\- configuration of "
      "keepalived(8)\n.SH DESCRIPTION\n{}\nComments begin with # or !, blocks stand in braces.\n",
      roff(kIntroduction));
  for (const CatalogueBlock& block : blocks) {
    text += fmt::format(".SH \"{}\"\n{}\n", roff(block.path), roff(block.doc));
    for (const RowInfo& row : block.rows) {
      text +=
          fmt::format(".TP\n.B {}\n{}\n.br\nTakes: {}.\n", roff(row.keyword), roff(remarks(row)), roff(expects(row)));
      if (!row.otherwise.empty()) text += fmt::format("Default: {}.\n", roff(row.otherwise));
      text += fmt::format("Since {}.\n", roff(since(row)));
    }
  }
  return text + ".SH SEE ALSO\n.BR keepalived (8),\n.BR keepalivedctl (1)\n";
}

}  // namespace holdfast::manual
