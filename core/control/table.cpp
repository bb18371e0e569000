#include "core/control/table.h"

#include <algorithm>

namespace holdfast::control {
namespace {

/// Columns on a terminal: octets that do not continue a UTF-8 character.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Table::Table(std::vector<std::string> titles) {
  std::vector<Cell> cells;
  for (std::string& title : titles) cells.emplace_back(std::move(title));
  row(std::move(cells));
}

void Table::row(std::vector<Cell> cells) {
  lines_.push_back({std::move(cells), {}});
}

void Table::note(std::string text) {
  lines_.push_back({{}, std::move(text)});
}

std::string Table::text() const {
  if (lines_.size() == 1) return {};
  std::vector<std::size_t> widths;
  for (const Line& line : lines_) {
    widths.resize(std::max(widths.size(), line.cells.size()));
    for (std::size_t i = 0; i < line.cells.size(); ++i) widths[i] = std::max(widths[i], width(line.cells[i].text));
  }
  std::string out;
  for (const Line& line : lines_) {
    if (line.cells.empty()) out += "  " + line.note;
    for (std::size_t i = 0; i < line.cells.size(); ++i) {
      const Cell& cell = line.cells[i];
      out += cell.painted.empty() ? cell.text : cell.painted;
      if (i + 1 < line.cells.size()) out.append(widths[i] - width(cell.text) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace holdfast::control
