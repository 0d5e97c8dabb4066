#include "report/chain_kinds.h"

#include <fmt/core.h>

#include "report/amount.h"

namespace margrave {

std::string kinds_text(const std::vector<KindJudgement>& kinds, bool modelled, const Paint& paint) {
  const auto percent = [](double share, int decimals) { return fmt::format("{:.{}f} %", 100 * share, decimals); };
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right});
  std::vector<Cell> names;
  for (const char* name : {"", "windows", "breaches", "rate", "uncovered", "worst", "margin"})
    names.push_back({name, Ink::dim});
  table.row(std::move(names));
  for (const KindJudgement& one : kinds) {
    table.row({{one.kind},
               {std::to_string(one.windows)},
               {std::to_string(one.breaches)},
               {percent(static_cast<double>(one.breaches) / static_cast<double>(one.windows), 2)},
               {grouped(1e6 * one.uncovered, 1)},
               {percent(one.worst_excess, 2)},
               {percent(one.mean_margin, 2)}});
  }
  const std::string title = modelled ? "By kind of book, modelled chains" : "By kind of book";
  return "\n" + paint(Ink::bold, title) + "\n" + table.text(paint);
}

}  // namespace margrave
