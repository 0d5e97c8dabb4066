#include "dialect/deribit_chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "document/read.h"

namespace margrave {
namespace {

class RecordedChain : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ =
        (std::filesystem::temp_directory_path() /
         (std::string("margrave_chain_") + ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv"))
            .string();
  }
  void TearDown() override { std::filesystem::remove(path_); }
  const std::string& write(const std::string& rows) {
    std::ofstream(path_)
        << "t_ms,instrument,underlying_price,index_price,bid,ask,mark,mark_iv,delta,vega,open_interest,volume_24h\n"
        << rows;
    return path_;
  }
  std::string path_;
};

const std::string three_snapshots =
    "1000,BTC-27MAR26-100000-C,80000,79000,0.01,0.012,0.011,55.5,0.2,50,10,1\n"
    "1000,BTC-27MAR26-100000-P,80000,79000,,0.3,0.26,55.5,-0.8,50,,\n"
    "2000,BTC-27MAR26-100000-C,81000,80000,0.01,0.012,0.011,56,0.2,50,10,1\n"
    "3000,BTC-27MAR26-100000-C,82000,81000,0.01,0.012,0.011,57,0.2,50,10,1\n";

TEST_F(RecordedChain, SnapshotIsChosenByPlaceOrTime) {
  const std::string& path = write(three_snapshots);
  const std::pair<const char*, std::int64_t> choices[] = {
      {"first", 1000}, {"last", 3000}, {"#1", 2000}, {"2000", 2000}};
  for (const auto& [text, t_ms] : choices) {
    const Result<SnapshotChoice> choice = SnapshotChoice::parse(text);
    ASSERT_TRUE(choice.has_value());
    const Result<Chain> chain = read_deribit_csv(path, *choice);
    ASSERT_TRUE(chain.has_value()) << to_string(chain.error());
    EXPECT_EQ(chain->time, Timestamp::from_ms(t_ms)) << text;
    EXPECT_EQ(chain->quotes.size(), t_ms == 1000 ? 2u : 1u);
  }
  EXPECT_FALSE(read_deribit_csv(path, {.which = SnapshotChoice::Which::time, .t_ms = 1500}).has_value());
  EXPECT_FALSE(read_deribit_csv(path, {.which = SnapshotChoice::Which::index, .index = 3}).has_value());
  EXPECT_FALSE(SnapshotChoice::parse("middle").has_value());
}

TEST_F(RecordedChain, WholeFileIsOneSnapshotWhoseQuotesKeepTheirTimes) {
  const Result<Chain> chain =
      read_deribit_csv(write("1000,BTC-27MAR26-1-C,8,7,,,1,5,,,,\n3000,BTC-27MAR26-2-C,8,7,,,1,5,,,,\n"
                             "2000,BTC-27MAR26-3-C,8,7,,,1,5,,,,\n"),
                       *SnapshotChoice::parse("whole"));
  ASSERT_TRUE(chain.has_value());
  EXPECT_EQ(chain->quotes.size(), 3u);
  EXPECT_EQ(chain->time, Timestamp::from_ms(3000));
  EXPECT_EQ(chain->quotes[2].time, Timestamp::from_ms(2000));
}

TEST_F(RecordedChain, EmptyCellIsNoQuoteAndPercentBecomesAFraction) {
  const Result<Chain> chain = read_deribit_csv(write(three_snapshots), {.which = SnapshotChoice::Which::first});
  ASSERT_TRUE(chain.has_value());
  EXPECT_TRUE(std::isnan(chain->quotes[1].bid));
  EXPECT_TRUE(std::isnan(chain->quotes[1].open_interest));
  EXPECT_EQ(chain->quotes[0].bid, 0.01);
  EXPECT_NEAR(chain->quotes[0].mark_vol, 0.555, 1e-15);
  EXPECT_EQ(chain->quotes[0].open_interest, 10);
}

TEST_F(RecordedChain, AllSnapshotsAreStreamedInOrder) {
  const std::string& path = write(three_snapshots);
  std::vector<std::int64_t> times;
  const Result<std::size_t> taken = stream_deribit_csv(path, [&](const Chain& chain) {
    times.push_back(chain.time.ns / 1'000'000);
    return true;
  });
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(*taken, 3u);
  EXPECT_EQ(times, (std::vector<std::int64_t>{1000, 2000, 3000}));
  EXPECT_EQ(*stream_deribit_csv(path, [](const Chain&) { return false; }), 1u);
  EXPECT_EQ(deribit_csv_times(path)->size(), 3u);
}

TEST_F(RecordedChain, FaultsAreNamedWithLineAndField) {
  const std::pair<const char*, const char*> faults[] = {{"1000,BTC-27MRZ26-1-C,8,7,,,1,5,,,,\n", "instrument"},
                                                        {"1000,BTC-27MAR26-1-C,8,7,-1,,1,5,,,,\n", "bid"},
                                                        {"1000,BTC-27MAR26-1-C,8,7,,,1,x,,,,\n", "mark_iv"},
                                                        {"x,BTC-27MAR26-1-C,8,7,,,1,5,,,,\n", "t_ms"}};
  for (const auto& [row, field] : faults) {
    const Result<Chain> chain = read_deribit_csv(write(row));
    ASSERT_FALSE(chain.has_value()) << row;
    EXPECT_EQ(chain.error().place.line, 2);
    EXPECT_EQ(chain.error().field, field);
  }
}

TEST_F(RecordedChain, NamesThePerpetualOfEachUnderlyingInTheStyleOfItsContracts) {
  const Result<Chain> chain =
      read_deribit_csv(write("1000,BTC_USDC-27MAR26-1-C,8,7,,,1,5,,,,\n1000,BTC-27MAR26-1-C,8,7,,,1,5,,,,\n"
                             "1000,XRP_USDC-27MAR26-0d5-C,8,7,,,1,5,,,,\n"));
  ASSERT_TRUE(chain.has_value()) << to_string(chain.error());
  ASSERT_EQ(chain->perpetuals.size(), 2u);
  EXPECT_EQ(chain->perpetuals[0].terms.name, "BTC-PERPETUAL");
  EXPECT_EQ(chain->perpetuals[0].terms.lot, (Decimal{10, 0}));
  EXPECT_EQ(chain->perpetuals[1].terms.name, "XRP_USDC-PERPETUAL");
}

// The shape of public/get_book_summary_by_currency as documented by the venue; the numbers are made up.
const std::string book_rows =
    R"([{"instrument_name":"BTC-27MAR26-100000-C","bid_price":0.01,"ask_price":null,"mark_price":0.011,"mark_iv":55.5,
  "underlying_price":80000.5,"underlying_index":"BTC-27MAR26","interest_rate":0.0,"open_interest":12.3,
  "estimated_delivery_price":79000.25,"creation_timestamp":1767225600000,"base_currency":"BTC","quote_currency":"BTC"},
 {"instrument_name":"BTC-PERPETUAL","bid_price":79000,"ask_price":79001,"mark_price":79000.5,"funding_8h":0.0001,
  "current_funding":0.0,"open_interest":1000,"estimated_delivery_price":79000.25,"creation_timestamp":1767225600005},
 {"instrument_name":"BTC-FS-27MAR26_PERP","mark_price":1,"creation_timestamp":1767225600005}])";

