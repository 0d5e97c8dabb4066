#pragma once

#include <string>
#include <vector>

#include "margin/diversification.h"
#include "market/state.h"
#include "report/amount.h"
#include "scenario/greeks.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// One recipe over one market: what every report made from it shares. Holds references; the owners outlive it.
struct MarginContext {
  const Market& market;
  const RiskArray& array;
  const RowIndex& index;
  const Recipe& recipe;
  const std::vector<ScenarioSet>& sets;
  std::string market_file;
  Isa isa{Isa::portable};

  /// The array's numeraire.
  Money money() const { return array.plan().numeraire.empty() ? Money{} : Money{array.plan().numeraire}; }
  MarginInputs inputs() const { return {market.registry, array, index, recipe, isa}; }
};

/// An account with its full report.
struct AccountReport {
  Book book;
  MarginReport report;
  std::optional<Result<Diversification>> diversification{};  ///< nothing where nobody asked
};
/// With its diversification, which may fail where the account does not: it is then said in its place.
/// Errors: those of assess().
Result<AccountReport> full_report(const MarginInputs& inputs, const Book& book, unsigned threads);

/// Greeks of a portfolio, by underlying and by expiry of it; perpetuals and spot stand under no expiry.
struct GreeksLine {
  std::string underlying;
  std::string expiry;  ///< date; empty for what does not expire
  LotGreeks greeks;
};
std::vector<GreeksLine> portfolio_greeks(const Market& market, const Book& book);

/// What a rule does, in a few words: "worst of matrix per underlying".
std::string describe(const Recipe& recipe, const Component& component);

}  // namespace margrave
