#include "margin/assess.h"

#include <algorithm>
#include <numeric>

#include "array/measure.h"
#include "base/mul_div.h"
#include "base/parallel.h"
#include "margin/account_value.h"
#include "margin/formula_charge.h"
#include "margin/group.h"
#include "margin/health.h"
#include "margin/liquidity_charge.h"
#include "margin/open_orders.h"
#include "margin/payoff_charge.h"
#include "margin/prepared_recipe.h"
#include "margin/rate_charge.h"
#include "margin/scenario_charge.h"
#include "margin/value_now.h"

namespace margrave {
namespace {

/// Evaluates the components of one account, each after those it refers to.
class Assessment {
 public:
  Assessment(const MarginInputs& inputs, const Portfolio& portfolio, bool brief)
      : inputs_(inputs), portfolio_(portfolio), account_(inputs, portfolio), brief_(brief) {
    report_.account = portfolio.account;
    report_.components.reserve(inputs.recipe.components.size());
  }

  Result<MarginReport> run() {
    TRY_VOID(check_numeraire());
    TRY_VOID(value_account());
    if (!brief_) TRY_VOID(value_lines());
    for (const Component& component : inputs_.recipe.components) {
      if (brief_ && !component.is_needed) {
        report_.components.emplace_back();
        continue;
      }
      report_.components.push_back(TRY(std::visit([&](const auto& rule) { return charge(rule); }, component.rule)));
      if (component.is_read) let_read(component, report_.components.back());
    }
    TRY_VOID(check_excess());
    return std::move(report_);
  }

 private:
  Result<void> check_numeraire() const {
    const std::string& numeraire = inputs_.array.plan().numeraire;
    if (inputs_.recipe.per_settlement != numeraire.empty()) return {};
    return fail(
        {.kind = ErrorKind::config,
         .message =
             "recipe " + inputs_.recipe.name + " counts in " +
             (numeraire.empty() ? "settlement assets and the array in USD" : "USD and the array in " + numeraire),
         .remedy = numeraire.empty() ? "revalue with a settlement asset as numeraire" : "revalue without a numeraire"});
  }

  /// Whoever prints a report subtracts its levels from its equity: that must fit too.
  Result<void> check_excess() const {
    for (const std::size_t level : {inputs_.recipe.initial, inputs_.recipe.maintenance}) {
      Usd excess = report_.equity;
      TRY_VOID(accumulate(excess, -report_.components[level].amount));
    }
    return {};
  }

  std::size_t line_count() const { return portfolio_.lines.size() + 1; }

  Result<void> value_account() {
    const AccountValue value = TRY(account_value(account_));
    report_.equity = value.equity;
    report_.gross_notional = value.gross_notional;
    report_.row_rounding = value.row_rounding;
    return {};
  }

  Result<void> value_lines() {
    for (const Line& line : portfolio_.lines) {
      std::vector<Holding> holdings{line.position};
      LineAmount amount;
      amount.value = TRY(value_now(inputs_.array, holdings)).rounded(Round::half_even);
      amount.entered_at_mark = line.entered_at_mark;
      if (line.leg) {
        holdings.push_back(*line.leg);
        amount.unrealised_pnl = TRY(value_now(inputs_.array, holdings)).rounded(Round::half_even);
      }
      report_.lines.push_back(amount);
    }
    for (const Holding& balance : portfolio_.balances) {
      report_.balance_values.push_back(TRY(value_now(inputs_.array, {&balance, 1})).rounded(Round::half_even));
    }
    return {};
  }

  Result<ComponentAmount> charge(const ScenarioMeasure& rule) {
    return scenario_charge(account_, rule, brief_, report_);
  }
  Result<ComponentAmount> charge(const RateOnBase& rule) { return rate_charge(inputs_, portfolio_, rule, brief_); }

  /// The component is the next one of the report.
  Result<ComponentAmount> charge(const Formula& /*rule*/) {
    return formula_charge(account_, report_.components.size(), brief_, report_);
  }
  Result<ComponentAmount> charge(const Payoff& rule) { return payoff_charge(account_, rule, brief_); }
  Result<ComponentAmount> charge(const Liquidity& rule) {
    return liquidity_charge(inputs_, portfolio_, rule, brief_, report_);
  }

  /// Gives an amount the form in which expressions read it.
  static void let_read(const Component& component, ComponentAmount& amount) {
    if (amount.values.empty() && grouping_of(component.rule) == Grouping::all) {
      amount.values.push_back({{}, 0, Number::from_units(amount.amount.raw, Usd::decimals)});
    }
    if (!amount.parts.empty()) return;
    for (const Usd part : amount.by_line) amount.parts.push_back(Number::from_units(part.raw, Usd::decimals));
  }

  Result<ComponentAmount> charge(const Sum& rule) {
    ComponentAmount sum;
    if (!brief_) sum.by_line.resize(line_count());
    for (const std::size_t of : rule.of) {
      const ComponentAmount& part = report_.components[of];
      TRY_VOID(accumulate(sum.amount, part.amount));
      for (std::size_t i = 0; i < sum.by_line.size(); ++i) TRY_VOID(accumulate(sum.by_line[i], part.by_line[i]));
    }
    return sum;
  }