TEST(DeribitBook, IsReadBareAndInItsEnvelope) {
  for (const std::string& text : {book_rows, R"({"jsonrpc":"2.0","usIn":1,"result":)" + book_rows + "}"}) {
    const Result<Document> document = parse_document(text, "book.json");
    ASSERT_TRUE(document.has_value()) << to_string(document.error());
    const Result<Chain> chain = read_deribit_book(*document);
    ASSERT_TRUE(chain.has_value()) << to_string(chain.error());
    ASSERT_EQ(chain->quotes.size(), 2u);  // a combo is no instrument
    EXPECT_EQ(chain->time, Timestamp::from_ms(1767225600005));
    EXPECT_TRUE(std::isnan(chain->quotes[0].ask));
    EXPECT_NEAR(chain->quotes[0].mark_vol, 0.555, 1e-15);
    EXPECT_EQ(chain->quotes[0].index, 79000.25);
    EXPECT_EQ(chain->quotes[1].funding_rate, 0.0001);
  }
}

TEST(DeribitBook, TermsComeFromTheInstrumentListWhereItIsGiven) {
  const Result<Document> book = parse_document(book_rows, "book.json");
  const Result<Document> terms = parse_document(
      R"({"result":[{"instrument_name":"BTC-27MAR26-100000-C","kind":"option","tick_size":0.0005,
          "min_trade_amount":0.25,
          "contract_size":1.0,"expiration_timestamp":1774598400000},
         {"instrument_name":"BTC-FS-27MAR26_PERP","kind":"future_combo","tick_size":0.5,"min_trade_amount":10}]})",
      "terms.json");
  ASSERT_TRUE(book && terms);
  const Result<Chain> chain = read_deribit_book(*book, &*terms);
  ASSERT_TRUE(chain.has_value()) << to_string(chain.error());
  EXPECT_EQ(chain->quotes[0].instrument.terms.lot, (Decimal{25, 2}));
  EXPECT_EQ(chain->quotes[0].instrument.terms.tick, (Decimal{5, 4}));
  EXPECT_EQ(chain->quotes[1].instrument.terms.lot, (Decimal{10, 0}));  // not in the list: from its name
}

TEST(DeribitBook, ErrorAnswersAndWrongRowsAreErrors) {
  for (const char* text :
       {R"({"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params"}})", "[]", R"([{"bid_price":1}])",
        R"([{"instrument_name":"NOPE"}])", R"([{"instrument_name":"BTC-PERPETUAL","mark_price":-1}])", "{}"}) {
    const Result<Document> document = parse_document(text, "book.json");
    ASSERT_TRUE(document.has_value());
    EXPECT_FALSE(read_deribit_book(*document).has_value()) << text;
  }
}

}  // namespace
}  // namespace margrave
