#include "document/csv.h"

#include <gtest/gtest.h>

#include <chrono>

namespace margrave {
namespace {

/// All rows in one line: cells between |, rows between newlines; or the error.
std::string rows(std::string_view text) {
  auto reader = CsvReader::open(text, "f.csv");
  if (!reader) return to_string(reader.error());
  std::string out;
  for (;;) {
    const auto more = reader->next();
    if (!more) return to_string(more.error());
    if (!*more) return out;
    for (std::size_t i = 0; i < reader->width(); ++i) out += (i == 0 ? "" : "|") + std::string(reader->cell(i));
    out += "\n";
  }
}

// The seven rules of RFC 4180, section 2.
TEST(Csv, FollowsRfc4180) {
  EXPECT_EQ(rows("a,b,c\r\naaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), "aaa|bbb|ccc\nzzz|yyy|xxx\n");
  EXPECT_EQ(rows("a,b,c\naaa,bbb,ccc\nzzz,yyy,xxx"), "aaa|bbb|ccc\nzzz|yyy|xxx\n");
  EXPECT_EQ(rows("a,b,c\n\"aaa\",\"bbb\",ccc\n"), "aaa|bbb|ccc\n");
  EXPECT_EQ(rows("a,b,c\n\"aaa\",\"b\r\nbb\",\"c,c\"\nx,y,z\n"), "aaa|b\r\nbb|c,c\nx|y|z\n");
  EXPECT_EQ(rows("a,b,c\n\"aaa\",\"b\"\"bb\",\"\"\"\"\n"), "aaa|b\"bb|\"\n");
}

TEST(Csv, EmptyCellsAndEmptyLines) {
  EXPECT_EQ(rows("a,b,c\n,,\n\n\r\n1,,3\n,,"), "||\n1||3\n||\n");
  EXPECT_EQ(rows("a\n\"\"\nx\n"), "\nx\n");
  EXPECT_EQ(rows("a,b\n"), "");
}

TEST(Csv, DelimiterIsTheOneTheHeaderHasMostOf) {
  EXPECT_EQ(rows("a;b;c\n1,5;2;3\n"), "1,5|2|3\n");
  EXPECT_EQ(rows("a\tb\n1\t2\n"), "1|2\n");
  EXPECT_EQ(rows("a\n1,2\n"),
            "f.csv:2: the row has 2 cells and the header has 1 (give every row one cell for each column)");
}

TEST(Csv, LineNumbersCountLinesInQuotes) {
  auto reader = CsvReader::open("\na,b\n\"x\ny\nz\",1\n\n2,bad\n", "f.csv");
  ASSERT_TRUE(reader);
  ASSERT_TRUE(*reader->next());
  EXPECT_EQ(reader->line(), 3);
  ASSERT_TRUE(*reader->next());
  EXPECT_EQ(reader->line(), 7);
  const auto value = reader->real(1);
  ASSERT_FALSE(value);
  EXPECT_EQ(to_string(value.error()),
            "f.csv:7: b: 'bad' is not a number (write a plain number such as 1234.5 or 1e-8)");
}

TEST(Csv, WrongRowsAreErrorsWithTheirLine) {
  EXPECT_EQ(rows("a,b\n1,2\n1,2,3\n"),
            "f.csv:3: the row has 3 cells and the header has 2 (give every row one cell for each column)");
  EXPECT_EQ(rows("a,b\n1,\"2\n3,4\n"),
            "f.csv:2: a quote is opened and never closed (close it, or double a quote that is meant)");
  EXPECT_EQ(rows("a,b\n1,\"2\"x\n"), "f.csv:2: text follows a closing quote (double a quote that is meant)");
  EXPECT_EQ(rows(""), "f.csv:1: the file is empty (begin with a line of column names)");
  EXPECT_EQ(rows("a,b,a\n"), "f.csv:1: two columns are named 'a' (give every column a name of its own)");
  EXPECT_EQ(rows(",a,\n"), "f.csv:1: two columns have no name (give every column a name of its own)");
  EXPECT_EQ(rows(",a\n0,x\n"), "0|x\n");
}

TEST(Csv, ColumnsAreFoundByName) {
  auto reader = CsvReader::open("account,size\nx,1.50\n", "f.csv");
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->column("size").value(), 1u);
  EXPECT_EQ(reader->find("price"), CsvReader::none);
  EXPECT_EQ(to_string(reader->column("price").error()),
            "f.csv:1: price: column 'price' is missing (add it; there are: account, size)");
  ASSERT_TRUE(*reader->next());
  EXPECT_EQ(reader->decimal(1)->to_string(), "1.5");
  EXPECT_EQ(reader->text(0).value(), "x");
}

TEST(Csv, TypedCellsAreCheckedInTheirColumn) {
  auto reader = CsvReader::open("d,r,i,t\nx,nan,1.5,noon\n,,,\n1,2,3,2026-03-27\n", "f.csv");
  ASSERT_TRUE(reader);
  ASSERT_TRUE(*reader->next());
  EXPECT_EQ(reader->decimal(0).error().field, "d");
  EXPECT_EQ(reader->real(1).error().message, "'nan' is not a finite number");
  EXPECT_EQ(reader->integer(2).error().field, "i");
  EXPECT_EQ(reader->timestamp(3).error().place.line, 2);
  ASSERT_TRUE(*reader->next());
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(reader->is_empty(i));
  EXPECT_EQ(to_string(reader->decimal(0).error()), "f.csv:3: d: the cell is empty (write a value)");
  ASSERT_TRUE(*reader->next());
  EXPECT_EQ(reader->integer(2).value(), 3);
  EXPECT_EQ(to_string(reader->timestamp(3).value()), "2026-03-27T00:00:00Z");
  EXPECT_FALSE(*reader->next());
  EXPECT_FALSE(*reader->next());
}

TEST(Csv, ReadsAMonthOfChainsInAFractionOfASecond) {
  std::string text = "timestamp,instrument,bid,ask,mark_iv,open_interest\n";
  for (int i = 0; i < 155'000; ++i) {
    text += "2026-03-27T08:00:00Z,BTC-27MAR26-" + std::to_string(50'000 + i % 500) + "-C,0.0125,0.0130,65.31,1234.5\n";
  }
  const auto start = std::chrono::steady_clock::now();
  auto reader = CsvReader::open(text, "f.csv");
  double sum = 0;
  int count = 0;
  for (; reader->next().value(); ++count) sum += reader->real(4).value() + reader->real(2).value();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(count, 155'000);
  EXPECT_NEAR(sum, 155'000 * (65.31 + 0.0125), 1e-3);
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 5.0);  // 0.1 s when optimised and alone; the bound leaves room for sanitizers
}

}  // namespace
}  // namespace margrave
