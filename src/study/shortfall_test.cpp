#include "study/shortfall.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "study/quantile.h"

namespace margrave {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> draws_of(std::size_t n, double nu, std::size_t count, unsigned threads = 0) {
  const auto shape = tail_shape(nu, 0.025);
  return *simulate_shortfall(n, *shape, {.draws = count, .seed = 11, .threads = threads});
}

/// Three standard errors of the difference of two shares, one of each number of draws.
double three_errors(double p, double theirs, double ours) {
  return 3 * std::sqrt(p * (1 - p) * (1 / theirs + 1 / ours));
}

// reference.md 3 and student_t_es.csv.
TEST(TailShape, PrintedValuesOfStudentAndNormal) {
  EXPECT_NEAR(tail_shape(4, 0.01)->var, 3.746947, 5e-7);
  EXPECT_NEAR(tail_shape(4, 0.01)->es, 5.220584, 5e-7);
  EXPECT_NEAR(tail_shape(4, 0.025)->var, 2.776445, 5e-7);
  EXPECT_NEAR(tail_shape(4, 0.025)->es, 3.993557, 5e-7);
  EXPECT_NEAR(tail_shape(2.5, 0.05)->var, 2.55821861414, 5e-12);
  EXPECT_NEAR(tail_shape(2.5, 0.05)->es, 4.5975344798, 5e-11);
  EXPECT_NEAR(tail_shape(2.5, 0.005)->es, 12.06732649321219, 1e-12);  // 30 digits; student_t_es.csv is 1.2e-8 off here
  EXPECT_NEAR(tail_shape(infinity, 0.025)->es, 2.337803, 5e-7);
  EXPECT_NEAR(tail_shape(infinity, 0.01)->es, 2.665214, 5e-7);
}

TEST(TailShape, RefusesWhatHasNoShortfall) {
  EXPECT_FALSE(tail_shape(1, 0.01));
  EXPECT_FALSE(tail_shape(std::nan(""), 0.01));
  EXPECT_FALSE(tail_shape(-infinity, 0.01));
  EXPECT_FALSE(tail_shape(4, 0));
  EXPECT_FALSE(tail_shape(4, 0.5));
}

// acerbi_szekely_z2_mc.json: 250 days, 2.5 %, 300,000 simulations of whole series; ours draw the tail alone.
TEST(Shortfall, CriticalValuesOfTheReference) {
  const struct {
    double nu, five, one, tenth, hundredth;
  } rows[] = {{3, -0.8174961569942152, -1.3387557822177265, -2.3512953074265956, -4.176778221015762},
              {5, -0.7364040235284103, -1.1077062514101086, -1.5880275200015055, -1.9956727852937546},
              {10, -0.7089529427721251, -1.0601840818651338, -1.4754343864446091, -1.8590295317048273},
              {100, -0.7014976856305449, -1.0425669046653887, -1.4507612748731142, -1.7925649243881399},
              {infinity, -0.6988507717479879, -1.0428520872916658, -1.446389319447915, -1.7824326920060511}};
  for (const auto& row : rows) {
    const auto draws = draws_of(250, row.nu, 300'000);
    EXPECT_NEAR(lower_tail_p(draws, row.five), 0.05, three_errors(0.05, 3e5, 3e5)) << row.nu;
    EXPECT_NEAR(lower_tail_p(draws, row.one), 0.01, three_errors(0.01, 3e5, 3e5)) << row.nu;
    EXPECT_NEAR(lower_tail_p(draws, row.tenth), 0.001, three_errors(0.001, 3e5, 3e5)) << row.nu;
    EXPECT_NEAR(lower_tail_p(draws, row.hundredth), 0.0001, three_errors(0.0001, 3e5, 3e5)) << row.nu;
  }
}

// MathWorks, Risk Management Toolbox, esbacktest: 1966 days, 97.5 %, statistic -0.38265, p .0054 (normal) and .0186
// (t3), critical values at 1 % -.34639 and -.42986. Its p-values lie on straight lines between tabulated critical
// values, here between those of .5 % and 1 % and of 1 % and 2.5 %; the plain share of our draws for t3 is .0169.
TEST(Shortfall, MathWorksExampleWithinThreeStandardErrors) {
  const auto between = [](const std::vector<double>& draws, double low, double high) {
    const double from = sorted_quantile(draws, low), to = sorted_quantile(draws, high);
    return low + (high - low) * (-0.38265 - from) / (to - from);
  };
  const auto normal = draws_of(1966, infinity, 100'000), fat = draws_of(1966, 3, 100'000);
  EXPECT_NEAR(lower_tail_p(normal, -0.34639), 0.01, three_errors(0.01, 1e5, 1e5));
  EXPECT_NEAR(lower_tail_p(fat, -0.42986), 0.01, three_errors(0.01, 1e5, 1e5));
  EXPECT_NEAR(between(normal, 0.005, 0.01), 0.0054, 5e-5 + three_errors(0.0054, 1e5, 1e5));
  EXPECT_NEAR(between(fat, 0.01, 0.025), 0.0186, 5e-5 + three_errors(0.0186, 1e5, 1e5));
}

TEST(Shortfall, StatisticOfAnExampleByHand) {
  const double losses[] = {1, 5, -2, 9}, var[] = {3, 4, 3, 8}, es[] = {4, 5, 4, 10};
  EXPECT_NEAR(*shortfall_statistic({losses, var, es, 0.25}), 1 - (1 + 0.9) / (4 * 0.25), 1e-15);
  const double calm[] = {0, 0, 0, 0};
  EXPECT_EQ(*shortfall_statistic({calm, var, es, 0.25}), 1);
  EXPECT_EQ(*shortfall_p({calm, var, es, 0.025}, {}), 1);
}

TEST(Shortfall, MeanOfTheDrawsIsZero) {
  for (const double nu : {4.0, 10.0, infinity}) {
    const auto draws = draws_of(250, nu, 100'000);
    double sum = 0, squares = 0;
    for (const double z : draws) sum += z, squares += z * z;
    EXPECT_NEAR(sum / 1e5, 0, 4 * std::sqrt(squares) / 1e5) << nu;
  }
}

TEST(Shortfall, SimulationIsTheSameOnAnyNumberOfThreads) {
  EXPECT_EQ(draws_of(250, 4, 20'000, 1), draws_of(250, 4, 20'000, 3));
}

TEST(Shortfall, RefusesWhatIsNoForecast) {
  const double losses[] = {1}, var[] = {3}, es[] = {0};
  EXPECT_EQ(shortfall_statistic({losses, var, es}).error().message, "es[0] is 0, not above zero");
  EXPECT_EQ(shortfall_statistic({}).error().message, "there are no losses");
  EXPECT_FALSE(shortfall_statistic({losses, var, {}}));
  EXPECT_FALSE(shortfall_statistic({losses, var, var, 1.5}));
  EXPECT_FALSE(simulate_shortfall(0, *tail_shape(4, 0.025), {}));
}

}  // namespace
}  // namespace margrave
