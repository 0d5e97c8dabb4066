#include "depth/recorded_book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include "base/random.h"
#include "depth/depth_curve.h"
#include "document/file.h"
#include "recorded_books.h"

namespace margrave {
namespace {

class RecordedBook : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("margrave_books_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_;
};

const std::string snapshot_rows =
    "local_us,exch_ms,last_update_id,side,price,qty\n100,1,10,b,99.5,5\n100,1,10,b,99,2.25\n100,1,10,a,100.5,3\n";
const std::string update_header = "local_us,exch_ms,update_id,side,price,qty_after\n";
const std::string update_rows =
    update_header + "90,1,9,b,99.5,1\n110,1,12,b,99.5,0\n110,1,12,a,100,1\n120,1,13,a,100,0\n";

TEST_F(RecordedBook, IsRebuiltMessageByMessage) {
  std::vector<BookQuote> tops;
  const auto report = rebuild_book(write("s.csv", snapshot_rows), {write("u.csv", update_rows)},
                                   [&](const OrderBook& book) -> Result<void> {
                                     tops.push_back(*book.top());
                                     return {};
                                   });
  ASSERT_TRUE(report.has_value()) << to_string(report.error());
  EXPECT_EQ(report->applied, 2u);
  EXPECT_EQ(report->in_snapshot, 1u);
  EXPECT_EQ(report->crossed, 0u);
  EXPECT_EQ(report->longest_silence_us, 20);
  ASSERT_EQ(tops.size(), 2u);
  EXPECT_EQ(to_string(tops[0].bid), "99.000000000000");
  EXPECT_EQ(to_string(tops[0].bid_size), "2.250000000000");
  EXPECT_EQ(to_string(tops[0].ask), "100.000000000000");
  EXPECT_EQ(to_string(tops[1].ask), "100.500000000000");
}

TEST_F(RecordedBook, FaultsAreNamedWithLineAndField) {
  const std::pair<const char*, const char*> faults[] = {{"110,1,12,b,99.5,0\n120,1,13,x,99.5,1\n", "side"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,-1,1\n", "price"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,0,1\n", "price"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,99.5,-0.5\n", "qty_after"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,99.5,\n", "qty_after"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,99.5,1e30\n", "qty_after"},
                                                        {"110,1,12,b,99.5,0\n-1,1,13,b,99.5,1\n", "local_us"},
                                                        {"110,1,12,b,99.5,0\n120,1,x,b,99.5,1\n", "update_id"},
                                                        {"110,1,12,b,99.5,0\n120,1,12,b,99.5,1\n", "local_us"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,1e-13,1\n", "price"},
                                                        {"110,1,12,b,99.5,0\n120,1,13,b,99.5\n", ""}};
  for (const auto& [rows, field] : faults) {
    const auto updates = read_book_updates(write("u.csv", update_header + rows));
    ASSERT_FALSE(updates.has_value()) << rows;
    EXPECT_EQ(updates.error().place.line, 3) << to_string(updates.error());
    EXPECT_EQ(updates.error().field, field) << to_string(updates.error());
  }
  EXPECT_FALSE(read_book_updates(write("u.csv", update_header)).has_value());
  EXPECT_FALSE(read_book_updates(write("u.csv", "local_us,side,price,qty_after\n1,b,1,1\n")).has_value());
  EXPECT_FALSE(read_book_snapshot(write("s.csv", snapshot_rows + "101,1,10,a,101,3\n")).has_value());
  EXPECT_FALSE(read_book_snapshot((folder_ / "absent.csv").string()).has_value());
  const std::string tops = "local_us,exch_ms,bid,bid_qty,ask,ask_qty\n5,,1,1,2,1\n";
  EXPECT_TRUE(read_top_of_book(write("t.csv", tops)).has_value());
  EXPECT_FALSE(read_top_of_book(write("t.csv", tops + "4,,1,1,2,1\n")).has_value());
  EXPECT_FALSE(read_top_of_book(write("t.csv", tops + "6,,3,1,2,1\n")).has_value());
  EXPECT_FALSE(read_top_of_book(write("t.csv", tops + "6,,1,0,2,1\n")).has_value());
}

TEST_F(RecordedBook, MissingMessagesAndTimesThatFallStopTheRebuild) {
  const std::string snapshot = write("s.csv", snapshot_rows);
  const auto rebuilt = [&](const std::string& rows) {
    const std::string path = write("u.csv", rows);
    return rebuild_book(snapshot, {path}, [](const OrderBook&) { return Result<void>{}; });
  };
  const std::string with_previous = "local_us,update_id,previous_id,side,price,qty_after\n";
  EXPECT_TRUE(rebuilt(with_previous + "110,12,9,b,1,1\n111,13,12,b,1,2\n").has_value());
  const auto gap = rebuilt(with_previous + "110,12,9,b,1,1\n111,14,13,b,1,2\n");
  ASSERT_FALSE(gap.has_value());
  EXPECT_EQ(gap.error().field, "update_id");
  EXPECT_TRUE(gap.error().place.file.ends_with("u.csv")) << to_string(gap.error());
  EXPECT_FALSE(rebuilt(update_header + "110,1,12,b,1,1\n109,1,13,b,1,2\n").has_value());
  EXPECT_FALSE(rebuilt(update_header + "110,1,13,b,1,1\n111,1,12,b,1,2\n").has_value());
  const auto crossed = rebuilt(update_header + "110,1,12,b,101,1\n111,1,13,b,101,0\n");
  ASSERT_TRUE(crossed.has_value());
  EXPECT_EQ(crossed->crossed, 1u);
}

/// Damages a text at random places; whatever comes of it must be an answer and not a crash.
TEST_F(RecordedBook, AnyDamageIsAnAnswer) {
  Random random{.seed = 20261128, .stream = 2};
  std::size_t refused = 0;
  for (int i = 0; i < 400; ++i) {
    std::string text = update_rows;
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
      const std::size_t at = random.below(text.size());
      const char replacements[] = {',', '\n', '-', '9', 'e', '.', '"', ' ', 'b', '0'};
      if (random.below(3) == 0) {
        text.erase(at, 1 + random.below(4));
      } else {
        text[at] = replacements[random.below(sizeof(replacements))];
      }
    }
    const auto report = rebuild_book(write("s.csv", snapshot_rows), {write("u.csv", text)}, [](const OrderBook& book) {
      const auto curve = depth_of(book, usual_distances());
      EXPECT_TRUE(!curve || check_curve(*curve).has_value());
      return Result<void>{};
    });
    if (report) continue;
    ++refused;
    EXPECT_FALSE(report.error().message.empty());
  }
  EXPECT_GT(refused, 60u) << "seed 20261128";
  EXPECT_LT(refused, 400u);
}

// ---- the recorded books, against a rebuild written another way

/// An unsigned decimal in units of 10^-12, digit by digit.
i128 units_of(const std::string& text) {
  i128 units = 0;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.') {
      decimals = 0;
      continue;
    }
    units = units * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
  }
  for (int i = std::max(decimals, 0); i < 12; ++i) units *= 10;
  return units;
}

struct Row {
  std::int64_t id{0};
  bool is_bid{false};
  i128 price{0}, size{0};
};

std::vector<Row> rows_of(const std::string& path) {
  std::istringstream lines(*read_file(path));
  std::vector<Row> rows;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string cell[6];
    for (std::string& each : cell) std::getline(cells, each, ',');
    rows.push_back({std::stoll(cell[2]), cell[3] == "b", units_of(cell[4]), units_of(cell[5])});
  }
  return rows;
}

