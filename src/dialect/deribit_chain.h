#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "market/chain.h"

namespace margrave {

/// Which of the snapshots of a recorded file.
struct SnapshotChoice {
  enum class Which : std::uint8_t { first, last, index, time, whole };
  Which which{Which::last};
  std::size_t index{0};  ///< from 0, with Which::index
  std::int64_t t_ms{0};  ///< with Which::time, exactly

  /// "first", "last", "#12", a number of milliseconds since 1970, or "whole": a file that is one snapshot whose rows
  /// were taken at their own times; its time is the latest.
  static Result<SnapshotChoice> parse(std::string_view text);
};

/// Fills Chain::perpetuals: on each underlying BTC-PERPETUAL where the chain has coin-settled contracts of it,
/// otherwise the linear BTC_USDC-PERPETUAL in the dollar that its contracts settle in. The readers below have done it.
Result<void> name_perpetuals(Chain& chain);

/// One snapshot of a recorded chain: CSV with the columns t_ms, instrument, underlying_price, index_price, bid, ask,
/// mark, mark_iv (percent), and where there are bid_size, ask_size and open_interest; an empty cell is no quote. Rows
/// are sorted by t_ms or all of a snapshot stand together. The file may be compressed.
Result<Chain> read_deribit_csv(const std::string& path, const SnapshotChoice& choice = {});
/// The same of text that is in memory already and has passed check_text(); `file` names it in errors.
Result<Chain> parse_deribit_csv(std::string_view text, const std::string& file, const SnapshotChoice& choice = {});

/// Calls `take` with every snapshot in the order of the file until it returns false; returns how many were taken.
Result<std::size_t> stream_deribit_csv(const std::string& path, const std::function<bool(const Chain&)>& take);

/// The times of the snapshots of a recorded file, in its order.
Result<std::vector<Timestamp>> deribit_csv_times(const std::string& path);

/// The answer of public/get_book_summary_by_currency: the result array, alone or in its JSON-RPC envelope. `terms` is
/// the answer of public/get_instruments where it is at hand; without it the terms are those of parse_deribit_name().
/// The time is the newest creation_timestamp. mark_iv is in percent; combos are passed over.
Result<Chain> read_deribit_book(const Document& book, const Document* terms = nullptr);

}  // namespace margrave
