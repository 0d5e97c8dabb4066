#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "document/read.h"
#include "haircut/facts_reader.h"
#include "haircut/haircut_judgement.h"
#include "haircut/wrong_way.h"

namespace margrave {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t hour_ms = 3'600'000;

/// Bars of an hour that wander, with lows below and highs above their bodies.
struct SomeBars {
  std::vector<std::int64_t> t_ms;
  std::vector<double> open, high, low, close, volume;
  BarView view() const { return {hour_ms, t_ms, open, high, low, close, volume}; }
  void cut(std::size_t from, std::size_t to) {
    const auto erase = [&](auto& column) {
      column.erase(column.begin() + static_cast<std::ptrdiff_t>(from),
                   column.begin() + static_cast<std::ptrdiff_t>(to));
    };
    erase(t_ms);
    for (auto* column : {&open, &high, &low, &close, &volume}) erase(*column);
  }
};
SomeBars some_bars(std::uint64_t seed, std::size_t hours, double move = 0.01, double start = 100) {
  Random random{seed, 1, 0};
  SomeBars bars;
  double price = start;
  for (std::size_t i = 0; i < hours; ++i) {
    const double next = price * (1 + move * (random.uniform() - 0.5) * (i % 400 < 100 ? 3 : 1));
    bars.t_ms.push_back(static_cast<std::int64_t>(i) * hour_ms);
    bars.open.push_back(price);
    bars.close.push_back(next);
    bars.high.push_back(std::max(price, next) * (1 + move * random.uniform()));
    bars.low.push_back(std::min(price, next) * (1 - move * random.uniform()));
    bars.volume.push_back(1000 + 9000 * random.uniform());
    price = next;
  }
  return bars;
}

HaircutSpec quick_spec() {
  HaircutSpec spec;
  spec.first = 40;
  spec.window = 100;
  spec.enough = 80;
  spec.drawdown_window = 60;
  return spec;
}

HaircutInputs random_inputs(Random& random) {
  HaircutInputs inputs;
  inputs.volatility = 0.5 * random.uniform();
  inputs.drawdown = 0.5 * random.uniform();
  inputs.exit.sigma = 0.2 * random.uniform();
  inputs.exit.volume_usd = 1e4 / (1e-4 + random.uniform());
  if (random.below(3) == 0) {
    double amount = 0, rate = 0;
    for (std::uint64_t i = 0; i < 1 + random.below(5); ++i) {
      inputs.exit.points.push_back({amount, rate});
      amount += 1 + 1e6 * random.uniform();
      rate += 0.1 * random.uniform();
    }
  }
  inputs.sold_first_usd = random.below(2) == 0 ? 0 : 1e6 * random.uniform();
  inputs.wrong_way = random.below(2) == 0 ? 0 : 0.3 * random.uniform();
  inputs.depeg = random.below(2) == 0 ? 0 : random.uniform();
  for (GivenPart* part : {&inputs.custody, &inputs.chain, &inputs.bridge, &inputs.issuer}) {
    if (random.below(2) == 0) continue;
    part->rate = 0.1 * random.uniform();
    if (random.below(2) == 0) part->cap = {1e7 * random.uniform(), 1e7 * random.uniform(), 0.9 * random.uniform()};
  }
  if (random.below(2) == 0) inputs.concentration = {1e7 * random.uniform(), 1e7 * random.uniform(), 0.5};
  return inputs;
}

std::vector<std::int64_t> published(const std::vector<HaircutTier>& tiers) {
  std::vector<std::int64_t> rates;
  for (const HaircutTier& tier : tiers) rates.push_back(rounded_up(tier.rate));
  return rates;
}

TEST(Haircut, MoreCollateralIsNeverWorthLessAndEachDollarNeverMoreThanTheOneBefore) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Random random{seed, 7, 0};
    const auto tiers = *haircut_tiers(random_inputs(random), usual_tiers());
    const auto rates = published(tiers);
    const auto worth = [&](std::int64_t amount) { return amount - *haircut_of(tiers, rates, amount, 1'000'000); };
    std::int64_t amount = static_cast<std::int64_t>(random.below(1000));
    for (int i = 0; i < 40; ++i) {
      const auto more = static_cast<std::int64_t>(random.below(1 + static_cast<std::uint64_t>(amount)));
      const std::int64_t a = worth(amount), b = worth(amount + more), c = worth(amount + 2 * more);
      ASSERT_GE(a, 0) << "seed " << seed;
      ASSERT_GE(b, a) << "seed " << seed << " amount " << amount << " more " << more;
      ASSERT_GE(c, b) << "seed " << seed << " amount " << amount << " more " << more;
      ASSERT_LE(c - b, b - a + 2) << "seed " << seed << " amount " << amount << " more " << more;  // roundings
      ASSERT_GE(worth(amount + 1), a) << "seed " << seed << " amount " << amount;
      amount += more;
    }
    // At the edges of brackets one unit more is worth one unit at most, and no less than nothing.
    for (const std::int64_t edge : usual_tiers()) {
      for (std::int64_t at = edge * 1'000'000 - 2; at < edge * 1'000'000 + 2; ++at) {
        const std::int64_t step = worth(at + 1) - worth(at);
        ASSERT_TRUE(step == 0 || step == 1) << "seed " << seed << " edge " << edge;
      }
    }
  }
}