/// What the book must be after an update: of every price the row of the highest id up to it, whatever the order; the
/// snapshot stands for all ids up to its own.
using Levels = std::map<std::pair<bool, i128>, std::pair<std::int64_t, i128>>;
Levels levels_at(const std::vector<Row>& snapshot, const std::vector<Row>& updates, std::int64_t id) {
  Levels levels;
  const auto take = [&](const Row& row) {
    auto& known = levels[{row.is_bid, row.price}];
    if (row.id >= known.first) known = {row.id, row.size};
  };
  for (const Row& row : snapshot) take(row);
  for (auto row = updates.rbegin(); row != updates.rend(); ++row) {
    if (row->id > snapshot.front().id && row->id <= id) take(*row);
  }
  std::erase_if(levels, [](const auto& level) { return level.second.second == 0; });
  return levels;
}

void expect_same(const OrderBook& book, const Levels& levels) {
  std::size_t bids = 0;
  for (const auto& [place, last] : levels) {
    const bool is_bid = place.first;
    const i128 price = place.second;
    bids += is_bid ? 1 : 0;
    const auto found = [&](const auto& side) {
      const auto at = side.find(BookPrice{price});
      return at == side.end() ? i128{0} : at->second.raw;
    };
    ASSERT_TRUE((is_bid ? found(book.bids()) : found(book.asks())) == last.second);
  }
  EXPECT_EQ(book.bids().size(), bids);
  EXPECT_EQ(book.asks().size(), levels.size() - bids);
}

