#include "pricing/option_row.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/random.h"
#include "math/elementary.h"
#include "pricing/black76.h"

namespace margrave {
namespace {

/// n scenarios with every ingredient present.
struct Scenarios {
  std::vector<double> log_forward, forward, vol_multiplier, vol_floor, unit, dampening;

  explicit Scenarios(std::size_t n, std::uint64_t stream = 1) {
    Random random{.seed = 17, .stream = stream};
    for (std::size_t i = 0; i < n; ++i) {
      log_forward.push_back(0.8 * (random.uniform() - 0.5));
      forward.push_back(60000 * stable_exp(log_forward.back()));
      vol_multiplier.push_back(0.5 + random.uniform());
      vol_floor.push_back(i % 5 == 0 ? 0.9 : 0.0);
      unit.push_back(0.01 * (1 + random.uniform()));
      dampening.push_back(i % 7 == 0 ? 0.35 : 1.0);
    }
  }
  ExpiryScenarios view(std::size_t n) const {
    const auto part = [n](const std::vector<double>& all) { return std::span<const double>(all).first(n); };
    return {part(log_forward), part(forward), part(vol_multiplier), part(vol_floor), part(unit), part(dampening)};
  }
  ExpiryScenarios view() const { return view(forward.size()); }
};

constexpr SviSlice slice{.a = 0.01, .b = 0.06, .rho = -0.3, .m = 0.02, .sigma = 0.2};
constexpr double base = 31.25, power = 0x1p12;

OptionTerms terms(double log_moneyness, bool is_call, double expiry = 0.25, double scale = 0.9) {
  return {.strike = 60000 * stable_exp(log_moneyness),
          .log_moneyness = log_moneyness,
          .is_call = is_call,
          .expiry_years = expiry,
          .variance_scale = scale};
}

/// One entry composed step by step from the definition in option_row.h.
double by_definition(const Scenarios& in, std::size_t i, const OptionTerms& option, const Smile& smile) {
  const double k = option.log_moneyness - in.log_forward[i];
  double vol = 0;
  if (const auto* svi = std::get_if<SviSlice>(&smile)) {
    const double y = k - svi->m, w = (svi->a + svi->b * (svi->rho * y + std::sqrt(y * y + svi->sigma * svi->sigma))) *
                                     option.variance_scale;
    vol = std::sqrt(w / option.expiry_years) * in.vol_multiplier[i];
  } else {
    vol = std::get<FlatVol>(smile).vol * in.vol_multiplier[i];
  }
  vol = std::max(vol, in.vol_floor[i]);
  const double price = black76_accurate({in.forward[i], option.strike, option.expiry_years, vol, option.is_call});
  return base + in.dampening[i] * (price * in.unit[i] - base);
}

TEST(OptionRow, ValuesFollowTheDefinition) {
  const Scenarios in(203);
  std::vector<double> out(203);
  for (const Smile& smile : {Smile{slice}, Smile{FlatVol{0.7}}}) {
    for (const double k : {-0.6, -0.1, 0.0, 0.3, 0.9}) {
      for (const bool is_call : {true, false}) {
        option_values(best_isa(), in.view(), terms(k, is_call), smile, base, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
          // The strike and the forward are rounded exponentials: an error of 1e-16 of the forward each.
          EXPECT_NEAR(out[i], by_definition(in, i, terms(k, is_call), smile),
                      1e-15 * in.forward[i] * in.unit[i] + 1e-13)
              << k << " " << i;
        }
      }
    }
  }
}

TEST(OptionRow, EqualsRoundingTheValuesHalfToEvenOnEveryInstructionSet) {
  const Scenarios in(259);
  std::vector<double> values(259), expected(259);
  std::vector<std::int32_t> row(259);
  std::vector<std::int64_t> wide(259);
  for (const Smile& smile : {Smile{slice}, Smile{FlatVol{0.7}}}) {
    for (const double k : {-0.4, 0.0, 0.2}) {
      for (const double expiry : {0.25, 1e-5, 0.0}) {
        option_values(Isa::portable, in.view(), terms(k, true, expiry), smile, base, expected);
        for (const Isa isa : supported_isas()) {
          option_values(isa, in.view(), terms(k, true, expiry), smile, base, values);
          ASSERT_EQ(std::memcmp(values.data(), expected.data(), values.size() * sizeof(double)), 0) << to_string(isa);
          ASSERT_TRUE(option_row(isa, in.view(), terms(k, true, expiry), smile, base, power, std::span(row)));
          ASSERT_TRUE(option_row(isa, in.view(), terms(k, true, expiry), smile, base, power * 0x1p25, std::span(wide)));
          for (std::size_t i = 0; i < row.size(); ++i) {
            ASSERT_EQ(row[i], std::nearbyint(values[i] * power)) << to_string(isa) << " " << i;
            ASSERT_EQ(wide[i], static_cast<std::int64_t>(std::nearbyint(values[i] * power * 0x1p25)))
                << to_string(isa) << " " << i;
          }
        }
      }
    }
  }
}

/// A row whose values are given: a zero-time call struck at 1 on forwards 1 + value.
struct Given {
  std::vector<double> zero, forward, one;
  explicit Given(const std::vector<double>& values) : zero(values.size(), 0.0), one(values.size(), 1.0) {
    for (const double value : values) forward.push_back(1.0 + value);
  }
  ExpiryScenarios view() const { return {zero, forward, one, zero, one, one}; }
};
constexpr OptionTerms settled{
    .strike = 1.0, .log_moneyness = 0.0, .is_call = true, .expiry_years = 0.0, .variance_scale = 0.0};

TEST(OptionRow, TiesGoToTheEvenInteger) {
  const Given in({0.5, 1.5, 2.5, 3.5, 4.5, 1000000.5, 1000001.5, 0.25, 0.75, 2147483646.5});
  const std::vector<std::int32_t> expected = {0, 2, 2, 4, 4, 1000000, 1000002, 0, 1, 2147483646};
  for (const Isa isa : supported_isas()) {
    std::vector<std::int32_t> row(expected.size());
    EXPECT_TRUE(option_row(isa, in.view(), settled, FlatVol{0.5}, 0.0, 1.0, std::span(row)));
    EXPECT_EQ(row, expected) << to_string(isa);
  }
}

TEST(OptionRow, AnEntryThatDoesNotFitIsReported) {
  for (const Isa isa : supported_isas()) {
    for (std::size_t n : {1u, 8u, 17u, 35u}) {
      for (std::size_t at : {std::size_t{0}, n - 1}) {
        std::vector<double> values(n, 3.0);
        std::vector<std::int32_t> row(n);
        values[at] = 2147483647.0;
        EXPECT_TRUE(option_row(isa, Given(values).view(), settled, FlatVol{0.5}, 0.0, 1.0, std::span(row)));
        EXPECT_EQ(row[at], 2147483647);
        for (const double bad : {2147483648.0, 1e15, 1e300, std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::quiet_NaN()}) {
          values[at] = bad;
          EXPECT_FALSE(option_row(isa, Given(values).view(), settled, FlatVol{0.5}, 0.0, 1.0, std::span(row))) << bad;
          EXPECT_EQ(row[at], std::numeric_limits<std::int32_t>::min()) << bad;
        }
        std::vector<std::int64_t> wide(n);
        values[at] = 1e15;
        EXPECT_TRUE(option_row(isa, Given(values).view(), settled, FlatVol{0.5}, 0.0, 4096.0, std::span(wide)));
        EXPECT_EQ(wide[at], 4096000000000000000);
        EXPECT_FALSE(option_row(isa, Given(values).view(), settled, FlatVol{0.5}, 0.0, 1e4, std::span(wide)));
      }
    }
  }
}

TEST(OptionRow, WithoutTimeTheValueIsExactIntrinsic) {
  const Scenarios in(64);
  const std::vector<double> ones(64, 1.0);
  ExpiryScenarios plain = in.view();
  plain.unit = ones, plain.dampening = ones;
  std::vector<double> out(64);
  for (const bool is_call : {true, false}) {
    const OptionTerms option = terms(0.05, is_call, 0.0);
    option_values(best_isa(), plain, option, slice, 0.0, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      EXPECT_EQ(out[i], std::max(is_call ? in.forward[i] - option.strike : option.strike - in.forward[i], 0.0));
    }
  }
}

TEST(OptionRow, EveryLengthWritesItsEntriesAndNoMore) {
  const Scenarios in(70);
  std::vector<std::int32_t> whole(70);
  ASSERT_TRUE(option_row(Isa::portable, in.view(), terms(0.1, true), slice, base, power, std::span(whole)));
  for (const Isa isa : supported_isas()) {
    for (std::size_t n = 0; n <= 70; ++n) {
      std::vector<std::int32_t> row(n + 1, -5);
      ASSERT_TRUE(option_row(isa, in.view(n), terms(0.1, true), slice, base, power, std::span(row).first(n)));
      EXPECT_EQ(std::memcmp(row.data(), whole.data(), n * sizeof(std::int32_t)), 0) << n;
      EXPECT_EQ(row[n], -5);
    }
  }
}

}  // namespace
}  // namespace margrave