/// The law without brackets, summed in small steps by its own formula.
double cost_of_selling(double sigma, double volume, double amount) {
  return amount * (0.0005 + sigma * std::sqrt(amount / (0.1 * volume)));
}

TEST(Haircut, TiersLieAboveTheLawTheyComeFrom) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random{seed, 8, 0};
    HaircutInputs inputs;
    inputs.exit.sigma = 0.1 * random.uniform();
    inputs.exit.volume_usd = 1e9 * random.uniform();
    const auto tiers = *haircut_tiers(inputs, usual_tiers());
    const auto rates = published(tiers);
    for (int i = 0; i < 30; ++i) {
      const double dollars = 1e8 * random.uniform();
      const auto amount = static_cast<std::int64_t>(1e6 * dollars);
      const double cost = std::min(cost_of_selling(inputs.exit.sigma, inputs.exit.volume_usd, dollars), dollars);
      const double sold_at_once = dollars * inputs.exit.average(dollars);
      ASSERT_NEAR(sold_at_once, cost, 1e-9 * dollars) << "seed " << seed;
      // Where the law's next dollar costs all of itself the table stops there; the law's sum goes on.
      if (inputs.exit.marginal(dollars) < 1) {
        ASSERT_GE(static_cast<double>(*haircut_of(tiers, rates, amount, 1'000'000)) / 1e6, cost - 1e-6 - 1e-9 * cost)
            << "seed " << seed << " dollars " << dollars;
      }
    }
  }
}

