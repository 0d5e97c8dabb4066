#include "depth/percent_depth.h"

#include <algorithm>
#include <map>

#include "base/mul_div.h"
#include "document/csv.h"
#include "document/file.h"

namespace margrave {
namespace {

constexpr Ratio one{power_of_ten(Ratio::decimals)};
constexpr BookSize largest_notional{power_of_ten(18 + BookSize::decimals)};

struct Within {
  BookSize size{};
  BookSize notional{};  ///< in the price's unit times contracts
};
using Side = std::map<Ratio, Within>;

struct Columns {
  std::size_t time, percentage, depth, notional;
};

/// "2025-05-19 11:07:31", or an instant as everywhere.
Result<Timestamp> read_time(const CsvReader& rows, std::size_t column) {
  std::string text(TRY(rows.text(column)));
  if (text.size() == 19 && text[10] == ' ') {
    text[10] = 'T';
    text += 'Z';
  }
  Result<Timestamp> at = Timestamp::parse(text);
  if (!at) return fail(rows.located(column, std::move(at).error()));
  return at;
}

Result<BookSize> read_amount(const CsvReader& rows, std::size_t column, BookSize most) {
  const Decimal value = TRY(rows.decimal(column));
  const Result<i128> raw = value.scaled(BookSize::decimals);
  if (!raw) return fail(rows.located(column, raw.error()));
  if (*raw >= 0 && *raw <= most.raw) return BookSize{*raw};
  return fail(rows.error(column, value.to_string() + " is out of range", "check the columns"));
}

Result<Ratio> read_distance(const CsvReader& rows, std::size_t column, bool& is_bid) {
  const Decimal value = TRY(rows.decimal(column));
  const Result<i128> raw = value.scaled(Ratio::decimals - 2);  // per cent: one is 100 of them
  if (!raw) return fail(rows.located(column, raw.error()));
  is_bid = *raw < 0;
  const Ratio distance{abs128(*raw)};
  if (distance.raw > 0 && distance <= one) return distance;
  return fail(rows.error(column, value.to_string() + " per cent is no distance", "it is not 0 and at most 100"));
}

/// notional / size: 0 where there is none.
BookPrice mean_price(const Within& within) {
  BookPrice price;
  if (within.size.raw == 0) return price;
  if (!mul_div(within.notional.raw, power_of_ten(BookPrice::decimals), within.size.raw, Round::half_even, price.raw))
    return {};
  return price;
}

class Reader {
 public:
  explicit Reader(CsvReader rows) : rows_(std::move(rows)) {}

  Result<std::vector<PercentDepth>> run() {
    Columns columns{};
    columns.time = TRY(rows_.column("timestamp"));
    columns.percentage = TRY(rows_.column("percentage"));
    columns.depth = TRY(rows_.column("depth"));
    columns.notional = TRY(rows_.column("notional"));
    while (TRY(rows_.next())) TRY_VOID(read_row(columns));
    if (any_) TRY_VOID(close());
    if (depths_.empty()) return fail(rows_.row_error("the file has no rows", "check the file"));
    return std::move(depths_);
  }

 private:
  Result<void> read_row(const Columns& columns) {
    const Timestamp at = TRY(read_time(rows_, columns.time));
    if (any_ && at < at_) return fail(rows_.error(columns.time, "the times fall", "sort the rows by time"));
    if (any_ && at != at_) TRY_VOID(close());
    at_ = at;
    any_ = true;
    bool is_bid = false;
    const Ratio distance = TRY(read_distance(rows_, columns.percentage, is_bid));
    Within within;
    within.size = TRY(read_amount(rows_, columns.depth, largest_book_size));
    within.notional = TRY(read_amount(rows_, columns.notional, largest_notional));
    if (!(is_bid ? bids_ : asks_).emplace(distance, within).second) {
      return fail(rows_.error(columns.percentage, "a percentage stands twice at one time", "give each once"));
    }
    return {};
  }

  /// Makes a curve of the rows of one time.
  Result<void> close() {
    PercentDepth depth{.at = at_, .curve = {}, .middle = {}};
    const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
    if (!std::equal(bids_.begin(), bids_.end(), asks_.begin(), asks_.end(), same)) {
      return fail(rows_.row_error("at " + to_string(at_) + " bids and asks have different percentages",
                                  "give every percentage with both signs"));
    }
    for (const auto& [distance, within] : bids_) {
      depth.curve.distances.push_back(distance);
      depth.curve.bid.push_back(within.size);
      depth.curve.ask.push_back(asks_[distance].size);
    }
    if (const auto fine = check_curve(depth.curve); !fine) {
      Error error = rows_.row_error("at " + to_string(at_) + " " + fine.error().message, fine.error().remedy);
      error.field = "depth";
      return fail(std::move(error));
    }
    TRY_VOID(find_middle(depth));
    depths_.push_back(std::move(depth));
    bids_.clear();
    asks_.clear();
    return {};
  }

  Result<void> find_middle(PercentDepth& depth) {
    const BookPrice bid = mean_price(bids_.begin()->second), ask = mean_price(asks_.begin()->second);
    if (bid.raw == 0 || ask.raw == 0) return {};  // an empty side has no price
    if (ask < bid) {
      return fail(rows_.row_error("at " + to_string(at_) + " asks are cheaper than bids", "check depth and notional"));
    }
    depth.middle = BookPrice{divide(bid.raw + ask.raw, 2, Round::half_even)};
    return {};
  }

  CsvReader rows_;
  bool any_{false};
  Timestamp at_{};
  Side bids_, asks_;
  std::vector<PercentDepth> depths_;
};

}  // namespace

Result<std::vector<PercentDepth>> read_percent_depth(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  return Reader(std::move(rows)).run();
}

std::vector<Timestamp> stale_depths(const std::vector<PercentDepth>& depths, BookPrice price, Ratio tolerance) {
  std::vector<Timestamp> stale;
  for (const PercentDepth& depth : depths) {
    i128 allowed = 0;
    const i128 away = abs128(depth.middle.raw - price.raw);
    if (mul_div(price.raw, tolerance.raw, one.raw, Round::down, allowed) && away > allowed) stale.push_back(depth.at);
  }
  return stale;
}

}  // namespace margrave
