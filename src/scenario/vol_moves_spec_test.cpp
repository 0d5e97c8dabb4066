#include "scenario/vol_moves_spec.h"

#include <gtest/gtest.h>

#include "document/read.h"
#include "scenario/scenario_spec.h"

namespace margrave {
namespace {

const std::string history = "kind: historical, horizon: 8h, vol_moves: ";

Result<std::vector<ScenarioSpec>> read(const std::string& yaml) {
  const auto document = parse_document("s: {" + yaml + "}\n", "r.yaml", ErrorKind::config);
  if (!document) return fail(document.error());
  return read_scenario_specs(Cursor(*document));
}

std::string error_of(const std::string& yaml) {
  const auto specs = read(yaml);
  return specs ? "" : to_string(specs.error());
}

void expect_says(const std::string& yaml, const std::vector<std::string>& parts) {
  const std::string said = error_of(yaml);
  for (const std::string& part : parts) EXPECT_NE(said.find(part), std::string::npos) << yaml << "\n" << said;
}

TEST(VolMovesSpec, IsReadWithItsDefaults) {
  const auto specs = read(
      history + "{level: {constant: '0.001', slope: '-0.8', size: '1.2', spread: '0.02'}, term: {with_level: '-0.3'}}");
  ASSERT_TRUE(specs) << to_string(specs.error());
  const VolMovesSpec& moves = specs->front().vol_moves.value();
  EXPECT_EQ(moves.lines[0].constant, 0.001);
  EXPECT_EQ(moves.lines[0].slope, -0.8);
  EXPECT_EQ(moves.lines[0].size, 1.2);
  EXPECT_EQ(moves.lines[0].spread, 0.02);
  EXPECT_EQ(moves.lines[1].spread, 0);
  EXPECT_EQ(moves.lines[3].with_level, -0.3);
  EXPECT_EQ(moves.width, usual_surface_width);
  EXPECT_FALSE(read("kind: historical, horizon: 8h")->front().vol_moves.has_value());
}

TEST(VolMovesSpec, StandsBesideDrawnReturnsToo) {
  for (const char* kind : {"monte_carlo", "normal"}) {
    const auto specs = read("kind: " + std::string(kind) + ", horizon: 8h, vol_moves: {skew: {spread: '0.01'}}");
    ASSERT_TRUE(specs) << to_string(specs.error());
    EXPECT_EQ(specs->front().vol_moves.value().lines[1].spread, 0.01);
  }
}

TEST(VolMovesSpec, RefusesWhatIsWrongAndSaysWhatIsRight) {
  expect_says(history + "{}", {"r.yaml", "s.vol_moves", "moves nothing", "leave vol_moves out"});
  expect_says(history + "{width: '0.1'}", {"moves nothing"});
  expect_says(history + "{levels: {spread: '0.1'}}", {"levels"});
  expect_says(history + "{level: {slopes: '0.1'}}", {"s.vol_moves.level", "slopes"});
  expect_says(history + "{level: {slope: '51'}}", {"r.yaml", "s.vol_moves.level.slope", "51 is outside -50 to 50"});
  expect_says(history + "{level: {size: '-51'}}", {"s.vol_moves.level.size", "outside"});
  expect_says(history + "{term: {constant: '2'}}", {"s.vol_moves.term.constant", "2 is outside -1 to 1"});
  expect_says(history + "{wings: {spread: '-0.1'}}", {"s.vol_moves.wings.spread", "outside 0 to 1"});
  expect_says(history + "{skew: {spread: nan}}", {"s.vol_moves.skew.spread"});
  expect_says(history + "{skew: {spread: '0.1'}, width: '0'}", {"s.vol_moves.width", "outside 0.01 to 1"});
  expect_says(history + "{level: {with_level: '0.5'}}", {"s.vol_moves.level.with_level", "leave with_level out"});
  expect_says(history + "7", {"s.vol_moves"});
  expect_says("kind: grid, spot: ['0'], vol_moves: {level: {spread: '0.1'}}", {"vol_moves"});
  expect_says("kind: correlation_break, horizon: 8h, vol_moves: {level: {spread: '0.1'}}", {"vol_moves"});
}

}  // namespace
}  // namespace margrave