TEST(Haircut, TheMarginalCostOfSellingIsTheSlopeOfTheWholeCost) {
  ExitCost law;
  law.sigma = 0.05;
  law.volume_usd = 2e7;
  ExitCost curve;
  curve.points = {{1e4, 0.001}, {1e5, 0.002}, {1e6, 0.03}};
  for (const ExitCost& cost : {law, curve}) {
    ASSERT_TRUE(cost.check());
    double sum = 0;
    const double step = 500;
    for (double x = 0; x < 3e6; x += step) {
      sum += step * (cost.marginal(x) + 4 * cost.marginal(x + step / 2) + cost.marginal(x + step)) / 6;
      if (std::fmod(x, 250'000) == 0) {
        ASSERT_NEAR(sum, (x + step) * cost.average(x + step), 2e-4 * sum + 1) << x;
      }
    }
  }
  EXPECT_EQ(law.average(0), 0.0005);
  law.volume_usd = 0;
  EXPECT_EQ(law.average(1), 1);
  EXPECT_EQ(law.marginal(0), 1);
  curve.points[1].rate = 0.0001;
  EXPECT_FALSE(curve.check());
  curve.points[1] = {1e4, 0.01};
  EXPECT_FALSE(curve.check());
}

TEST(Haircut, PartsSumToTheRateAndTheLargestOfThreeCounts) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random{seed, 9, 0};
    const auto tiers = *haircut_tiers(random_inputs(random), usual_tiers());
    for (const double amount : {0.0, 5e3, 2.5e5, 7e6, 4e8}) {
      const MeanHaircut mean = mean_haircut(tiers, amount);
      const HaircutParts& p = mean.parts;
      const double others = p.wrong_way + p.concentration + p.depeg + p.custody + p.chain + p.bridge + p.issuer;
      ASSERT_NEAR(mean.rate, mean.base + others - mean.cut, 1e-12) << "seed " << seed;
      ASSERT_GE(mean.base, std::max({p.volatility, p.exit, p.drawdown}) - 1e-12) << "seed " << seed;
      ASSERT_LE(mean.rate, 1 + 1e-12) << "seed " << seed;
      ASSERT_GE(mean.cut, 0) << "seed " << seed;
    }
  }
}