/// Sizes within distances of the mid, level by level in fractions without a common threshold price.
void expect_curve(const DepthCurve& curve, const Levels& levels) {
  i128 best_bid = 0, best_ask = i128_max;
  for (const auto& [place, last] : levels) {
    if (place.first) best_bid = std::max(best_bid, place.second);
    if (!place.first) best_ask = std::min(best_ask, place.second);
  }
  const i128 mid2 = best_bid + best_ask;
  for (std::size_t d = 0; d < curve.distances.size(); ++d) {
    const i128 basis_points = curve.distances[d].raw / power_of_ten(8);
    i128 bid = 0, ask = 0;
    for (const auto& [place, last] : levels) {
      const i128 away = place.first ? mid2 - 2 * place.second : 2 * place.second - mid2;
      if (away * 10'000 <= basis_points * mid2) (place.first ? bid : ask) += last.second;
    }
    EXPECT_TRUE(curve.bid[d].raw == bid && curve.ask[d].raw == ask) << "distance " << to_string(curve.distances[d]);
  }
}

TEST(RecordedBooks, AreRebuiltExactly) {
  NEEDS_RECORDED_BOOKS();
  for (const RecordedBookFiles& files : recorded_books()) {
    SCOPED_TRACE(files.name);
    const std::vector<Row> snapshot = rows_of(files.snapshot);
    std::vector<Row> updates;
    for (const std::string& path : files.updates) {
      const std::vector<Row> more = rows_of(path);
      updates.insert(updates.end(), more.begin(), more.end());
    }
    std::size_t seen = 0;
    const auto report = rebuild_book(files.snapshot, files.updates, [&](const OrderBook& book) -> Result<void> {
      if (++seen % 1500 == 1) {
        const Levels levels = levels_at(snapshot, updates, book.update_id());
        expect_same(book, levels);
        expect_curve(TRY(depth_of(book, usual_distances())), levels);
      }
      return {};
    });
    ASSERT_TRUE(report.has_value()) << to_string(report.error());
    EXPECT_EQ(report->crossed, 0u);
    EXPECT_LT(report->longest_silence_us, 500'000);
  }
}

/// How the rebuilt best bid and ask with their sizes agree with the quotes that were recorded beside them.
struct Agreement {
  std::size_t books{0}, same{0}, same_prices{0}, near{0};
};

Agreement agreement_of(const RecordedBookFiles& files, std::int64_t within_us) {
  std::vector<RecordedQuote> quotes;
  for (const std::string& path : files.tops) {
    const auto more = read_top_of_book(path);
    quotes.insert(quotes.end(), more->begin(), more->end());
  }
  Agreement found;
  const auto before = [](std::int64_t time, const RecordedQuote& quote) { return time < quote.time_us; };
  const auto report = rebuild_book(files.snapshot, files.updates, [&](const OrderBook& book) -> Result<void> {
    const auto after = std::upper_bound(quotes.begin(), quotes.end(), book.time_us(), before);
    if (after == quotes.begin()) return {};
    const BookQuote top = *book.top(), &quoted = std::prev(after)->quote;
    ++found.books;
    if (top == quoted) ++found.same;
    if (top.bid == quoted.bid && top.ask == quoted.ask) ++found.same_prices;
    auto first = std::upper_bound(quotes.begin(), quotes.end(), book.time_us() - within_us, before);
    if (first != quotes.begin()) --first;  // it holds when the span begins
    const auto end = std::upper_bound(first, quotes.end(), book.time_us() + within_us, before);
    if (std::any_of(first, end, [&](const RecordedQuote& q) { return q.quote == top; })) ++found.near;
    return {};
  });
  EXPECT_TRUE(report.has_value());
  return found;
}

TEST(RecordedBooks, AgreeWithTheQuotesRecordedBesideThem) {
  NEEDS_RECORDED_BOOKS();
  // Least shares of the messages: the quote that stood at the message's time is the same with both sizes; has the same
  // prices; some quote within 0.2 s is the same with both sizes. docs/evidence/depth.md says why not all.
  const std::map<std::string, std::array<double, 3>> least = {{"coinm_BTCUSD_PERP", {0.9997, 1, 1}},
                                                              {"usdm_BTCUSDT", {0.92, 0.99, 0.99}},
                                                              {"usdm_ETHUSDT", {0.93, 0.99, 0.99}},
                                                              {"spot_BTCUSDT", {0.98, 0.99, 0.99}},
                                                              {"spot_ETHUSDT", {0.96, 0.99, 0.99}}};
  for (const RecordedBookFiles& files : recorded_books()) {
    const Agreement found = agreement_of(files, 200'000);
    const auto books = static_cast<double>(found.books);
    const std::array<double, 3> shares{static_cast<double>(found.same) / books,
                                       static_cast<double>(found.same_prices) / books,
                                       static_cast<double>(found.near) / books};
    std::printf("%-18s %6zu messages: same %6zu (%.3f %%), same prices %6zu (%.3f %%), within 0.2 s %6zu (%.3f %%)\n",
                files.name.c_str(), found.books, found.same, 100 * shares[0], found.same_prices, 100 * shares[1],
                found.near, 100 * shares[2]);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_GE(shares[i], least.at(files.name)[i]) << files.name << " " << i;
  }
}

}  // namespace
}  // namespace margrave
