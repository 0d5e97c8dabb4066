#include "study/linear_tails.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "math/elementary.h"
#include "study/tail_losses.h"
#include "study/worst_times.h"

namespace margrave {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<double> random_moves(std::size_t n, std::uint64_t seed, double scale = 0.01) {
  Random random{.seed = seed};
  std::vector<double> moves;
  for (std::size_t t = 0; t < n; ++t) moves.push_back(scale * normal_quantile(random.uniform()));
  return moves;
}
std::vector<double> squares(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double value : values) out.push_back(value * value);
  return out;
}

/// The mean of the worst ceil(n/40) losses, by sorting all of them.
double plain_shortfall(std::vector<double> losses) {
  std::sort(losses.rbegin(), losses.rend());
  const std::size_t k = (losses.size() + 39) / 40;
  return std::accumulate(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(k), 0.0) / static_cast<double>(k);
}

// Where the tail began last time only says where to look first: wide and narrow scenarios in turn, both sides, with
// scales that mislead.
TEST(TailLosses, FindsTheTailWhateverItFoundBefore) {
  for (const bool is_long : {true, false}) {
    TailLosses finder(is_long, true);
    Random random{.seed = 5};
    for (int round = 0; round < 200; ++round) {
      const std::size_t n = 1 + random.below(400);
      const double scale = 0.001 + 0.05 * random.uniform();
      const std::vector<double> moves = random_moves(n, static_cast<std::uint64_t>(round), scale);
      std::vector<double> losses;
      for (const double move : moves) losses.push_back(is_long ? 1 - std::exp(move) : std::exp(move) - 1);
      const LossTails tails = finder.of(moves, round % 3 == 0 ? 1.0 : scale);
      EXPECT_NEAR(tails.shortfall, std::max(0.0, plain_shortfall(losses)), 1e-15) << "seed 5, round " << round;
      std::sort(losses.rbegin(), losses.rend());
      EXPECT_NEAR(tails.value_at_risk, std::max(0.0, losses[(n + 99) / 100 - 1]), 1e-15) << "seed 5, round " << round;
    }
  }
}

TEST(WorstTimes, AreThoseWithTheLargestTrailingMeanTheEarlierOfEquals) {
  WorstTimes times(2, 2);
  EXPECT_TRUE(times.add(-1, 1));  // trailing means: 1, 2.5, 2.5, 1.5
  EXPECT_TRUE(times.add(4, 4));
  EXPECT_TRUE(times.add(-1, 1));
  EXPECT_EQ(times.scenarios(), (std::vector<double>{4, -1}));
  EXPECT_FALSE(times.add(2, 2));
  EXPECT_TRUE(times.add(9, 9));
  EXPECT_EQ(times.scenarios(), (std::vector<double>{9, 4}));
}

TEST(LinearTails, EveryDecayAloneIsThatOfAllTogether) {
  const std::vector<double> moves = random_moves(400, 1), variances = squares(random_moves(400, 2));
  TailSpec spec{.decays = {0.9, 0.99}, .window = 150, .first = 100, .stress_count = 30, .stress_trailing = 5};
  const LinearTails both = *linear_tails(spec, moves, variances);
  spec.decays = {0.99};
  const LinearTails one = *linear_tails(spec, moves, variances);
  EXPECT_EQ(both.short_side.at_decay[1].shortfall, one.short_side.at_decay[0].shortfall);
  EXPECT_EQ(both.short_side.worst, one.short_side.worst);
  std::vector<double> losses;
  for (std::size_t t = 0; t < 399; ++t) losses.push_back(1 - std::exp(moves[t]));
  EXPECT_NEAR(both.long_side.ever.back(), plain_shortfall(losses), 1e-15);
}

