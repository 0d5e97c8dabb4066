#include "depth/percent_depth.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"

namespace margrave {
namespace {

class PercentFile : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::temp_directory_path() /
             ("margrave_percent_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
              ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv"))
                .string();
  }
  void TearDown() override { std::filesystem::remove(path_); }
  Result<std::vector<PercentDepth>> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_percent_depth(path_);
  }
  std::string path_;
};

// One moment of a published file, as quoted in a report of stale data in binance/binance-public-data, issue 431.
const std::string published =
    "timestamp,percentage,depth,notional\n"
    "2025-05-19 11:07:31,-5,7885.27500000,647368074.36920000\n"
    "2025-05-19 11:07:31,-4,7178.45300000,590768470.27090000\n"
    "2025-05-19 11:07:31,-3,5443.14900000,450287742.99870000\n"
    "2025-05-19 11:07:31,-2,3989.69900000,331452387.75030000\n"
    "2025-05-19 11:07:31,-1,2294.32400000,191369991.21780000\n"
    "2025-05-19 11:07:31,1,2097.41000000,176607765.20950000\n"
    "2025-05-19 11:07:31,2,3485.14100000,294629128.47080000\n"
    "2025-05-19 11:07:31,3,4813.86500000,408742768.20550000\n"
    "2025-05-19 11:07:31,4,5699.71200000,485628858.29740000\n"
    "2025-05-19 11:07:31,5,6491.51500000,555012399.28440000\n";

TEST_F(PercentFile, APublishedMomentIsReadAndItsStalenessFound) {
  const auto depths = read(published);
  ASSERT_TRUE(depths.has_value()) << to_string(depths.error());
  ASSERT_EQ(depths->size(), 1u);
  const PercentDepth& depth = depths->front();
  EXPECT_EQ(to_string(depth.at), "2025-05-19T11:07:31Z");
  EXPECT_EQ(to_string(depth.curve.distances[0]), "0.010000000000");
  EXPECT_EQ(to_string(depth.curve.bid[0]), "2294.324000000000");
  EXPECT_EQ(to_string(depth.curve.bid[4]), "7885.275000000000");
  EXPECT_EQ(to_string(depth.curve.ask[4]), "6491.515000000000");
  EXPECT_NEAR(static_cast<double>(depth.middle.raw) / 1e12, (83410.19 + 84202.79) / 2, 0.01);
  // Its mark price was 103,000; the book was another day's.
  const BookPrice mark{103'000 * power_of_ten(12)}, own{83'800 * power_of_ten(12)};
  const Ratio tolerance{2 * power_of_ten(10)};
  EXPECT_EQ(stale_depths(*depths, mark, tolerance).size(), 1u);
  EXPECT_TRUE(stale_depths(*depths, own, tolerance).empty());
}

TEST_F(PercentFile, MomentsOfTenAndOfTwelveRowsMayBeInOneFile) {
  std::string text = "timestamp,percentage,depth,notional\n";
  const auto add = [&](const std::string& at, const std::vector<std::string>& percentages) {
    double depth = 10;
    for (const std::string& each : percentages) {
      for (const char* sign : {"-", ""}) {
        text += at + "," + sign + each + "," + std::to_string(depth) + "," + std::to_string(depth * 100) + "\n";
      }
      depth += 5;
    }
  };
  add("2026-01-15 00:00:08", {"1.00", "2.00", "3.00", "4.00", "5.00"});
  add("2026-01-15 12:00:08", {"0.20", "1.00", "2.00", "3.00", "4.00", "5.00"});
  const auto depths = read(text);
  ASSERT_TRUE(depths.has_value()) << to_string(depths.error());
  EXPECT_EQ((*depths)[0].curve.distances.size(), 5u);
  EXPECT_EQ((*depths)[1].curve.distances.size(), 6u);
  EXPECT_EQ(to_string((*depths)[1].curve.distances[0]), "0.002000000000");
}

TEST_F(PercentFile, FaultsAreNamedWithLineAndField) {
  const std::string header =
      "timestamp,percentage,depth,notional\n2025-05-19 11:07:31,-1,1,1\n2025-05-19 11:07:31,1,1,1\n";
  ASSERT_TRUE(read(header).has_value());
  const std::pair<const char*, const char*> faults[] = {{"2025-05-19 11:07:30,-1,1,1\n", "timestamp"},
                                                        {"19.05.2025,-1,1,1\n", "timestamp"},
                                                        {"2025-05-19 11:07:31,0,1,1\n", "percentage"},
                                                        {"2025-05-19 11:07:31,-101,1,1\n", "percentage"},
                                                        {"2025-05-19 11:07:31,-1.0,1,1\n", "percentage"},
                                                        {"2025-05-19 11:07:31,2,-1,1\n", "depth"},
                                                        {"2025-05-19 11:07:31,2,nan,1\n", "depth"},
                                                        {"2025-05-19 11:07:31,2,1,-1\n", "notional"},
                                                        {"2025-05-19 11:07:31,2,1\n", ""}};
  for (const auto& [row, field] : faults) {
    const auto depths = read(header + row);
    ASSERT_FALSE(depths.has_value()) << row;
    EXPECT_EQ(depths.error().place.line, 4) << to_string(depths.error());
    EXPECT_EQ(depths.error().field, field) << to_string(depths.error());
  }
  EXPECT_FALSE(read(header + "2025-05-19 11:07:31,2,3,3\n").has_value());  // no bid at 2 %
  EXPECT_FALSE(read(header + "2025-05-19 11:07:31,2,0.5,1\n2025-05-19 11:07:31,-2,1,1\n").has_value());
  EXPECT_FALSE(read("timestamp,percentage,depth,notional\n").has_value());
  EXPECT_FALSE(
      read("timestamp,percentage,depth,notional\n2025-05-19 11:07:31,-1,1,2\n2025-05-19 11:07:31,1,1,1\n").has_value());
}

TEST_F(PercentFile, AnyDamageIsAnAnswer) {
  Random random{.seed = 20261201, .stream = 1};
  std::size_t refused = 0;
  for (int i = 0; i < 400; ++i) {
    std::string text = published;
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
      const std::size_t at = random.below(text.size());
      const char replacements[] = {',', '\n', '-', '9', 'e', '.', '"', ' ', ':', '0'};
      if (random.below(3) == 0) {
        text.erase(at, 1 + random.below(4));
      } else {
        text[at] = replacements[random.below(sizeof(replacements))];
      }
    }
    const auto depths = read(text);
    if (!depths) ++refused;
    if (!depths) continue;
    for (const PercentDepth& depth : *depths) EXPECT_TRUE(check_curve(depth.curve).has_value()) << "case " << i;
  }
  EXPECT_GT(refused, 60u) << "seed 20261201";
  EXPECT_LT(refused, 400u);
}

}  // namespace
}  // namespace margrave
