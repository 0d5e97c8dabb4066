#include "report/table.h"

#include <algorithm>

namespace margrave {

std::string Paint::operator()(Ink ink, const std::string& text) const {
  if (!on || ink == Ink::plain) return text;
  const char* code = ink == Ink::bold    ? "1"
                     : ink == Ink::dim   ? "2"
                     : ink == Ink::red   ? "31"
                     : ink == Ink::green ? "32"
                                         : "33";
  return std::string("\x1b[") + code + "m" + text + "\x1b[0m";
}

std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string TextTable::text(const Paint& paint, std::size_t indent) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const std::vector<Cell>& cells : rows_) {
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(cells[i].text));
    }
  }
  std::string text;
  for (const std::vector<Cell>& cells : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      const std::string padding(widths[i] - display_width(cells[i].text), ' ');
      const std::string shown = paint(cells[i].ink, cells[i].text);
      const bool last = i + 1 == cells.size();
      line += columns_[i] == Align::right ? padding + shown : last ? shown : shown + padding;
      if (!last) line += "  ";
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace margrave
