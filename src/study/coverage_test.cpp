#include "study/coverage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "study/conditional_coverage.h"

namespace margrave {
namespace {

std::vector<std::vector<double>> kupiec_rows() {
  std::ifstream file(MARGRAVE_SHARED_DIR "/science/reference/kupiec.csv");
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(std::strtod(cell.c_str(), nullptr));
  }
  return rows;
}

bool must_have_reference() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string(ci) == "true";
}

// 1043 days, 57 breaches in 53 runs: N00, N10, N01, N11 = 932, 53, 53, 4.
constexpr BreachPath mathworks{.count = {1043, 57}, .runs = 53, .first = false, .last = false};

/// Half of the last of `digits` significant digits.
double half_digit(double value, int digits) {
  return 0.5000001 * std::pow(10, std::floor(std::log10(std::abs(value))) + 1 - digits);
}

// kupiec.csv: ratio to ten, both p-values to eight significant digits, 468 rows. Where the ratio is near 0, what is
// left of its cancelling terms is 1e-12 at most.
TEST(Coverage, EveryRowOfKupiecTableToItsPrintedDigits) {
  const auto rows = kupiec_rows();
  if (rows.empty()) {
    ASSERT_FALSE(must_have_reference()) << "the reference folder is missing";
    GTEST_SKIP() << "the reference folder " MARGRAVE_SHARED_DIR " is not beside the tree";
  }
  EXPECT_EQ(rows.size(), 468u);
  for (const auto& row : rows) {
    const BreachCount count{static_cast<std::size_t>(row[0]), static_cast<std::size_t>(row[2])};
    const auto coverage = unconditional_coverage(count, row[1]);
    ASSERT_TRUE(coverage);
    EXPECT_NEAR(coverage->ratio, row[3], half_digit(row[3], 10) + 1e-12) << count.observations << " " << count.breaches;
    EXPECT_NEAR(coverage->chi_square_p, row[4], half_digit(row[4], 8)) << count.observations << " " << count.breaches;
    EXPECT_NEAR(coverage->exact_p, row[5], half_digit(row[5], 8)) << count.observations << " " << count.breaches;
  }
}

// MathWorks, Risk Management Toolbox, varbacktest: pof, cci and cc of its example.
TEST(Coverage, MathWorksExampleToItsPrintedDigits) {
  const auto pof = unconditional_coverage(mathworks.count, 0.05);
  EXPECT_NEAR(pof->ratio, 0.46147, 5e-6);
  EXPECT_NEAR(pof->chi_square_p, 0.49694, 5e-6);
  const auto cc = conditional_coverage(mathworks, 0.05);
  ASSERT_TRUE(cc);
  EXPECT_NEAR(cc->independence, 0.25866, 5e-6);
  EXPECT_NEAR(cc->independence_chi_square_p, 0.61104, 5e-6);
  EXPECT_NEAR(cc->both, 0.72013, 5e-6);
  EXPECT_NEAR(cc->both_chi_square_p, 0.69763, 5e-6);
  const auto rare = unconditional_coverage({1043, 17}, 0.01);
  EXPECT_NEAR(rare->ratio, 3.5118, 5e-5);
  EXPECT_NEAR(rare->chi_square_p, 0.060933, 5e-7);
}

TEST(Coverage, RefusesWhatCannotBe) {
  EXPECT_EQ(unconditional_coverage({12, 57}, 0.01).error().message, "57 breaches among 12 observations");
  EXPECT_FALSE(unconditional_coverage({12, 1}, 1));
}

TEST(Coverage, EdgesHaveRatiosAndPValues) {
  EXPECT_EQ(unconditional_coverage({0, 0}, 0.01)->ratio, 0);
  EXPECT_EQ(unconditional_coverage({0, 0}, 0.01)->exact_p, 1);
  EXPECT_NEAR(unconditional_coverage({250, 0}, 0.01)->ratio, -500 * std::log(0.99), 1e-12);
  EXPECT_NEAR(unconditional_coverage({5, 5}, 0.01)->ratio, -10 * std::log(0.01), 1e-12);
  EXPECT_NEAR(unconditional_coverage({5, 5}, 0.01)->exact_p, 1e-10, 1e-24);
}

}  // namespace
}  // namespace margrave
