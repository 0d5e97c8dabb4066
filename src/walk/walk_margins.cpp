#include "walk/walk_margins.h"

#include <algorithm>

#include "margin/position_field.h"
#include "margin/prepared_recipe.h"

namespace margrave {
namespace {

bool reads(const ScenarioMeasure& rule) { return rule.transform.has_value(); }
bool reads(const RateOnBase& rule) { return rule.base != RateOnBase::Base::notional; }
bool reads(const Sum& /*rule*/) { return false; }
bool reads(const Max& /*rule*/) { return false; }
bool reads(const Scale& /*rule*/) { return false; }
bool reads(const Payoff& /*rule*/) { return true; }
bool reads(const Liquidity& /*rule*/) { return true; }
bool reads(const Formula& rule) {
  return std::any_of(rule.value.steps.begin(), rule.value.steps.end(), [](const Step& step) {
    if (step.op != Step::Op::field) return false;
    const auto field = static_cast<PositionField>(step.index);
    return field == PositionField::equity || field == PositionField::pnl;
  });
}

bool is_constant(const RiskArray& array, std::uint32_t row) {
  const auto same = [](const auto entries) {
    return std::all_of(entries.begin(), entries.end(), [&](auto entry) { return entry == entries[0]; });
  };
  return array.width() == RowWidth::narrow ? same(array.narrow_row(row)) : same(array.wide_row(row));
}

/// Of one array: which settlement assets have a row that moves in no column.
class Legs {
 public:
  explicit Legs(const MarginInputs& inputs) : inputs_(inputs) {}

  /// The book as vectors without cost legs, where they are in assets that do not move; nothing where it cannot be.
  std::optional<Portfolio> without(const Book& book) {
    if (!book.balances.empty() || !book.orders.empty() || !book.excluded.empty()) return std::nullopt;
    Portfolio portfolio{.account = book.account, .lines = {}, .balances = {}};
    portfolio.lines.reserve(book.positions.size());
    for (const Position& position : book.positions) {
      const auto row = inputs_.index.instrument[position.instrument.index()];
      const Instrument& instrument = inputs_.registry[position.instrument];
      if (!row || !instrument.is_forward() || !rests(instrument.settlement)) return std::nullopt;
      portfolio.lines.push_back({.instrument = position.instrument,
                                 .lots = position.lots,
                                 .position = {*row, position.lots.raw},
                                 .leg = std::nullopt,
                                 .entered_at_mark = true});
    }
    return portfolio;
  }

 private:
  bool rests(AssetId asset) {
    for (const auto& [known, constant] : known_) {
      if (known == asset) return constant;
    }
    const auto row = inputs_.index.asset[asset.index()];
    return known_.emplace_back(asset, row && is_constant(inputs_.array, *row)).second;
  }

  const MarginInputs& inputs_;
  std::vector<std::pair<AssetId, bool>> known_;
};

/// What the books hold and the market could price, each once.
std::vector<InstrumentId> instruments_in(const RowIndex& index, const std::vector<Book>& books) {
  std::vector<bool> held(index.instrument.size(), false);
  for (const Book& book : books) {
    for (const Position& position : book.positions) held[position.instrument.index()] = true;
  }
  std::vector<InstrumentId> instruments;
  for (std::uint32_t i = 0; i < held.size(); ++i) {
    if (held[i] && index.instrument[i]) instruments.push_back(InstrumentId{i});
  }
  return instruments;
}

}  // namespace

bool reads_cost(const Recipe& recipe) {
  return std::any_of(recipe.components.begin(), recipe.components.end(), [](const Component& component) {
    return std::visit([](const auto& rule) { return reads(rule); }, component.rule);
  });
}

std::vector<Result<MarginReport>> requirements(const MarginInputs& inputs, const std::vector<Book>& books) {
  if (reads_cost(inputs.recipe)) return assess_all(inputs, books, 1);
  const PreparedRecipe prepared(inputs, instruments_in(inputs.index, books));
  MarginInputs with = inputs;
  with.prepared = &prepared;
  Legs legs(with);
  std::vector<Result<MarginReport>> reports;
  reports.reserve(books.size());
  for (const Book& book : books) {
    const std::optional<Portfolio> portfolio = legs.without(book);
    auto report = portfolio ? assess_portfolio(with, *portfolio) : assess_brief(with, book);
    // What fails says whose it is.
    if (!report && portfolio) report = assess_brief(with, book);
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace margrave
