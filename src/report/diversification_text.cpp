#include "report/diversification_text.h"

#include "report/amount.h"

namespace margrave {
namespace {

constexpr std::size_t pairs_shown = 12;

std::vector<Cell> row_of(const Money& money, const std::string& name, const LevelAmounts& amounts,
                         Ink ink = Ink::plain) {
  return {{name, ink}, {money(amounts.initial), ink}, {money(amounts.maintenance), ink}};
}

std::vector<Cell> credit_row(const Money& money, const std::string& name, const LevelAmounts& credit, Ink ink) {
  const auto ink_of = [&](Usd amount) { return amount.raw < 0 ? Ink::red : ink; };
  return {{name, ink},
          {money(credit.initial), ink_of(credit.initial)},
          {money(credit.maintenance), ink_of(credit.maintenance)}};
}

bool is_negative(const LevelAmounts& credit) { return credit.initial.raw < 0 || credit.maintenance.raw < 0; }

/// Pairs as they are listed, the largest underlyings first; JSON has them all.
void add_pairs(const Money& money, const Diversification& of, TextTable& table) {
  const std::size_t shown = std::min(of.pairs.size(), pairs_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const PairCredit& pair = of.pairs[i];
    const std::string& first = of.underlyings[pair.first].name;
    table.row(credit_row(money, "  of " + first + " with " + of.underlyings[pair.second].name, pair.credit, Ink::dim));
  }
  if (shown < of.pairs.size()) {
    table.row({{"  ... and " + counted(of.pairs.size() - shown, "pair") + " more; --json has them all", Ink::dim}});
  }
}

std::string notes(const Diversification& of, const Paint& paint) {
  std::string text;
  if (of.by_underlying) {
    text += "  Above " + counted(Diversification::most_positions, "position") +
            " underlyings stand alone, not positions, and no pairs are taken.\n";
  }
  if (!of.left_out.empty()) {
    text += "  Left out of the pairs, as the smallest alone: ";
    for (std::size_t i = 0; i < of.left_out.size(); ++i) text += (i == 0 ? "" : ", ") + of.left_out[i];
    text += ".\n";
  }
  bool negative = is_negative(of.credit);
  for (const PairCredit& pair : of.pairs) negative = negative || is_negative(pair.credit);
  if (negative) text += "  Below zero: this recipe asks for more of the whole than of its parts.\n";
  return paint(Ink::dim, text);
}

}  // namespace

std::string diversification_text(const Money& money, const Result<Diversification>& diversification,
                                 const Paint& paint) {
  std::string text = "\n" + paint(Ink::bold, "Diversification, " + money.unit) + "\n";
  if (!diversification) return text + "  " + paint(Ink::red, diversification.error().message) + "\n";
  const Diversification& of = *diversification;
  TextTable table({Align::left, Align::right, Align::right});
  table.row({{"", Ink::dim}, {"initial", Ink::dim}, {"maintenance", Ink::dim}});
  const std::string parts = counted(of.parts, of.by_underlying ? "underlying" : "position");
  table.row(row_of(money, parts + (of.parts == 1 ? " alone" : ", each alone"), of.parts_alone));
  if (of.balances_alone) table.row(row_of(money, "balances alone", *of.balances_alone));
  table.row(row_of(money, "together", of.together));
  table.row(credit_row(money, "credit", of.credit, Ink::bold));
  add_pairs(money, of, table);
  return text + table.text(paint) + notes(of, paint);
}

}  // namespace margrave
