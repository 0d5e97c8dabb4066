#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "market/state.h"

namespace margrave {

/// The price history of one symbol: vectors of one length, times ascending and on no fixed grid (a missing bar is a
/// missing row). Nothing is filled in.
struct Bars {
  std::string symbol;  ///< "BTCUSDT", from the file's name
  std::string coin;    ///< "BTC"
  std::string file;
  std::int64_t step_ms{0};         ///< the smallest distance of two bars; 0 with fewer than two
  std::vector<std::int64_t> t_ms;  ///< of the bar's open, UTC
  std::vector<double> open, high, low, close;
  std::vector<double> volume;  ///< empty when the file has none
};

/// The symbol a bar file is named after: what stands before the first '_', '-' or '.'.
std::string_view symbol_of_file(std::string_view path);
/// The coin of a symbol: a quote currency USDT, USDC, BUSD, FDUSD or USD at its end is taken off.
std::string_view coin_of_symbol(std::string_view symbol);

/// Reads `SYMBOL*.csv[.gz]` with the columns t_ms, open, high, low, close and where there is one volume.
/// Errors with file, line and field: times that do not rise, a price that is not positive and finite, high below low or
/// either beyond open and close, no rows.
Result<Bars> read_bars(const std::string& path);

/// The bar files of some folders, not of folders inside them: the folders in the order given, each sorted by file name.
/// A file is one when its name ends in .csv or .csv.gz and its header has t_ms and close and no column symbol.
///
/// Where several files have one coin the earlier one wins: a file of an earlier folder, and inside a folder the name
/// that sorts first, byte by byte: BTCUSDT_15m before BTCUSDT_1h. A market takes its price from that file alone; a
/// history takes each return from the first file that has both of its ends.
Result<std::vector<std::string>> bar_files(const std::vector<std::string>& folders);

/// All bar files of the folders, in that order.
Result<std::vector<Bars>> read_bar_folders(const std::vector<std::string>& folders);

/// A market of spot prices alone: each coin an asset, an underlying and nothing more, at the close of its last bar that
/// was complete at `at`. The first series of a coin counts. A coin without such a bar is missing; one whose last bar
/// ended more than `stale_ms` before is stale: both are findings, and a missing coin is not listed.
/// USD, USDC and USDT are listed at 1 USD unless a series says otherwise, which is one finding.
Result<Market> market_from_bars(const std::vector<Bars>& series, Timestamp at, std::int64_t stale_ms = 2 * 3'600'000);

}  // namespace margrave
