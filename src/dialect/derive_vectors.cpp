#include "dialect/derive_vectors.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "dialect/derive_account.h"

namespace margrave {
namespace {

constexpr double wide_allowed = 1e-9, narrow_allowed = 1e-8;  ///< of gross notional

/// How far narrow rows are from wide ones over a file, as shares of gross notional.
struct NarrowRows {
  std::size_t vectors{0}, above{0};  ///< above: beyond what wide rows are allowed
  double worst{0};
  std::string worst_at;
};

/// Whole dollars of an amount, toward zero. The engine rounds a few 1e-9 against the account, so that what is exactly
/// whole may lie that far below it.
double whole_dollars(double amount) { return std::trunc(std::round(amount * 1e7) / 1e7); }

void check_wide(const Quantities& wide, Tally& tally) {
  for (const Quantity& quantity : wide) {
    const double computed = quantity.whole ? whole_dollars(quantity.computed) : quantity.computed;
    tally.check(quantity.name, quantity.expected, computed, quantity.whole ? 0 : wide_allowed * quantity.size);
  }
}

void check_narrow(const std::string& id, const Quantities& wide, const Quantities& narrow, Tally& tally,
                  NarrowRows& rows) {
  double worst = 0;
  for (std::size_t i = 0; i < wide.size(); ++i) {
    const Quantity& quantity = wide[i];
    // A requirement that is many times the notional is known to as many digits as one that is not.
    const double allowed = narrow_allowed * std::max(quantity.size, std::fabs(quantity.computed));
    tally.check(quantity.name + ", narrow rows", quantity.computed, narrow[i].computed, allowed);
    const double share = std::fabs(narrow[i].computed - quantity.computed) / quantity.size;
    worst = std::max(worst, share);
    if (share <= rows.worst) continue;
    rows.worst = share;
    rows.worst_at = id + " " + quantity.name;
  }
  ++rows.vectors;
  if (worst > wide_allowed) ++rows.above;
}

template <class Prepare, class Measure>
Result<void> check_all(const std::vector<Cursor>& vectors, Isa isa, Tally& tally, Prepare&& prepare,
                       Measure&& measure) {
  NarrowRows rows;
  std::optional<double> wide_worst;  // of what is not whole dollars
  for (const Cursor& vector : vectors) {
    const Cursor named = TRY(vector.get("id"));
    const std::string id(TRY(named.text()));
    const auto prepared = TRY(prepare(vector));
    Quantities of_width[2];
    for (const RowWidth width : {RowWidth::wide, RowWidth::narrow}) {
      const auto assessed = assess_vector(prepared.recipe, prepared.account, width, isa);
      if (!assessed) return fail(vector.located(assessed.error()));
      of_width[width == RowWidth::narrow] = TRY(measure(vector, prepared, *assessed));
    }
    tally.begin(id);
    check_wide(of_width[0], tally);
    check_narrow(id, of_width[0], of_width[1], tally, rows);
    tally.end();
    for (const Quantity& quantity : of_width[0]) {
      if (!quantity.whole)
        wide_worst = std::max(wide_worst.value_or(0), std::fabs(quantity.computed - quantity.expected) / quantity.size);
    }
  }
  if (rows.vectors == 0) return {};
  if (wide_worst)
    tally.note(fmt::format("wide rows: at worst {:.2g} of gross notional off what is expected", *wide_worst));
  tally.note(fmt::format(
      "narrow rows: at worst {:.2g} of gross notional off the wide ones{}; {} of {} vectors beyond {}", rows.worst,
      rows.worst_at.empty() ? "" : " (" + rows.worst_at + ")", rows.above, rows.vectors, wide_allowed));
  return {};
}

constexpr std::string_view first_model = "Derive PMRM (v1)", second_model = "Derive PMRM_2",
                           standard_model = "Derive Standard Risk Manager";

}  // namespace

bool is_derive_vectors(std::string_view model) {
  return model == first_model || model == second_model || model == standard_model;
}

Result<void> check_derive_vectors(std::string_view model, const std::vector<Cursor>& vectors, Isa isa, Tally& tally) {
  if (model == standard_model) return check_all(vectors, isa, tally, prepare_standard, standard_quantities);
  const bool second = model == second_model;
  return check_all(
      vectors, isa, tally, [&](const Cursor& vector) { return prepare_portfolio(vector, second); },
      [&](const Cursor& vector, const PreparedPortfolio& prepared, const AssessedVector& assessed) {
        return portfolio_quantities(vector, prepared, assessed, second);
      });
}

}  // namespace margrave
