#include "chains/modelled_walk.h"

#include <algorithm>

#include "chains/index_variance.h"

namespace margrave {

std::vector<Bars> ended_bars(const std::vector<Bars>& bars, std::int64_t at_ms) {
  std::vector<Bars> known;
  for (const Bars& file : bars) {
    const auto end = std::upper_bound(file.t_ms.begin(), file.t_ms.end(), at_ms - file.step_ms);
    const auto count = end - file.t_ms.begin();
    if (count == 0) continue;
    const auto cut = [&](const std::vector<double>& column) {
      return column.empty() ? column : std::vector<double>(column.begin(), column.begin() + count);
    };
    known.push_back({.symbol = file.symbol,
                     .coin = file.coin,
                     .file = file.file,
                     .step_ms = file.step_ms,
                     .t_ms = std::vector<std::int64_t>(file.t_ms.begin(), end),
                     .open = cut(file.open),
                     .high = cut(file.high),
                     .low = cut(file.low),
                     .close = cut(file.close),
                     .volume = cut(file.volume)});
  }
  return known;
}

Result<ChainMargins> modelled_margins(const Chain& chain, const ChainBooks& books, const std::vector<Bars>& bars) {
  const std::vector<Bars> known_bars = ended_bars(bars, chain.time.ns / 1'000'000);
  KnownChain known;
  known.chain = chain;
  // The volatility now is that of the end of the bars, so nothing is brought from one to the other.
  known.variance = variances_of_bars(known_bars);
  for (const Listing& perpetual : chain.perpetuals) {
    const auto found = known.variance.find(perpetual.underlying);
    if (found == known.variance.end() || !(found->second > 0)) known.variance.clear();
  }
  const ChainSets sets(books.scenarios, known_bars);
  return margins_at(known, books, sets);
}

}  // namespace margrave
