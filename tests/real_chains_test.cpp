#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/embedded.h"
#include "dialect/deribit_chain.h"
#include "document/read.h"
#include "margin/assess.h"
#include "margin/recipe_reader.h"
#include "market/chain.h"
#include "scenario/grid.h"
#include "scenario/revalue.h"

namespace margrave {
namespace {

struct ScenarioGrid {
  Document document =
      *parse_document(*embedded_file("recipes/scenario-grid.yaml"), "scenario-grid.yaml", ErrorKind::config);
  Recipe recipe = *read_recipe(document);
  std::vector<ScenarioSpec> specs = *read_scenario_specs(*Cursor(document).find("scenarios"));
};

/// The option of an expiry whose strike is nearest to a multiple of the forward.
std::optional<InstrumentId> option_near(const Market& market, UnderlyingId on, const ExpiryState& expiry,
                                        double multiple, bool is_call) {
  std::optional<InstrumentId> nearest;
  double least = 1e300;
  for (std::uint32_t i = 0; i < market.registry.instruments().size(); ++i) {
    const Instrument& terms = market.registry.instruments()[i];
    if (terms.kind != Kind::option || terms.underlying != on || terms.expiry != expiry.expiry ||
        terms.is_call != is_call)
      continue;
    const double distance = std::fabs(terms.strike.to_double() - multiple * expiry.forward);
    if (distance < least) {
      least = distance;
      nearest = InstrumentId{i};
    }
  }
  return nearest;
}

/// Per underlying, on the first expiry beyond a week: a short straddle at the money with long wings, ten lots each.
Book iron_butterflies(const Market& market) {
  Book book{"butterflies", {}, {}};
  for (std::uint32_t u = 0; u < market.registry.underlyings().size(); ++u) {
    for (const ExpiryState& expiry : market.state.underlyings[u].expiries) {
      if (years_between(market.state.as_of, expiry.expiry) * 365 < 7) continue;
      for (const bool is_call : {true, false}) {
        const auto body = option_near(market, UnderlyingId{u}, expiry, 1.0, is_call);
        const auto wing = option_near(market, UnderlyingId{u}, expiry, is_call ? 1.2 : 0.8, is_call);
        if (!body || !wing || *body == *wing) continue;
        book.positions.push_back({*body, Lots{-10}, std::nullopt});
        book.positions.push_back({*wing, Lots{10}, std::nullopt});
      }
      break;
    }
  }
  return book;
}

struct Totals {
  std::size_t chains{0}, rows{0}, instruments{0};
  double least_requirement{1e300}, largest_requirement{0};
};

void margin_chain(const Chain& chain, const ScenarioGrid& grid, Totals& totals) {
  const auto built = build_market(chain);
  ASSERT_TRUE(built) << to_string(built.error());
  const Market& market = built->market;
  const auto set = grid_scenarios(grid.specs.front(), std::get<GridSpec>(grid.specs.front().kind), market);
  ASSERT_TRUE(set);
  const auto revaluation = revalue(market, {*set}, {.isa = best_isa(), .threads = 0});
  ASSERT_TRUE(revaluation) << to_string(revaluation.error());
  EXPECT_TRUE(revaluation->unpriced.empty()) << to_string(market.state.as_of);
  const RowIndex index = index_rows(market.registry, revaluation->array);
  const Book book = iron_butterflies(market);
  ASSERT_GE(book.positions.size(), 4u) << to_string(market.state.as_of);
  const auto report = assess({market.registry, revaluation->array, index, grid.recipe, best_isa()}, book);
  ASSERT_TRUE(report) << to_string(report.error());

  const ComponentAmount& initial = report->components[grid.recipe.initial];
  Usd parts;
  for (const Usd part : initial.by_line) parts += part;
  EXPECT_EQ(parts, initial.amount);
  // What one butterfly can lose is the distance of its wings, about a fifth of the forward; ten lots of both sides.
  const double requirement = static_cast<double>(initial.amount.raw) * 1e-9;
  EXPECT_GT(requirement, 0);
  ++totals.chains;
  totals.rows += revaluation->array.rows();
  totals.instruments += market.registry.instruments().size();
  totals.least_requirement = std::min(totals.least_requirement, requirement);
  totals.largest_requirement = std::max(totals.largest_requirement, requirement);
}

TEST(RealChains, EveryRecordedChainIsRevaluedAndMargined) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/options";
  if (!std::filesystem::exists(folder)) {
    if (std::getenv("CI") != nullptr) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const ScenarioGrid grid;
  Totals totals;
  for (const char* month : {"2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07"}) {
    const auto taken = stream_deribit_csv(folder + "/deribit_chain_" + month + ".csv.gz", [&](const Chain& chain) {
      margin_chain(chain, grid, totals);
      return !::testing::Test::HasFatalFailure();
    });
    ASSERT_TRUE(taken) << to_string(taken.error());
  }
  std::printf("%zu chains, %.0f instruments and %.0f rows each; requirement %.0f to %.0f USD\n", totals.chains,
              static_cast<double>(totals.instruments) / static_cast<double>(totals.chains),
              static_cast<double>(totals.rows) / static_cast<double>(totals.chains), totals.least_requirement,
              totals.largest_requirement);
  EXPECT_EQ(totals.chains, 564u);  // as the index of the recordings counts them
}

}  // namespace
}  // namespace margrave
