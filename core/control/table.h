// Columns as wide as their widest cell, two spaces apart. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace holdfast::control {

class Table {
 public:
  struct Cell {
    Cell(std::string plain, std::string coloured = {}) : text(std::move(plain)), painted(std::move(coloured)) {}

    std::string text;     ///< decides the width
    std::string painted;  ///< what is printed instead: the same with colour; "" = text
  };

  explicit Table(std::vector<std::string> titles);

  void row(std::vector<Cell> cells);
  /// A line of its own under the last row.
  void note(std::string text);
  /// "" when there is no row.
  std::string text() const;

 private:
  struct Line {
    std::vector<Cell> cells;
    std::string note;
  };
  std::vector<Line> lines_;
};

}  // namespace holdfast::control
