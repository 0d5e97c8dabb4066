#include "market/bars.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "document/csv.h"
#include "document/file.h"
#include "market/listing.h"
#include "market/plausible.h"

namespace margrave {
namespace {

struct BarColumns {
  std::size_t time, open, high, low, close, volume;
};

Result<BarColumns> bar_columns(const CsvReader& rows) {
  BarColumns columns{};
  columns.time = TRY(rows.column("t_ms"));
  columns.open = TRY(rows.column("open"));
  columns.high = TRY(rows.column("high"));
  columns.low = TRY(rows.column("low"));
  columns.close = TRY(rows.column("close"));
  columns.volume = rows.find("volume");
  return columns;
}

Result<double> price(const CsvReader& rows, std::size_t column) {
  const double value = TRY(rows.real(column));
  if (!(value > 0)) return fail(rows.error(column, "a price is not positive", "leave out bars without trades"));
  if (!is_plausible_price(value)) return fail(rows.error(column, implausible_price(value), "check its unit"));
  return value;
}

Result<void> read_bar(const CsvReader& rows, const BarColumns& columns, Bars& bars) {
  const std::int64_t t_ms = TRY(rows.integer(columns.time, 0, 4'102'444'800'000));
  if (!bars.t_ms.empty() && t_ms <= bars.t_ms.back()) {
    return fail(
        rows.error(columns.time, "its time is not after that of the bar before", "sort the bars and list each once"));
  }
  const double open = TRY(price(rows, columns.open)), high = TRY(price(rows, columns.high));
  const double low = TRY(price(rows, columns.low)), close = TRY(price(rows, columns.close));
  if (low > std::min(open, close) || high < std::max(open, close)) {
    return fail(rows.row_error("open and close are not between low and high", "check the columns"));
  }
  if (!bars.t_ms.empty()) {
    const std::int64_t step = t_ms - bars.t_ms.back();
    bars.step_ms = bars.step_ms == 0 ? step : std::min(bars.step_ms, step);
  }
  bars.t_ms.push_back(t_ms);
  bars.open.push_back(open);
  bars.high.push_back(high);
  bars.low.push_back(low);
  bars.close.push_back(close);
  if (columns.volume != CsvReader::none) {
    const double volume = TRY(rows.real(columns.volume));
    if (volume < 0) return fail(rows.error(columns.volume, "a volume is negative", "check the column"));
    bars.volume.push_back(volume);
  }
  return {};
}

bool is_bar_name(const std::string& name) { return name.ends_with(".csv") || name.ends_with(".csv.gz"); }

/// The header alone decides; a file that cannot be read is an error, not "no bar file".
Result<bool> has_bar_header(const std::string& path) {
  const std::string text = TRY(read_text(path));
  const std::size_t end = text.find('\n');
  const Result<CsvReader> rows = CsvReader::open(std::string_view(text).substr(0, end), path);
  if (!rows) return false;
  return rows->find("t_ms") != CsvReader::none && rows->find("open") != CsvReader::none &&
         rows->find("close") != CsvReader::none && rows->find("symbol") == CsvReader::none;
}

/// The paths of one folder's files that have a bar file's name, sorted.
Result<std::vector<std::string>> csv_files(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored) && is_bar_name(at->path().filename().string()))
      paths.push_back(at->path().string());
  }
  if (error) {
    return fail({.kind = ErrorKind::io,
                 .message = "the folder cannot be read: " + error.message(),
                 .place = {.file = folder},
                 .remedy = "name a folder of bar files"});
  }
  std::sort(paths.begin(), paths.end());  // one folder, so the file names decide
  return paths;
}

struct LastBar {
  double close{absent};
  std::int64_t end_ms{0};
};

LastBar last_complete(const Bars& bars, std::int64_t at_ms) {
  const auto after = std::upper_bound(bars.t_ms.begin(), bars.t_ms.end(), at_ms - bars.step_ms);
  if (after == bars.t_ms.begin()) return {};
  const auto index = static_cast<std::size_t>(after - bars.t_ms.begin()) - 1;
  return {.close = bars.close[index], .end_ms = bars.t_ms[index] + bars.step_ms};
}

Result<void> add_coin(Market& market, const std::string& coin, double usd) {
  const AssetId asset = TRY(market.registry.list(Asset{.name = coin, .decimals = usual_decimals(coin)}));
  TRY(market.registry.list(Underlying{.name = coin, .coin = asset}));
  market.state.asset_usd.push_back(usd);
  market.state.underlyings.push_back({.index = usd, .expiries = {}});
  return {};
}

}  // namespace

std::string_view symbol_of_file(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);  // npos + 1 is 0
  return path.substr(0, path.find_first_of("_-."));
}

std::string_view coin_of_symbol(std::string_view symbol) {
  for (const std::string_view quote : {"FDUSD", "USDT", "USDC", "BUSD", "USD"}) {
    if (symbol.size() > quote.size() && symbol.ends_with(quote)) return symbol.substr(0, symbol.size() - quote.size());
  }
  return symbol;
}

Result<Bars> read_bars(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const BarColumns columns = TRY(bar_columns(rows));
  Bars bars;
  bars.symbol = symbol_of_file(path);
  bars.coin = coin_of_symbol(bars.symbol);
  bars.file = path;
  while (TRY(rows.next())) TRY_VOID(read_bar(rows, columns, bars));
  if (bars.t_ms.empty())
    return fail({.message = "the file has no bars", .place = {.file = path}, .remedy = "check the file"});
  return bars;
}

Result<std::vector<std::string>> bar_files(const std::vector<std::string>& folders) {
  std::vector<std::string> files;
  for (const std::string& folder : folders) {
    for (const std::string& candidate : TRY(csv_files(folder))) {
      if (TRY(has_bar_header(candidate))) files.push_back(candidate);
    }
  }
  return files;
}

Result<std::vector<Bars>> read_bar_folders(const std::vector<std::string>& folders) {
  std::vector<Bars> all;
  for (const std::string& file : TRY(bar_files(folders))) all.push_back(TRY(read_bars(file)));
  return all;
}

Result<Market> market_from_bars(const std::vector<Bars>& series, Timestamp at, std::int64_t stale_ms) {
  Market market;
  market.state.as_of = at;
  const std::int64_t at_ms = at.ns / 1'000'000;
  const auto find = [&](Finding::Kind kind, const std::string& subject, std::string text) {
    market.state.findings.push_back({.kind = kind, .subject = subject, .text = std::move(text)});
  };
  for (const Bars& bars : series) {
    if (market.registry.asset(bars.coin)) continue;
    const LastBar last = last_complete(bars, at_ms);
    if (last.close != last.close) {
      find(Finding::Kind::missing, bars.coin, bars.symbol + " has no complete bar before " + to_string(at));
      continue;
    }
    if (at_ms - last.end_ms > stale_ms) {
      find(Finding::Kind::stale, bars.coin, "its last bar ended at " + to_string(Timestamp::from_ms(last.end_ms)));
    }
    TRY_VOID(add_coin(market, bars.coin, last.close));
  }
  TRY_VOID(assume_dollars(market));
  return market;
}

}  // namespace margrave
