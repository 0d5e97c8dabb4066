#include "scenario/vol_marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "market/model_chain.h"

namespace margrave {
namespace {

constexpr double forward = 80'000;

void add_option(Chain& chain, double days, double x, double log_vol) {
  ChainQuote quote;
  quote.instrument.underlying = "BTC";
  quote.instrument.terms.kind = Kind::option;
  quote.instrument.terms.expiry =
      Timestamp::from_ms(chain.time.ns / 1'000'000 + static_cast<std::int64_t>(days * 86'400'000));
  const double strike = forward * std::exp(x * usual_surface_width * std::sqrt(days / 30));
  quote.instrument.terms.strike = Decimal{std::llround(strike * 1e6), 6};
  quote.instrument.terms.is_call = x >= 0;
  quote.underlying_price = forward;
  quote.mark_vol = std::exp(log_vol);
  chain.quotes.push_back(quote);
}

/// Marks of a surface that has moved so from a flat one.
Chain chain_of(const VolMove& move, const std::vector<double>& days) {
  Chain chain;
  chain.time = Timestamp::from_civil(2026, 3, 1, 8);
  for (const double left : days) {
    const double scale = std::pow(30 / left, left <= 30 ? 0.3 : 0.13), u = std::log(left / 30);
    for (int i = -7; i <= 7; ++i) {
      const double x = 0.25 * i;
      add_option(chain, left, x, std::log(0.5) + move[0] * scale + move[1] * x + move[2] * x * x + move[3] * u);
    }
  }
  return chain;
}

TEST(VolMarks, TellWhatTheSurfaceWasMovedBy) {
  const VolMove made{0.08, -0.03, 0.01, -0.02};
  for (const std::vector<double>& days : {std::vector<double>{2, 7, 30, 90, 200}, std::vector<double>{10, 50}}) {
    const VolMove found = vol_moved(vol_marks(chain_of({}, days), "BTC"), vol_marks(chain_of(made, days), "BTC"));
    for (std::size_t c = 0; c < made.size(); ++c) EXPECT_NEAR(found[c], made[c], 1e-6) << vol_components[c];
  }
}

TEST(VolMarks, TellNothingWithoutContractsEnough) {
  const VolMarks some = vol_marks(chain_of({}, {7, 30}), "BTC"), few = vol_marks(chain_of({}, {7}), "BTC");
  EXPECT_EQ(some.size(), 30u);
  EXPECT_TRUE(std::isnan(vol_moved(some, few)[0])) << "fifteen contracts";
  Chain one = chain_of({}, {7});
  for (int i = 0; i < 15; ++i) add_option(one, 7, 0.1 + 0.25 * (i - 7), -1);
  EXPECT_EQ(vol_marks(one, "BTC").size(), 30u);
  EXPECT_TRUE(std::isnan(vol_moved(vol_marks(one, "BTC"), vol_marks(one, "BTC"))[0])) << "one expiry";
  EXPECT_TRUE(std::isnan(vol_moved(some, vol_marks(chain_of({}, {7, 30}), "ETH"))[0]));
}

TEST(VolMarks, LeaveOutWhatIsInTheMoneyAndAreNotToldByWhatIsFarOrNearlyExpired) {
  Chain chain = chain_of({}, {7, 30});
  add_option(chain, 30, 3.1, -1);
  add_option(chain, 0.9, 0.5, -1);
  add_option(chain, 30, 0.6, -1);
  chain.quotes.back().instrument.terms.is_call = false;
  const VolMarks marks = vol_marks(chain, "BTC");
  EXPECT_EQ(marks.size(), 32u);
  EXPECT_EQ(std::count_if(marks.begin(), marks.end(), [](const auto& mark) { return mark.second.tells; }), 30);
}

TEST(VolMarks, TellAlsoOfStrikesThatTheSpotLeavesBehind) {
  Chain after = chain_of({0.1, 0, 0, 0}, {7, 30});
  for (ChainQuote& quote : after.quotes) {
    quote.underlying_price = forward * 1.4;  // every strike is more than three widths below
    quote.instrument.terms.is_call = false;
  }
  EXPECT_NEAR(vol_moved(vol_marks(chain_of({}, {7, 30}), "BTC"), vol_marks(after, "BTC"))[0], 0.1, 1e-6);
}

TEST(VolMarks, LevelIsTheVolOfThirtyDaysAtTheMoney) {
  ModelChain model;
  model.as_of = Timestamp::from_civil(2026, 3, 1, 8);
  model.noise = 0;
  model.options = 400;
  const Chain low = model_chain(model);
  model.vol = 0.66;
  const Chain high = model_chain(model);
  EXPECT_NEAR(month_level(high, "BTC") / month_level(low, "BTC"), 1.2, 0.05);
  EXPECT_TRUE(std::isnan(month_level(low, "ETH")));
}

}  // namespace
}  // namespace margrave
