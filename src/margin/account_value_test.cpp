#include "margin/account_value.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "margin/group.h"
#include "margin/leverage.h"
#include "margin/margin_fixture.h"
#include "margin/value_now.h"

namespace margrave {
namespace {

const char* const one_component = R"yaml(components:
  a: {each: all, value: "sum(abs(notional))"}
levels: {initial: a, maintenance: a}
)yaml";

i128 below_power_of_two(Random& random, int most_bits) {
  const int bits = static_cast<int>(random.below(static_cast<std::uint64_t>(most_bits) + 1));
  i128 value = 0;
  for (int i = 0; i < bits; ++i) value = 2 * value + (random.below(2) == 0 ? 0 : 1);
  return value;
}

/// The rows of the venue at random exponents, with values and notionals up to 2^84 in 1e-18 USD: beyond 2^80 a lot is
/// not one that is added up without checks.
RiskArray random_array(const Venue& venue, Random& random) {
  ArrayPlan plan = venue.array->plan();
  for (RowListing& row : plan.rows) row.exponent = static_cast<std::int8_t>(-static_cast<int>(random.below(80)));
  RiskArrayBuilder builder = *RiskArrayBuilder::create(plan);
  for (std::uint32_t row = 0; row < plan.rows.size(); ++row) {
    for (std::int32_t& entry : builder.narrow_row(row)) entry = static_cast<std::int32_t>(random.below(1000)) - 300;
    const i128 value = below_power_of_two(random, random.below(20) == 0 ? 84 : 70);
    builder.set_scalar(row, ScalarField::value, row > 2 && random.below(2) == 0 ? -value : value);
    builder.set_scalar(row, ScalarField::value_decimals, row > 2 ? 18 : 24);
    if (row > 2)
      builder.set_scalar(row, ScalarField::notional, below_power_of_two(random, random.below(20) == 0 ? 84 : 72));
  }
  return *std::move(builder).finish(1);
}

Book random_book(const Venue& venue, Random& random) {
  Book book{"a", {{*venue.registry.asset("USDC"), static_cast<i128>(random.below(1'000'000'000'000))}}, {}};
  for (std::uint64_t n = random.below(12); n > 0; --n) {
    const char* const names[] = {"BTC-PERP", "ETH-PERP", "BTC-27MAR26-C"};
    const auto lots = static_cast<std::int64_t>(below_power_of_two(random, random.below(20) == 0 ? 34 : 31));
    if (lots == 0) continue;
    const std::uint64_t which = random.below(3);
    book.positions.push_back(
        venue.position(names[which], random.below(2) == 0 ? lots : -lots, which == 2 ? nullptr : "100"));
  }
  return book;
}

// Known lots or not, small or beyond what is added up without checks: the numbers are those of the holdings one by one.
RC_GTEST_PROP(AccountValue, IsTheSumOfItsHoldings, (std::uint64_t seed)) {
  Random random{.seed = seed};
  const Venue venue;
  const RiskArray array = random_array(venue, random);
  const RowIndex index = index_rows(venue.registry, array);
  const Recipe recipe = recipe_of(one_component);
  const Book book = random_book(venue, random);
  const auto portfolio = make_portfolio(venue.registry, index, array, book);
  if (!portfolio) return;  // a cost leg beyond its bits
  const MarginInputs inputs{venue.registry, array, index, recipe};
  const Account account(inputs, *portfolio);
  std::vector<Holding> all = portfolio->balances;
  for (const Line& line : portfolio->lines) append_holdings(line, all);
  const auto value = account_value(account);
  const auto sum = value_now(array, all);
  const auto rounding = rounding_bound(array, all);
  RC_ASSERT(value.has_value() == (sum.has_value() && rounding.has_value()));
  if (!value) return;
  RC_ASSERT(value->equity.raw == sum->rounded(Round::down).raw);
  RC_ASSERT(value->row_rounding.raw == rounding->raw);
  const auto gross = gross_notional(array, portfolio->lines);
  RC_ASSERT(value->gross_notional.has_value() == gross.has_value());
  RC_ASSERT(!gross || value->gross_notional->raw == gross->raw);
}

}  // namespace
}  // namespace margrave
