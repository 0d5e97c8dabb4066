#pragma once

#include <string>
#include <vector>

namespace margrave {

enum class Align : std::uint8_t { left, right };
enum class Ink : std::uint8_t { plain, bold, dim, red, green, yellow };

/// Text in colour when colour is on; the same text without escapes when it is off.
struct Paint {
  bool on{false};
  std::string operator()(Ink ink, const std::string& text) const;
};

struct Cell {
  std::string text;
  Ink ink{Ink::plain};
};

/// Rows of cells in aligned columns. Widths count characters, not bytes.
class TextTable {
 public:
  explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  /// Every line indented by `indent` spaces and ended with a line feed.
  std::string text(const Paint& paint, std::size_t indent = 2) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Characters of a UTF-8 text.
std::size_t display_width(const std::string& text);

}  // namespace margrave
