#include <algorithm>
#include <functional>

#include "margin/leverage.h"
#include "report/amount.h"
#include "report/comparison.h"

namespace margrave {
namespace {

using CellOf = std::function<Cell(const ComparedRecipe&)>;

/// The tables of a comparison: a column per recipe. An incomplete number ends with a star, others with a space where
/// there are any, so that digits stay below digits.
class Columns {
 public:
  Columns(const Comparison& comparison, const Paint& paint) : of_(comparison), paint_(paint) {
    stars_ = std::any_of(of_.recipes.begin(), of_.recipes.end(),
                         [](const ComparedRecipe& compared) { return !compared.account.report.complete(); });
  }

  std::string mark(std::size_t recipe, const std::string& number) const {
    if (!stars_ || number.empty()) return number;
    return number + (of_.recipes[recipe].account.report.complete() ? " " : "*");
  }

  TextTable table(std::size_t before) const {
    std::vector<Align> columns{Align::left};
    columns.resize(before + of_.recipes.size(), Align::right);
    return TextTable(columns);
  }

  void heads(TextTable& table, std::size_t before) const {
    std::vector<Cell> names(before), versions(before), given(before);
    bool by_file = false;
    for (std::size_t r = 0; r < of_.recipes.size(); ++r) {
      const Recipe& recipe = of_.recipes[r].context.recipe;
      const bool file = of_.recipes[r].given != recipe.name;
      by_file = by_file || file;
      names.push_back({mark(r, recipe.name), Ink::bold});
      versions.push_back({mark(r, recipe.version), Ink::dim});
      given.push_back({file ? mark(r, of_.recipes[r].given) : "", Ink::dim});
    }
    table.row(std::move(names));
    table.row(std::move(versions));
    if (by_file) table.row(std::move(given));
  }

  std::string levels() const;
  std::string components() const;
  std::string positions() const;
  std::string equity() const;
  std::string omissions() const;

 private:
  void row(TextTable& table, const std::string& name, const CellOf& cell_of) const {
    std::vector<Cell> cells{{name}};
    for (std::size_t r = 0; r < of_.recipes.size(); ++r) {
      Cell cell = cell_of(of_.recipes[r]);
      cells.push_back({mark(r, cell.text), cell.ink});
    }
    table.row(std::move(cells));
  }
  void add_components(TextTable& table, const std::vector<ComparedComponent>& rows) const;
  std::vector<Cell> difference_row(const std::string& name, const std::string& size, Usd first,
                                   const std::function<Usd(std::size_t)>& difference, Ink ink) const;