// A pair, worked out one step at a time with nothing kept: both ways to filter.
TEST(BookTails, OfAPairAreThoseOfItsJointProfits) {
  const std::vector<double> a = random_moves(300, 3, 0.02), b = random_moves(300, 4, 0.03);
  const std::vector<double> va = squares(random_moves(300, 5, 0.02)), vb = squares(random_moves(300, 6, 0.03));
  const BookLeg legs[] = {{1, a, va}, {-2, b, vb}};
  const TailSpec spec{.decays = {0.9}, .window = 120, .first = 200, .stress_count = 40, .stress_trailing = 6};
  const auto profit = [](double x, double y) { return (std::exp(x) - 1) - 2 * (std::exp(y) - 1); };
  const auto sigma_before = [](const std::vector<double>& variances, std::size_t t) {
    double v = std::accumulate(variances.begin(), variances.begin() + 30, 0.0) / 30;
    for (std::size_t s = 0; s < t; ++s) v = 0.9 * v + 0.1 * variances[s];
    return std::sqrt(v);
  };
  std::vector<double> own;
  for (std::size_t t = 0; t < 300; ++t) own.push_back(profit(a[t], b[t]) * profit(a[t], b[t]));
  const LinearTails apart = *book_tails(spec, legs, BookFilter::each_leg),
                    whole = *book_tails(spec, legs, BookFilter::whole_book);
  for (const std::size_t t : {200u, 250u, 299u}) {
    const auto ratio = [&](const std::vector<double>& variances, std::size_t s) {
      return std::clamp(sigma_before(variances, t) / sigma_before(variances, s), 1.0 / 3, 3.0);
    };
    std::vector<double> of_legs, of_book;
    for (std::size_t s = t - 120; s < t; ++s) {
      of_legs.push_back(-profit(a[s] * ratio(va, s), b[s] * ratio(vb, s)));
      of_book.push_back(-profit(a[s], b[s]) * ratio(own, s));
    }
    EXPECT_NEAR(apart.long_side.at_decay[0].shortfall[t - 200], plain_shortfall(of_legs), 1e-13);
    EXPECT_NEAR(whole.long_side.at_decay[0].shortfall[t - 200], plain_shortfall(of_book), 1e-13);
    EXPECT_NEAR(whole.long_side.loss[t - 200], -profit(a[t], b[t]), 1e-15);
    EXPECT_NEAR(whole.short_side.loss[t - 200], profit(a[t], b[t]), 1e-15);
  }
  EXPECT_EQ(apart.long_side.worst, whole.long_side.worst);  // the worst times are the market's
}

TEST(BookTails, AStepWithoutOneLegIsNone) {
  std::vector<double> a = random_moves(300, 3), b = random_moves(300, 4);
  const std::vector<double> v = squares(random_moves(300, 5));
  b[250] = none;
  const BookLeg legs[] = {{1, a, v}, {-1, b, v}};
  const TailSpec spec{.decays = {0.94}, .window = 120, .first = 200, .stress_count = 40, .stress_trailing = 6};
  for (const BookFilter filter : {BookFilter::each_leg, BookFilter::whole_book}) {
    const LinearTails tails = *book_tails(spec, legs, filter);
    EXPECT_EQ(tails.at.size(), 99u);
    EXPECT_EQ(std::count(tails.at.begin(), tails.at.end(), 250u), 0);
  }
}

// Long one unit and short it again is no risk; one unit alone is the unit.
TEST(BookTails, OfTheSameAssetTwiceAreNoneAndOfOneLegThatLeg) {
  const std::vector<double> a = random_moves(300, 3), v = squares(random_moves(300, 5));
  const TailSpec spec{.decays = {0.94}, .window = 120, .first = 200, .stress_count = 40, .stress_trailing = 6};
  const BookLeg hedged[] = {{1, a, v}, {-1, a, v}}, one[] = {{1, a, v}}, short_one[] = {{-1, a, v}};
  EXPECT_EQ(book_tails(spec, hedged, BookFilter::each_leg)->long_side.at_decay[0].shortfall.back(), 0);
  const LinearTails unit = *linear_tails(spec, a, v), alone = *book_tails(spec, one, BookFilter::each_leg),
                    turned = *book_tails(spec, short_one, BookFilter::each_leg);
  EXPECT_EQ(unit.long_side.at_decay[0].shortfall, alone.long_side.at_decay[0].shortfall);
  EXPECT_NEAR(turned.long_side.at_decay[0].shortfall.back(), unit.short_side.at_decay[0].shortfall.back(), 1e-15);
}

TEST(BookTails, RefusesWhatIsNoBook) {
  const std::vector<double> a = random_moves(300, 3), v = squares(a), fewer = random_moves(299, 3), w = squares(fewer);
  const TailSpec spec{.decays = {0.94}};
  const BookLeg uneven[] = {{1, a, v}, {-1, fewer, w}}, sizeless[] = {{none, a, v}, {-1, a, v}};
  EXPECT_FALSE(book_tails(spec, {}, BookFilter::each_leg));
  EXPECT_FALSE(book_tails(spec, uneven, BookFilter::each_leg));
  EXPECT_FALSE(book_tails(spec, sizeless, BookFilter::whole_book));
  TailSpec bad = spec;
  bad.least = 4;
  EXPECT_FALSE(linear_tails(bad, a, v));
}

}  // namespace
}  // namespace margrave
