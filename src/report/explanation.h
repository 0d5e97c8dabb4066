#pragma once

#include <optional>

#include "report/margin_context.h"
#include "scenario/explain.h"

namespace margrave {

/// One position through one scenario.
struct ExplainedScenario {
  std::string set, scenario;
  ExplainedEntry entry;
  Usd profit;      ///< of lots and cost leg in the scenario, against now
  Usd leg_profit;  ///< of the cost leg alone
};

/// What a rate charges for one position: the group is charged rate x |net base|, and the position bears its part.
struct ExplainedRate {
  std::string component, group;
  RateOnBase::Base of{RateOnBase::Base::notional};
  Ratio rate{};
  Usd base;          ///< of the position, signed
  Usd net_base;      ///< of the group, >= 0
  Usd charge;        ///< of the group
  Usd contribution;  ///< of the position, as the report has it
};

/// One position of an account: why it costs what it costs.
struct Explained {
  Position position;
  std::optional<ExplainedScenario> scenario;  ///< none: no measure that counts holds the position
  std::vector<ExplainedRate> rates;           ///< those that count and hold the position
  Usd initial, maintenance;                   ///< what it contributes to the levels
};

/// The components a level comes from: itself and, of sums, every part, of scales theirs, of maxima the one that won.
/// Each once, in the order of the walk.
std::vector<std::size_t> parts_of_level(const Recipe& recipe, const MarginReport& report, std::size_t level);

/// The worst scenario of the first measure, from the initial level down, whose group holds the position (of a tail, its
/// worst); none where the levels hold no such measure.
std::optional<std::uint32_t> worst_column(const MarginContext& context, const Portfolio& portfolio,
                                          const MarginReport& report, std::size_t position);

/// Follows a position of the book through a scenario, worst_column() if none is named, and through the rates that
/// charge it. Amounts are exact, from the array and the report. Errors: overflow.
Result<Explained> explain_position(const MarginContext& context, const AccountReport& account, std::size_t position,
                                   std::optional<std::uint32_t> column = std::nullopt);

}  // namespace margrave