  const Comparison& of_;
  const Paint& paint_;
  bool stars_{false};
};

Cell excess_cell(Usd equity, Usd requirement) {
  const Usd excess = equity - requirement;
  return {grouped(excess), excess.raw < 0 ? Ink::red : Ink::green};
}

Cell credit_cell(const ComparedRecipe& of, Usd LevelAmounts::*level) {
  const auto& diversification = of.account.diversification;
  if (!diversification || !*diversification) return {"-"};
  const Usd credit = (*diversification)->credit.*level;
  return {grouped(credit), credit.raw < 0 ? Ink::red : Ink::plain};
}

/// Above everything else, so that what differs below is the models'.
std::string Columns::equity() const {
  const Usd first = of_.recipes.front().account.report.equity;
  if (of_.same_equity()) return "  Equity is the same under every recipe: " + grouped(first) + " USD.\n";
  std::string text = "  " + paint_(Ink::red, "Equity differs") + ":";
  for (const ComparedRecipe& compared : of_.recipes)
    text += " " + grouped(compared.account.report.equity) + " USD under " + compared.context.recipe.name + ";";
  text.back() = '.';
  return text + "\n";
}

std::string Columns::levels() const {
  TextTable table = this->table(1);
  heads(table, 1);
  const auto initial = [](const ComparedRecipe& of) { return of.account.report.initial(of.context.recipe); };
  const auto maintenance = [](const ComparedRecipe& of) { return of.account.report.maintenance(of.context.recipe); };
  const auto equity = [](const ComparedRecipe& of) { return of.account.report.equity; };
  const auto gross = [](const ComparedRecipe& of) { return of.account.report.gross_notional; };
  row(table, "equity", [&](const auto& of) { return Cell{grouped(equity(of))}; });
  row(table, "initial margin", [&](const auto& of) { return Cell{grouped(initial(of)), Ink::bold}; });
  row(table, "  excess", [&](const auto& of) { return excess_cell(equity(of), initial(of)); });
  row(table, "maintenance margin", [&](const auto& of) { return Cell{grouped(maintenance(of)), Ink::bold}; });
  row(table, "  excess", [&](const auto& of) { return excess_cell(equity(of), maintenance(of)); });
  row(table, "health factor",
      [&](const auto& of) { return Cell{multiple(health_factor(equity(of), maintenance(of)), "no requirement")}; });
  row(table, "gross notional", [&](const auto& of) { return Cell{gross(of) ? grouped(*gross(of)) : "-"}; });
  row(table, "effective leverage",
      [&](const auto& of) { return Cell{multiple(effective_leverage(gross(of), equity(of)), "-")}; });
  row(table, "maximum leverage",
      [&](const auto& of) { return Cell{multiple(maximum_leverage(gross(of), initial(of)), "-")}; });
  row(table, "diversification of initial", [](const auto& of) { return credit_cell(of, &LevelAmounts::initial); });
  row(table, "diversification of maintenance",
      [](const auto& of) { return credit_cell(of, &LevelAmounts::maintenance); });
  return table.text(paint_);
}

void Columns::add_components(TextTable& table, const std::vector<ComparedComponent>& rows) const {
  for (const ComparedComponent& component : rows) {
    const std::size_t depth = component.path.size() - 1;
    std::vector<Cell> cells{{std::string(2 * depth, ' ') + component.path.back(), depth == 0 ? Ink::bold : Ink::plain}};
    for (std::size_t r = 0; r < component.amounts.size(); ++r) {
      if (!component.amounts[r]) {
        cells.push_back({""});
        continue;
      }
      const std::string amount = grouped(*component.amounts[r]);
      const bool counted = component.counted[r];
      cells.push_back({mark(r, counted ? amount : "(" + amount + ")"), counted ? Ink::plain : Ink::dim});
    }
    table.row(std::move(cells));
  }
}

std::string Columns::components() const {
  TextTable table = this->table(1);
  heads(table, 1);
  add_components(table, of_.initial);
  add_components(table, of_.maintenance);
  return "\n" + paint_(Ink::bold, "Components, USD (in parentheses: not the largest, in no sum)") + "\n" +
         table.text(paint_);
}

std::vector<Cell> Columns::difference_row(const std::string& name, const std::string& size, Usd first,
                                          const std::function<Usd(std::size_t)>& difference, Ink ink) const {
  std::vector<Cell> cells{{name, ink}, {size, ink}, {mark(0, grouped(first)), ink}};
  for (std::size_t r = 1; r < of_.recipes.size(); ++r) {
    const Usd amount = difference(r);
    cells.push_back({mark(r, (amount.raw > 0 ? "+" : "") + grouped(amount)), ink});
  }
  return cells;
}

std::string Columns::positions() const {
  const ComparedRecipe& first = of_.recipes.front();
  const ComponentAmount& initial = first.account.report.components[first.context.recipe.initial];
  const Registry& registry = first.context.market.registry;
  TextTable table = this->table(2);
  heads(table, 2);
  const auto part = [&](std::size_t line) { return [this, line](std::size_t r) { return of_.differences[r][line]; }; };
  const std::vector<Position>& positions = first.account.book.positions;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Instrument& instrument = registry[positions[i].instrument];
    const auto size = to_size(instrument, positions[i].lots);
    table.row(difference_row(instrument.name, size ? size->to_string() : "-", initial.by_line[i], part(i), Ink::plain));
  }
  const std::size_t balances = positions.size();
  table.row(difference_row("balances in the scenarios", "", initial.by_line[balances], part(balances), Ink::plain));
  const auto whole = [&](std::size_t r) {
    return of_.recipes[r].account.report.initial(of_.recipes[r].context.recipe) - initial.amount;
  };
  table.row(difference_row("initial margin", "", initial.amount, whole, Ink::bold));
  return "\n" +
         paint_(Ink::bold, "Initial margin by position under " + first.context.recipe.name +
                               ", and what the others ask for more or less, USD") +
         "\n" + table.text(paint_);
}

std::string Columns::omissions() const {
  std::string text;
  for (const ComparedRecipe& compared : of_.recipes) {
    const std::vector<Omission>& omissions = compared.account.report.omissions;
    if (omissions.empty()) continue;
    text += paint_(Ink::red, "  * INCOMPLETE") + ": " + compared.context.recipe.name + " leaves out ";
    for (std::size_t i = 0; i < omissions.size(); ++i)
      text += (i == 0 ? "" : "; ") + omissions[i].subject + ", " + omissions[i].reason;
    text += "\n";
  }
  return text;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const Paint& paint) {
  const ComparedRecipe& first = comparison.recipes.front();
  const Columns columns(comparison, paint);
  return paint(Ink::bold, first.account.report.account) + "  under " + counted(comparison.recipes.size(), "recipe") +
         "  at " + to_string(first.context.market.state.as_of) + "\n" + columns.equity() + columns.omissions() + "\n" +
         columns.levels() + columns.components() + columns.positions();
}

}  // namespace margrave
