#include <gtest/gtest.h>

#include <algorithm>

#include "recorded_series.h"
#include "study/binomial.h"
#include "study/breaches.h"
#include "study/independence.h"
#include "study_tables.h"

// One unit long and one short, on recorded bars: docs/evidence/hedged-books.md has the table and the rules.
namespace margrave {
namespace {

/// A pair of assets and what it is called; the least margin is in parts of one leg's notional.
struct Pair {
  std::string name;
  PriceWindows first, second;
  double least_margin{0};
};
Pair of_two_coins(double least_margin) {
  const std::vector<RecordedAsset> assets = first_assets();
  return {"BTC/ETH", recorded_windows(assets[0], eight_hours), recorded_windows(assets[1], eight_hours), least_margin};
}
Pair perpetual_and_spot(const std::string& name) {
  const RecordedAsset first{name, {{perpetual, record_end()}}}, second{name, {{spot, record_end()}}};
  return {name + " perpetual/spot", recorded_windows(first, eight_hours), recorded_windows(second, eight_hours), 0.01};
}

/// Both directions of a pair beside the raw margins of its legs alone, on the same windows.
struct HedgedWalk {
  std::vector<StudiedSeries> book;         ///< first long, first short
  std::vector<std::vector<double>> apart;  ///< of each: sum of the legs' raw margins by tested window
};
HedgedWalk walk(const Pair& pair, BookFilter filter) {
  const JointWindows joint = joint_windows(pair.first, pair.second);
  const BookLeg legs[] = {{1, joint.first_return, joint.first_variance},
                          {-1, joint.second_return, joint.second_variance}};
  WalkSpec spec;
  spec.least_margin = pair.least_margin;
  Walk together = *walk_from_tails(spec, *book_tails(tail_spec(spec), legs, filter));
  const Walk first = *walk_linear({}, joint.first_return, joint.first_variance);
  const Walk second = *walk_linear({}, joint.second_return, joint.second_variance);
  HedgedWalk found;
  for (const bool is_long : {true, false}) {
    const std::vector<double>&one = is_long ? first.long_side.raw : first.short_side.raw,
          &other = is_long ? second.short_side.raw : second.long_side.raw;
    std::vector<double> apart;
    for (const std::size_t t : together.at) {
      const auto place = [t](const Walk& of) {
        return std::lower_bound(of.at.begin(), of.at.end(), t) - of.at.begin();
      };
      apart.push_back(one.at(static_cast<std::size_t>(place(first))) +
                      other.at(static_cast<std::size_t>(place(second))));
    }
    found.apart.push_back(std::move(apart));
  }
  PriceWindows windows;
  windows.end_ms = joint.end_ms;
  add_sides(found.book, pair.name, windows, std::move(together));
  return found;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

struct HedgedJudgement {
  std::size_t windows{0}, breaches{0};
  double ratio{0}, too_many_p{1}, runs_p{1};
};
HedgedJudgement judge(const HedgedWalk& walk, std::size_t side, WalkModel model, const StudySpan& span) {
  const StudiedSeries& book = walk.book[side];
  const std::vector<double> losses = within(book, book.side.loss, span),
                            margins = within(book, margins_of(book.side, model), span);
  const Breaches breaches = *find_breaches(losses, margins);
  return {.windows = losses.size(),
          .breaches = breaches.at.size(),
          .ratio = sum(margins) / sum(within(book, walk.apart[side], span)),
          .too_many_p = binomial_test(count_of(breaches), 0.01)->at_least,
          .runs_p = *runs_test(path_of(breaches))};
}

constexpr WalkModel hedged_models[] = {WalkModel::raw, WalkModel::reactive, WalkModel::bounded};

std::string line(const std::string& name, bool is_long, const NamedSpan& span, const HedgedWalk& walk) {
  const std::size_t side = is_long ? 0 : 1;
  std::string text = fmt::format("| {}, {} | {} | {}", name, is_long ? "long" : "short", span.name,
                                 judge(walk, side, WalkModel::raw, span.span).windows);
  for (const WalkModel model : hedged_models) {
    const HedgedJudgement of = judge(walk, side, model, span.span);
    text += fmt::format(" | {:.1f} %, {}, {:.3f}", 100 * of.ratio, of.breaches, of.too_many_p);
    if (model == WalkModel::raw) text += fmt::format(", {:.3f}", of.runs_p);
  }
  return text + " |";
}

const EvidencePage& page() {
  static const EvidencePage one("hedged-books.md");
  return one;
}

// Row 12. The volatility is the spread's own. The reactive margin of BTC against ETH is above 45 % of what its legs
// need alone in one of eight cases, the bounded one in three; the page says why, and the test that it is those.
TEST(HedgedBooks, BitcoinAgainstEther) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  const HedgedWalk book = walk(of_two_coins(0.04), BookFilter::whole_book);
  std::string above;
  for (const bool is_long : {true, false}) {
    for (const NamedSpan& span : recorded_spans()) {
      EXPECT_TRUE(page().holds(line("BTC/ETH", is_long, span, book)));
      const std::size_t side = is_long ? 0 : 1;
      for (const WalkModel model : hedged_models) {
        const HedgedJudgement of = judge(book, side, model, span.span);
        EXPECT_GT(of.too_many_p, 0.05) << span.name;
        if (model == WalkModel::raw) {
          EXPECT_GT(of.runs_p, 0.05) << span.name;
          EXPECT_LE(of.ratio, 0.36) << span.name;
        }
        if (of.ratio > 0.45)
          above += fmt::format("{} {} {}; ", to_string(model), is_long ? "long" : "short", span.name);
      }
      EXPECT_GT(judge(book, side, WalkModel::core, span.span).runs_p, 0.05) << span.name;
    }
  }
  EXPECT_EQ(above, "bounded long D2; reactive long V; bounded long V; bounded long F; ");
}

// Why: without the least margin of 2 % of gross notional the same margins are lower, and the bounded one still above.
TEST(HedgedBooks, BitcoinAgainstEtherWithoutItsLeastMargin) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  const HedgedWalk book = walk(of_two_coins(0), BookFilter::whole_book);
  for (const bool is_long : {true, false}) {
    for (const NamedSpan& span : recorded_spans()) {
      EXPECT_TRUE(page().holds(line("BTC/ETH, no least margin", is_long, span, book)));
      EXPECT_LE(judge(book, is_long ? 0 : 1, WalkModel::reactive, span.span).ratio, 0.45) << span.name;
    }
  }
}

// With each leg at its own volatility, as a recipe's filter has it, today's correlation does not enter.
TEST(HedgedBooks, BitcoinAgainstEtherEachAtItsOwnVolatility) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  const HedgedWalk book = walk(of_two_coins(0.04), BookFilter::each_leg);
  for (const bool is_long : {true, false}) {
    for (const NamedSpan& span : recorded_spans()) {
      EXPECT_TRUE(page().holds(line("BTC/ETH, legs", is_long, span, book)));
      EXPECT_GT(judge(book, is_long ? 0 : 1, WalkModel::reactive, span.span).too_many_p, 0.05);
    }
  }
  EXPECT_LT(judge(book, 0, WalkModel::core, recorded_spans()[0].span).runs_p, 0.05);  // it clusters on D1 already
}

TEST(HedgedBooks, APerpetualAgainstItsSpot) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  for (const char* name : {"BTC", "ETH", "LTC", "ADA", "XRP"}) {
    const HedgedWalk book = walk(perpetual_and_spot(name), BookFilter::whole_book);
    for (const bool is_long : {true, false}) {
      for (const NamedSpan& span : recorded_spans()) {
        EXPECT_TRUE(page().holds(line(name, is_long, span, book)));
        for (const WalkModel model : hedged_models) {
          const HedgedJudgement of = judge(book, is_long ? 0 : 1, model, span.span);
          EXPECT_LE(of.ratio, 0.12) << name << span.name;
          EXPECT_GT(of.too_many_p, 0.05) << name << span.name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace margrave