  Result<ComponentAmount> charge(const Max& rule) {
    std::size_t chosen = 0;
    for (std::size_t i = 1; i < rule.of.size(); ++i) {
      if (report_.components[rule.of[i]].amount > report_.components[rule.of[chosen]].amount) chosen = i;
    }
    const ComponentAmount& largest = report_.components[rule.of[chosen]];
    return ComponentAmount{.amount = largest.amount, .by_line = largest.by_line, .groups = {}, .chosen = chosen};
  }

  Result<ComponentAmount> charge(const Scale& rule) {
    const ComponentAmount& part = report_.components[rule.of];
    ComponentAmount scaled;
    constexpr i128 one = power_of_ten(Ratio::decimals);
    if (!mul_div(part.amount.raw, rule.by.raw, one, Round::up, scaled.amount.raw)) {
      return fail(
          {.kind = ErrorKind::overflow, .message = "account " + report_.account + ": a requirement leaves 128 bits"});
    }
    if (brief_) return scaled;
    scaled.by_line = TRY(share_usd(raw_of(part.by_line), rule.by.raw, one, scaled.amount));
    return scaled;
  }

  const MarginInputs& inputs_;
  const Portfolio& portfolio_;
  Account account_;
  bool brief_;
  MarginReport report_;
};

/// What fails below does not always know whose it is, and in a batch that is the question.
Error of_account(const std::string& account, Error error) {
  const std::string prefix = "account " + account + ": ";
  if (!error.message.starts_with(prefix)) error.message = prefix + error.message;
  if (error.remedy.empty() && error.kind == ErrorKind::overflow)
    error.remedy = "use smaller sizes, or split the account";
  return error;
}

/// What the positions and orders of books are in, as far as the market could price it.
std::vector<InstrumentId> instruments_in(const RowIndex& index, std::span<const Book> books) {
  std::vector<InstrumentId> instruments;
  const auto add = [&](InstrumentId instrument) {
    if (index.instrument[instrument.index()]) instruments.push_back(instrument);
  };
  for (const Book& book : books) {
    for (const Position& position : book.positions) add(position.instrument);
    for (const Order& order : book.orders) add(order.instrument);
  }
  return instruments;
}

/// The inputs with a prepared recipe; where they bring none, `own` becomes one for these books.
MarginInputs prepared_for(const MarginInputs& inputs, std::span<const Book> books, std::optional<PreparedRecipe>& own) {
  MarginInputs prepared = inputs;
  if (inputs.prepared == nullptr) prepared.prepared = &own.emplace(inputs, instruments_in(inputs.index, books));
  return prepared;
}

Result<MarginReport> assess_as(const MarginInputs& given, const Book& book, bool brief) {
  std::optional<PreparedRecipe> own;
  const MarginInputs inputs = prepared_for(given, {&book, 1}, own);
  const auto portfolio = make_portfolio(inputs.registry, inputs.index, inputs.array, book);
  if (!portfolio) return fail(of_account(book.account, portfolio.error()));
  Result<MarginReport> report = Assessment(inputs, *portfolio, brief).run();
  if (!report) return fail(of_account(book.account, std::move(report).error()));
  if (!book.orders.empty()) {
    auto orders = open_order_margin(inputs, *portfolio, book, *report);
    if (!orders) return fail(of_account(book.account, std::move(orders).error()));
    report->orders = *std::move(orders);
  }
  for (const std::string& name : book.excluded) report->omissions.push_back({name, "not understood, left out"});
  std::sort(report->omissions.begin(), report->omissions.end());
  report->omissions.erase(std::unique(report->omissions.begin(), report->omissions.end()), report->omissions.end());
  return report;
}

/// Order of one account in the table of distances: failed, then by health factor in units of 10^-12. Without a
/// requirement the smaller equity is closer.
struct Distance {
  bool assessed{false}, healthy_without{false};  ///< healthy_without: nothing is required and nothing owed
  i128 health{0};
  Usd equity_without{i128_max};
  constexpr auto operator<=>(const Distance&) const = default;
};

Distance distance_of(const Recipe& recipe, const MarginReport& report) {
  const Usd maintenance = report.maintenance(recipe);
  const auto health = health_in_units(report.equity, maintenance, 12);
  return {true, !health, health.value_or(0), maintenance.raw == 0 ? report.equity : Usd{i128_max}};
}

}  // namespace

Result<MarginReport> assess(const MarginInputs& inputs, const Book& book) { return assess_as(inputs, book, false); }

Result<MarginReport> assess_brief(const MarginInputs& inputs, const Book& book) {
  return assess_as(inputs, book, true);
}

Result<MarginReport> assess_portfolio(const MarginInputs& inputs, const Portfolio& portfolio) {
  return Assessment(inputs, portfolio, true).run();
}

std::vector<Result<MarginReport>> assess_all(const MarginInputs& inputs, const std::vector<Book>& books,
                                             unsigned threads) {
  std::vector<Result<MarginReport>> reports(books.size(), fail({.message = "not assessed"}));
  std::optional<PreparedRecipe> own;
  const MarginInputs prepared = prepared_for(inputs, books, own);
  parallel_for(books.size(), threads, [&](std::size_t i) { reports[i] = assess_brief(prepared, books[i]); });
  return reports;
}

std::vector<std::size_t> by_distance_to_maintenance(const Recipe& recipe,
                                                    const std::vector<Result<MarginReport>>& reports) {
  std::vector<Distance> distances;
  for (const auto& report : reports) {
    distances.push_back(report ? distance_of(recipe, *report) : Distance{});
  }
  std::vector<std::size_t> order(reports.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return distances[a] < distances[b]; });
  return order;
}

}  // namespace margrave