TEST(Haircut, RatesAreRoundedUpToTenThousandths) {
  EXPECT_EQ(rounded_up(0.12341), 1235);
  EXPECT_EQ(rounded_up(0.1234), 1234);
  EXPECT_EQ(rounded_up(0.1 + 0.2), 3000);
  EXPECT_EQ(rounded_up(1e-6), 1);
  EXPECT_EQ(rounded_up(0), 0);
  EXPECT_EQ(rounded_up(1), 10'000);
  const std::vector<HaircutTier> tiers{{0, {}, 0.1}, {1000, {}, 0.5}};
  const std::vector<std::int64_t> rates{1000, 5000};
  EXPECT_EQ(*haircut_of(tiers, rates, 3'000, 1), 1100);  // 100 of the first thousand, half of two thousand
  EXPECT_EQ(*haircut_of(tiers, rates, 1, 1), 1);         // up
  EXPECT_EQ(*haircut_of(tiers, rates, -5, 1), 0);
  EXPECT_EQ(*haircut_of(tiers, rates, 9'223'372'036'854'775'807, 1'000'000'000'000),
            4'611'286'018'427'387'904);  // half of all beyond, less 400 USD
  EXPECT_FALSE(haircut_of(tiers, std::vector<std::int64_t>{5000, 1000}, 1, 1));
  EXPECT_FALSE(haircut_of(tiers, std::vector<std::int64_t>{5000, 10'001}, 1, 1));
  EXPECT_FALSE(haircut_tiers({}, std::vector<std::int64_t>{5, 5}));
}

TEST(Haircut, ASoftCapRisesInAStraightLineToItsEnd) {
  const SoftCap cap{1000, 200, 0.5};
  EXPECT_EQ(cap.marginal(0), 0);
  EXPECT_EQ(cap.marginal(300), 0);
  EXPECT_DOUBLE_EQ(cap.marginal(550), 0.5);
  EXPECT_EQ(cap.marginal(800), 1);
  EXPECT_EQ(cap.marginal(1e9), 1);
  EXPECT_EQ(SoftCap{}.marginal(1e18), 0);
  HaircutInputs inputs;
  inputs.issuer.cap = {0, 0, 0.5};
  EXPECT_FALSE(inputs.check());
  inputs.issuer.cap = {10, 0, 1};
  EXPECT_FALSE(inputs.check());
}

TEST(Haircut, AMovePastItsLimitsTakesSteps) {
  const SpeedLimit limit;
  EXPECT_DOUBLE_EQ(limited_rate(limit, 0.2, 0.9), 0.25);
  EXPECT_DOUBLE_EQ(limited_rate(limit, 0.002, 0.9), 0.012);  // a rate near zero
  EXPECT_DOUBLE_EQ(limited_rate(limit, 0.2, 0.0), 0.196);
  EXPECT_DOUBLE_EQ(limited_rate(limit, 0.2, 0.21), 0.21);
  EXPECT_DOUBLE_EQ(limited_rate(limit, 0.95, 1.0), 1.0);
  LimitedRates rates(limit);
  EXPECT_TRUE(rates.existing().empty());
  rates.update(std::vector<double>{0.2, 0.3});
  rates.update(std::vector<double>{0.9, 0.9});
  EXPECT_EQ(rates.announced(), (std::vector<double>{0.25, 0.375}));
  EXPECT_EQ(rates.existing(), (std::vector<double>{0.2, 0.3}));  // not before its notice
  rates.update(std::vector<double>{0.25, 0.375});
  EXPECT_EQ(rates.existing(), (std::vector<double>{0.25, 0.375}));
  rates.update(std::vector<double>{0.0, 0.0});
  EXPECT_EQ(rates.existing(), (std::vector<double>{0.25 * 0.98, 0.375 * 0.98}));  // a fall at once
}

TEST(Haircut, LimitedTablesKeepTheirOrderFromAnyStateToAny) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Random random{seed, 10, 0};
    LimitedRates rates({});
    for (int step = 0; step < 30; ++step) {
      std::vector<double> wanted(6);
      for (double& rate : wanted) rate = random.uniform() * random.uniform();
      std::sort(wanted.begin(), wanted.end());
      rates.update(wanted);
      for (const auto& now : {rates.announced(), rates.existing()}) {
        ASSERT_TRUE(std::is_sorted(now.begin(), now.end())) << "seed " << seed << " step " << step;
      }
    }
  }
}

TEST(Haircut, ABrokenPromiseCountsFourfoldForADayAndOnceForAMonth) {
  const DepegRules rules;
  std::vector<double> least{1, 1, 0.97, 0.999}, last = least;
  Deviation deviation = deviation_of(rules, std::span(least).first(3), std::span(last).first(3), 1.0);
  EXPECT_NEAR(deviation.last_day, 0.03, 1e-12);
  EXPECT_NEAR(depeg_part(rules, deviation, 1), 4 * 0.02, 1e-12);
  deviation = deviation_of(rules, least, last, 1.0);
  EXPECT_NEAR(deviation.last_day, 0.001, 1e-12);
  EXPECT_NEAR(depeg_part(rules, deviation, 1), 0.02, 1e-12);
  EXPECT_NEAR(depeg_part(rules, deviation, 0.9), 0.12, 1e-12);
  EXPECT_EQ(depeg_part(rules, {0.5, 0.5}, 1), 1);
  EXPECT_EQ(depeg_part(rules, deviation_of(rules, {}, {}, std::nullopt), 1), 0);
  // A wrapped coin is held to the middle of its own ratios.
  least = last = {1.05, 1.05, 1.051, 1.052, 1.03};
  EXPECT_NEAR(deviation_of(rules, least, last, std::nullopt).last_day, 1 - 1.03 / 1.05, 1e-12);
  least = last = {unknown, unknown};
  EXPECT_EQ(deviation_of(rules, least, last, std::nullopt).window, 0);
}

TEST(Haircut, PositionsInWhatMovesTheCollateralCountByBetaCorrelationAndSize) {
  std::vector<double> factor, same, half, other;
  Random random{3, 11, 0};
  for (int i = 0; i < 400; ++i) {
    const double f = random.uniform() - 0.5, noise = random.uniform() - 0.5;
    factor.push_back(f);
    same.push_back(2 * f);
    half.push_back(f + noise);
    other.push_back(-f);
  }
  EXPECT_NEAR(co_movement(same, factor, 300).beta, 2, 1e-12);
  EXPECT_NEAR(co_movement(same, factor, 300).correlation, 1, 1e-12);
  EXPECT_NEAR(co_movement(half, factor, 400).correlation, std::sqrt(0.5), 0.1);
  EXPECT_NEAR(co_movement(other, factor, 300).correlation, -1, 1e-12);
  EXPECT_EQ(co_movement(std::span(same).first(20), std::span(factor).first(20), 300).beta, 1);
  const CoMovement moves{2, 0.5, 300};
  EXPECT_DOUBLE_EQ(wrong_way_part({moves, 1e6, 0.3, 4e6}), 0.3 * 0.5 * 0.5);
  EXPECT_DOUBLE_EQ(wrong_way_part({moves, 1e9, 0.3, 4e6}), 0.15);
  EXPECT_EQ(wrong_way_part({moves, -1e9, 0.3, 4e6}), 0);
  EXPECT_DOUBLE_EQ(wrong_way_part({moves, 1, 0.3, 0}), 0.15);  // nothing can be sold
  EXPECT_EQ(wrong_way_part({{2, -0.5, 300}, 1e9, 0.3, 4e6}), 0);
  EXPECT_EQ(wrong_way_part({{-2, 0.5, 300}, 1e9, 0.3, 4e6}), 0);
}

TEST(Haircut, StepsSayWhatTheirBarsDo) {
  SomeBars bars = some_bars(1, 24 * 6);
  bars.cut(50, 52);
  const PriceSteps steps = *price_steps({bars.view()}, {});
  ASSERT_EQ(steps.size(), 18u + 2u);
  for (std::size_t t = 0; t < steps.size(); ++t) {
    double low = 1e9, volume = 0, close = unknown;
    std::size_t count = 0;
    for (std::size_t i = 0; i < bars.t_ms.size(); ++i) {
      const std::int64_t age = steps.end_ms[t] - bars.t_ms[i];
      if (age == hour_ms) close = bars.close[i];
      if (age <= 0 || age > 24 * hour_ms) continue;
      low = std::min(low, bars.low[i]);
      volume += bars.volume[i] * bars.close[i];
      ++count;
    }
    EXPECT_EQ(std::isnan(steps.close[t]), std::isnan(close)) << t;
    if (!std::isnan(close)) {
      EXPECT_EQ(steps.close[t], close) << t;
    }
    EXPECT_EQ(steps.low[t], low) << t;
    EXPECT_EQ(steps.covered[t], static_cast<double>(count) / 24) << t;
    if (count >= 20) {
      EXPECT_NEAR(steps.volume_usd[t], volume * 24 / static_cast<double>(count), 1e-6) << t;
    } else {
      EXPECT_TRUE(std::isnan(steps.volume_usd[t])) << t;
    }
  }
  EXPECT_TRUE(std::isnan(steps.variance[6]));  // 48 h to 56 h lacks two bars
  EXPECT_FALSE(std::isnan(steps.variance[7]));
  EXPECT_EQ(price_steps({}, {})->size(), 0u);
}

TEST(Haircut, APrintFarBelowItsBarMovesEstimatesByTheCapAndOutcomesByAllOfIt) {
  SomeBars bars = some_bars(2, 72);
  bars.low[30] = 1;
  const PriceSteps steps = *price_steps({bars.view()}, {});
  EXPECT_EQ(steps.low[4], 1);
  EXPECT_NEAR(steps.capped_low[4], std::min(bars.open[30], bars.close[30]) * std::exp(-0.15), 1e-9);
}

TEST(Haircut, ATickerThatComesBackAtAnotherPriceIsAnotherAsset) {
  for (const double factor : {1.0, 3.0, 1e4, 1e-4}) {
    SomeBars bars = some_bars(3, 24 * 60);
    for (std::size_t i = 24 * 40; i < bars.t_ms.size(); ++i) {
      for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) (*column)[i] *= factor;
    }
    bars.cut(24 * 30, 24 * 40);
    const PriceSteps steps = *price_steps({bars.view()}, {});
    EXPECT_EQ(steps.asset.back(), factor == 1.0 || factor == 3.0 ? 0u : 1u) << factor;
    const auto last = *haircut_at(quick_spec(), {}, steps, {}, steps.end_ms[steps.size() - 4]);
    ASSERT_TRUE(last) << factor;
    EXPECT_EQ(last->haircut.history < 60, steps.asset.back() == 1) << factor;
  }
}

/// The volatility and drawdown parts again, slowly and from the definitions alone.
struct SlowParts {
  double fast{0}, slow{0}, drawdown{0};
};
double slow_volatility(const HaircutSpec& spec, const PriceSteps& steps, std::size_t now, double decay) {
  std::vector<double> variance_after;  // by step: variance of the next step
  double start = 0;
  std::size_t known = 0;
  double average = 0;
  for (std::size_t t = 0; t <= now; ++t) {
    if (known < 30) {
      start += steps.variance[t];
      average = start / static_cast<double>(++known);
    } else {
      average = decay * average + (1 - decay) * steps.variance[t];
    }
    variance_after.push_back(average);
  }
  std::vector<double> falls;
  for (std::size_t t = 3; t <= now; ++t) {
    const double ratio = std::sqrt(variance_after[now] / variance_after[t - 3]);
    const double fall = std::min(0.0, std::log(steps.capped_low[t] / steps.close[t - 3]));
    falls.push_back(fall * std::min(std::max(ratio, spec.least), spec.most));
  }
  if (falls.size() > spec.window) falls.erase(falls.begin(), falls.end() - static_cast<std::ptrdiff_t>(spec.window));
  std::sort(falls.begin(), falls.end());
  const std::size_t k = (falls.size() + 99) / 100;
  double sum = 0;
  for (std::size_t i = 0; i < k; ++i) sum += 1 - std::exp(falls[i]);
  double part = sum / static_cast<double>(k);
  // ES of a t with 4 degrees of variance 1 at 1 %: quantile 3.746947, density f: f(q)/0.01 (4 + q^2)/3 / sqrt(2).
  const double q = 3.7469473879791968;
  const double density = 0.375 * std::pow(1 + q * q / 4, -2.5);
  const double shortfall = density / 0.01 * (4 + q * q) / 3 / std::sqrt(2.0);
  if (falls.size() < spec.enough) part = std::max(part, 1 - std::exp(-shortfall * std::sqrt(3 * variance_after[now])));
  return part;
}

TEST(Haircut, VolatilityAndDrawdownAreWhatTheirDefinitionsSay) {
  const HaircutSpec spec = quick_spec();
  const SomeBars bars = some_bars(5, 24 * 60);
  const PriceSteps steps = *price_steps({bars.view()}, {});
  HaircutEstimator estimator = *HaircutEstimator::start(spec, {});
  std::size_t given = 0;
  for (std::size_t t = 0; t + 3 < steps.size(); ++t) {
    const auto now = *estimator.add(steps, {}, t);
    ASSERT_EQ(now.has_value(), t >= 42) << t;  // three steps to the first fall, forty of them
    if (!now) continue;
    ++given;
    EXPECT_NEAR(now->volatility_fast, slow_volatility(spec, steps, t, spec.fast), 1e-12) << t;
    EXPECT_NEAR(now->volatility_slow, slow_volatility(spec, steps, t, spec.slow), 1e-12) << t;
    double day = 0, deepest = 0;
    const std::size_t from = t + 1 > 60 ? t + 1 - 60 : 3;
    for (std::size_t s = std::max<std::size_t>(from, 3); s <= t; ++s) {
      day = std::max(day, 1 - steps.capped_low[s] / steps.close[s - 3]);
      for (std::size_t p = from > 3 ? from - 3 : 0; p + 3 <= s; ++p)
        deepest = std::max(deepest, 1 - steps.capped_low[s] / steps.close[p]);
    }
    EXPECT_NEAR(now->deepest_day, day, 1e-12) << t;
    EXPECT_NEAR(now->deepest_fall, deepest, 1e-12) << t;
    EXPECT_EQ(now->inputs.drawdown, std::max(now->deepest_day, 0.25 * now->deepest_fall));
  }
  EXPECT_GT(given, 100u);
}

TEST(Haircut, NothingLaterChangesAHaircutByABit) {
  SomeBars bars = some_bars(6, 24 * 90);
  AssetFacts facts;
  facts.peg = Peg{"USD", 100.0};
  const PriceSteps whole = *price_steps({bars.view()}, {});
  const PegSteps whole_peg = peg_steps({bars.view()}, {}, whole);
  const auto all = *walk_haircuts(quick_spec(), facts, whole, whole_peg, {1e5, 1e6});
  for (const std::size_t hours : {std::size_t{24 * 40}, std::size_t{24 * 55 + 13}, std::size_t{24 * 89}}) {
    bars = some_bars(6, 24 * 90);
    bars.cut(hours, bars.t_ms.size());
    const PriceSteps steps = *price_steps({bars.view()}, {});
    const PegSteps peg = peg_steps({bars.view()}, {}, steps);
    const auto cut = *walk_haircuts(quick_spec(), facts, steps, peg, {1e5, 1e6});
    ASSERT_GT(cut.size(), 10u);
    ASSERT_LE(cut.size(), all.size());
    for (std::size_t i = 0; i < cut.size(); ++i) {
      ASSERT_EQ(cut[i].at_ms, all[i].at_ms);
      for (const std::size_t amount : {std::size_t{0}, std::size_t{1}}) {
        ASSERT_EQ(cut[i].rates[amount].wanted, all[i].rates[amount].wanted) << i;
        ASSERT_EQ(cut[i].rates[amount].announced, all[i].rates[amount].announced) << i;
        ASSERT_EQ(cut[i].rates[amount].existing, all[i].rates[amount].existing) << i;
      }
    }
  }
}

TEST(Haircut, AnOutcomeIsTheDayAfterAndAJudgementCountsIt) {
  const SomeBars bars = some_bars(8, 24 * 60);
  const PriceSteps steps = *price_steps({bars.view()}, {});
  const auto outcomes = *walk_haircuts(quick_spec(), {}, steps, {}, {1e6});
  std::size_t days = 0, exceeded = 0;
  double mean = 0;
  for (const HaircutOutcome& one : outcomes) {
    const auto at = static_cast<std::size_t>(one.at_ms / hour_ms);  // bars [at, at + 24) come after
    const double start = bars.close[at - 1];
    double low = start, traded = 0;
    std::size_t count = 0;
    for (std::size_t i = at; i < std::min(at + 24, bars.t_ms.size()); ++i, ++count) {
      low = std::min(low, bars.low[i]);
      traded += bars.volume[i] * bars.close[i];
    }
    EXPECT_NEAR(one.to_low, 1 - low / start, 1e-12);
    if (at + 24 <= bars.t_ms.size()) {
      EXPECT_NEAR(one.to_close, 1 - bars.close[at + 23] / start, 1e-12);
      const std::size_t t = at / 8 - 1;
      const double sigma = std::sqrt(steps.variance[t + 1] + steps.variance[t + 2] + steps.variance[t + 3]);
      const double exit = std::min(1.0, 0.0005 + sigma * std::sqrt(1e6 / (0.1 * traded)));
      EXPECT_NEAR(one.exit[0], exit, 1e-9);
      EXPECT_NEAR(one.loss_to_low(0), 1 - low / start * (1 - exit), 1e-9);
    }
    if (at % 24 != 0) continue;
    ++days;
    mean += one.rates[0].wanted;
    if (one.loss_to_low(0) > one.rates[0].wanted) ++exceeded;
  }
  const HaircutJudgement judgement = judge_haircuts(outcomes, &HaircutRates::wanted, 0);
  EXPECT_EQ(judgement.days, days);
  EXPECT_EQ(judgement.exceeded, exceeded);
  EXPECT_NEAR(judgement.mean, mean / static_cast<double>(days), 1e-12);
}

TEST(Haircut, ALeadIsCountedFromTheInstantBack) {
  std::vector<HaircutOutcome> outcomes;
  for (int step = 0; step < 150; ++step) {
    HaircutOutcome one;
    one.at_ms = step * 8 * hour_ms;
    const double rate = step < 95 ? 0.1 : step < 110 ? 0.13 : 0.5;
    one.rates.push_back({rate, rate, rate});
    outcomes.push_back(one);
  }
  const auto lead = haircut_lead(outcomes, &HaircutRates::wanted, 0, 100 * 8 * hour_ms);
  ASSERT_TRUE(lead);
  EXPECT_EQ(lead->before, 0.1);
  EXPECT_EQ(lead->at, 0.13);
  EXPECT_EQ(lead->quarter, std::optional<double>(40));
  EXPECT_EQ(lead->doubled, std::optional<double>(-80));
  EXPECT_FALSE(haircut_lead(outcomes, &HaircutRates::wanted, 0, -1));
}

TEST(Haircut, FactsAreReadAndFaultsNamed) {
  const std::string text =
      "haircut_facts: sample\n"
      "assets:\n"
      "  USDC:\n"
      "    follows: USD\n"
      "    confidence: 0.99\n"
      "    concentration: {cap_usd: 1000000, held_usd: 100, from: 0.25}\n"
      "    linked_usd: 5000\n"
      "    issuer: {name: a bank, rate: '0.01', source: its report, date: 2024-12-31, cap_usd: 5000000}\n"
      "  WETH: {follows: ETH, ratio: 1.05}\n";
  const HaircutFacts facts = *read_haircut_facts(*parse_document(text, "facts.yaml"));
  const AssetFacts& usdc = facts.assets.at("USDC");
  EXPECT_EQ(usdc.peg->follows, "USD");
  EXPECT_EQ(usdc.confidence, 0.99);
  EXPECT_EQ(usdc.concentration.from, 0.25);
  EXPECT_EQ(usdc.sold_first_usd, 5000);
  EXPECT_EQ(usdc.issuer.rate, 0.01);
  EXPECT_EQ(usdc.issuer.date, "2024-12-31");
  EXPECT_EQ(usdc.issuer.cap.cap_usd, 5e6);
  EXPECT_EQ(facts.assets.at("WETH").peg->ratio, std::optional<double>(1.05));
  const auto said = [](const std::string& asset) {
    const auto read =
        read_haircut_facts(*parse_document("haircut_facts: a\nassets:\n  X: " + asset + "\n", "facts.yaml"));
    return read ? std::string() : to_string(read.error());
  };
  EXPECT_NE(said("{confidence: 1.5}").find("facts.yaml:3"), std::string::npos);
  EXPECT_NE(said("{colour: red}").find("colour"), std::string::npos);
  EXPECT_NE(said("{ratio: 1}").find("follows"), std::string::npos);
  EXPECT_NE(said("{bridge: {name: b, rate: 0.1, date: 2024-01-01}}").find("source"), std::string::npos);
  EXPECT_NE(said("{bridge: {name: b, rate: 0.1, source: s, date: lately}}").find("2024-12-31"), std::string::npos);
  EXPECT_NE(said("{chain: {name: b, rate: 0.1, source: s, date: 2024-01-01, cap_usd: 0}}").find("cap"),
            std::string::npos);
}

}  // namespace
}  // namespace margrave
