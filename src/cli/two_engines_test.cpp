#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "cli/inputs.h"
#include "dialect/conform.h"
#include "document/read.h"
#include "margin/assess.h"
#include "margin/book_reader.h"
#include "report/margin_json.h"

namespace margrave {
namespace {

const std::string root = MARGRAVE_SOURCE_DIR "/";

/// What one engine is given: a market, a recipe and how many threads it may use itself.
struct Work {
  const char* market;
  const char* recipe;
  const char* book;
  unsigned threads;
};

/// The whole way from files to a report, as its digests and its text; an error's text if it fails.
std::string margined(const Work& work) {
  const auto market = load_market({.market = root + work.market, .at = {}, .bars = {}});
  if (!market) return to_string(market.error());
  auto recipe = load_recipe(work.recipe);
  if (!recipe) return to_string(recipe.error());
  std::vector<Bars> bars;
  if (needs_bars(*recipe)) bars = *load_bars({root + "examples/bars"});
  CommonOptions common;
  common.threads = work.threads;
  const auto revalued = revalue_recipe(*std::move(recipe), *market, bars, common);
  if (!revalued) return to_string(revalued.error());
  const auto document = parse_document(work.book, "book.yaml");
  if (!document) return to_string(document.error());
  const auto books = read_books(*document, market->registry);
  if (!books) return to_string(books.error());
  const MarginContext context{*market,
                              (*revalued)->revaluation.array,
                              (*revalued)->index,
                              (*revalued)->loaded.recipe,
                              (*revalued)->sets,
                              work.market,
                              best_isa()};
  const auto report = assess(context.inputs(), books->front());
  if (!report) return to_string(report.error());
  const auto many = assess_all(context.inputs(), std::vector<Book>(50, books->front()), work.threads);
  for (const auto& one : many) {
    if (!one || one->equity != report->equity) return "a batch disagrees with one account";
  }
  return to_string((*revalued)->revaluation.array.digest()) + recipe_json(context, {{books->front(), *report}});
}

const Work works[] = {
    {"examples/market.yaml", "scenario-grid",
     "{account: a, balances: {USDC: '1000'}, positions: [{instrument: BTC-27MAR26-64000-P, size: '-3'}, {instrument: "
     "SOL-PERP, size: '9'}]}",
     2},
    {"examples/chain.csv", "scenario-grid", "{account: b, positions: [{instrument: BTC-6MAR26-58000-C, size: '-2'}]}",
     1},
    {"examples/market.yaml", "hs-es",
     "{account: c, balances: {BTC: '1'}, positions: [{instrument: ETH-PERPETUAL, size: '500', entry_price: '1900'}]}",
     2},
    {"examples/market.yaml", "cross-fixed", "{account: d, positions: [{instrument: NONE, size: '1'}]}", 1},
};

// The library has no global state: engines that work at the same time on different things give what each gives alone.
TEST(TwoEngines, InTwoThreadsGiveWhatEachGivesAlone) {
  constexpr std::size_t count = std::size(works);
  std::vector<std::string> alone;
  for (const Work& work : works) alone.push_back(margined(work));
  for (std::size_t i = 0; i + 1 < count; ++i) EXPECT_GT(alone[i].size(), 1000u) << alone[i];
  EXPECT_NE(alone[3].find("'NONE' is not in the market"), std::string::npos) << alone[3];

  std::vector<std::vector<std::string>> together(2, std::vector<std::string>(count));
  std::vector<std::thread> engines;
  for (std::size_t engine = 0; engine < 2; ++engine) {
    // One goes forward, the other backward, so that they meet with different work in hand.
    engines.emplace_back([engine, &together] {
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = engine == 0 ? i : count - 1 - i;
        together[engine][at] = margined(works[at]);
      }
    });
  }
  for (std::thread& engine : engines) engine.join();
  for (const auto& results : together) EXPECT_EQ(results, alone);
}

TEST(TwoEngines, InTwoThreadsCheckGoldenVectorsAlike) {
  const std::string text =
      "F,K,vol,T,call_undisc,put_undisc,delta_call,gamma,vega\n100,100,0.2,1,7.9655674554057967338,"
      "7.9655674554057967338,0.539827837277028984,0.0198476273738505872,39.6952547477011765\n";
  std::vector<std::size_t> passed(2);
  std::vector<std::thread> engines;
  for (std::size_t& count : passed) {
    engines.emplace_back([&] {
      for (int i = 0; i < 20; ++i) count += conform_text(text, "black76.csv", best_isa())->passed;
    });
  }
  for (std::thread& engine : engines) engine.join();
  EXPECT_EQ(passed, (std::vector<std::size_t>{20, 20}));
}

}  // namespace
}  // namespace margrave
