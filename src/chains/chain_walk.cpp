#include "chains/chain_walk.h"

#include <algorithm>
#include <cmath>

#include "chains/margins_at.h"

namespace margrave {
namespace {

constexpr std::int64_t eight_hours_ms = 8LL * 3'600'000;

double usd(Usd amount) { return static_cast<double>(amount.raw) / 1e9; }

/// What every option of the chain is worth, and the index of every underlying.
void keep_prices(const Market& market, ChainMargins& found) {
  for (std::uint32_t i = 0; i < market.registry.instruments().size(); ++i) {
    const std::optional<double> worth = option_worth(market, InstrumentId{i});
    if (worth) found.option_usd.emplace(market.registry.instruments()[i].name, *worth);
  }
  for (std::uint32_t u = 0; u < market.registry.underlyings().size(); ++u)
    found.index.emplace(market.registry.underlyings()[u].name, market.state.underlyings[u].index);
}

std::vector<ChainHolding> holdings_of(const Market& market, const Book& book) {
  std::vector<ChainHolding> all;
  for (const Position& position : book.positions) {
    const Instrument& instrument = market.registry[position.instrument];
    const double lots = static_cast<double>(position.lots.raw);
    // A forward gains its notional times the move of the spot.
    const std::optional<double> lot = instrument.is_forward() ? lot_gain(market, position.instrument, {.spot = 1})
                                                              : option_worth(market, position.instrument);
    all.push_back({instrument, market.registry[instrument.underlying].name, lots, lots * lot.value_or(absent)});
  }
  return all;
}

/// USD of one lot of an option that expired between two chains.
double settled(const ChainMargins& from, const ChainMargins& to, const ChainHolding& holding) {
  const std::int64_t expiry = holding.terms.expiry.ns / 1'000'000;
  const ChainMargins& nearer = to.at_ms - expiry <= expiry - from.at_ms ? to : from;
  const double price = nearer.index.at(holding.underlying), strike = holding.terms.strike.to_double();
  const double content = lot_content(holding.terms)->to_double();
  const double pays = content * std::max(0.0, holding.terms.is_call ? price - strike : strike - price);
  // Paid in coin, which is worth the later index.
  return holding.terms.style == Style::inverse ? pays / price * to.index.at(holding.underlying) : pays;
}

}  // namespace

Result<ChainMargins> margins_at(const KnownChain& known, const ChainBooks& books, const ChainSets& sets) {
  const ChainMarket built = TRY(build_market(known.chain));
  const Market& market = built.market;
  ChainMargins found;
  found.at_ms = known.chain.time.ns / 1'000'000;
  found.cells.resize(books.rules.size());
  found.holdings.resize(books.rules.size());
  keep_prices(market, found);
  if (known.variance.empty()) {
    for (UpdateCell& cell : found.cells) cell.state = CellState::young;
    return found;
  }
  std::vector<Book> placed;
  std::vector<std::size_t> which;
  const auto candidates = place_option_books(books.rules, market, books.notional);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i]) continue;
    placed.push_back(*candidates[i]);
    which.push_back(i);
  }
  const std::vector<ScenarioSet> made = TRY(sets.at(market, known.variance, known.steps));
  const auto reports = TRY(margins_at(market, made, books.recipe, placed, books.isa));
  for (std::size_t i = 0; i < reports.size(); ++i) {
    UpdateCell& cell = found.cells[which[i]];
    cell.state = !reports[i] ? CellState::failed : reports[i]->complete() ? CellState::good : CellState::incomplete;
    if (!reports[i] && found.first_error.empty()) found.first_error = to_string(reports[i].error());
    if (cell.state != CellState::good) continue;
    cell.initial = usd(reports[i]->initial(books.recipe));
    cell.maintenance = usd(reports[i]->maintenance(books.recipe));
    cell.gross = gross_of(market, placed[i]);
    found.holdings[which[i]] = holdings_of(market, placed[i]);
  }
  return found;
}

std::vector<ChainWindow> chain_windows(const std::vector<std::int64_t>& at_ms) {
  std::vector<ChainWindow> windows;
  for (std::size_t begin = 0; begin < at_ms.size();) {
    std::size_t best = begin;
    for (std::size_t end = begin + 1; end < at_ms.size() && at_ms[end] - at_ms[begin] <= most_window_ms; ++end) {
      const std::int64_t length = at_ms[end] - at_ms[begin];
      if (length < least_window_ms) continue;
      const auto off = [&](std::size_t of) { return std::llabs(at_ms[of] - at_ms[begin] - eight_hours_ms); };
      if (best == begin || off(end) < off(best)) best = end;
    }
    if (best > begin) windows.push_back({begin, best});
    begin = best > begin ? best : begin + 1;
  }
  return windows;
}

std::optional<double> loss_between(const ChainMargins& from, const ChainMargins& to,
                                   const std::vector<ChainHolding>& holdings) {
  double loss = 0;
  for (const ChainHolding& holding : holdings) {
    if (holding.terms.is_forward()) {
      loss -= holding.value * (to.index.at(holding.underlying) / from.index.at(holding.underlying) - 1);
    } else if (holding.terms.expiry.ns / 1'000'000 <= to.at_ms) {
      loss -= holding.lots * settled(from, to, holding) - holding.value;
    } else {
      const auto later = to.option_usd.find(holding.terms.name);
      if (later == to.option_usd.end()) return std::nullopt;
      loss -= holding.lots * later->second - holding.value;
    }
  }
  if (std::isnan(loss)) return std::nullopt;
  return loss;
}

Result<ChainWalk> walk_chains(const std::vector<ChainMargins>& chains, const std::vector<OptionBookRule>& rules) {
  std::vector<std::int64_t> times;
  for (const ChainMargins& chain : chains) times.push_back(chain.at_ms);
  const std::vector<ChainWindow> windows = chain_windows(times);
  if (windows.empty()) {
    return fail({.message = "no two of the chains are four to twelve hours apart",
                 .field = "--chains",
                 .remedy = "give chains of several times a day"});
  }
  ChainWalk found;
  found.chains = chains.size();
  found.gaps = chains.size() - windows.size();
  found.spec.window_ms = found.spec.every_ms = eight_hours_ms;
  for (const OptionBookRule& rule : rules) found.walk.names.push_back(rule.name());
  for (const ChainWindow& window : windows) {
    const ChainMargins &from = chains[window.begin], &to = chains[window.end];
    found.mean_hours += static_cast<double>(to.at_ms - from.at_ms) / 3.6e6 / static_cast<double>(windows.size());
    found.walk.update_of.push_back(found.walk.update_ms.size());
    found.walk.update_ms.push_back(from.at_ms);
    found.walk.window_ms.push_back(from.at_ms);
    for (std::size_t b = 0; b < rules.size(); ++b) {
      WindowCell cell{.state = from.cells[b].state, .loss = 0, .gross = from.cells[b].gross};
      if (cell.state == CellState::good) {
        const std::optional<double> loss = loss_between(from, to, from.holdings[b]);
        if (!loss) cell.state = CellState::no_price;
        cell.loss = loss.value_or(0);
      }
      found.walk.updates.push_back(from.cells[b]);
      found.walk.windows.push_back(cell);
    }
    if (found.walk.first_error.empty()) found.walk.first_error = from.first_error;
  }
  return found;
}

Result<WalkJudgement> judge_chains(const ChainWalk& walk, const std::vector<ChainMargins>& chains,
                                   const JudgeSpec& of) {
  // In time of its own, where windows that follow one another touch.
  std::vector<std::int64_t> times;
  for (const ChainMargins& chain : chains) times.push_back(chain.at_ms);
  const std::vector<ChainWindow> windows = chain_windows(times);
  BookWalk touching = walk.walk;
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const bool follows = w > 0 && windows[w].begin == windows[w - 1].end;
    touching.window_ms[w] = w == 0 ? 0 : touching.window_ms[w - 1] + (follows ? 1 : 2) * walk.spec.window_ms;
  }
  WalkJudgement found = TRY(judge_walk(walk.walk, walk.spec, of));
  found.calls = 0;
  for (BookJudgement& book : found.books) {
    const auto at = std::find(touching.names.begin(), touching.names.end(), book.book);
    const Calls calls = count_calls(touching, walk.spec, static_cast<std::size_t>(at - touching.names.begin()));
    book.calls = calls.count;
    book.called = calls.sum;
    book.largest_call = calls.largest;
    found.calls += calls.count;
  }
  return found;
}

std::vector<KindJudgement> by_kind(const WalkJudgement& judged, const std::vector<OptionBookRule>& rules) {
  std::vector<KindJudgement> kinds;
  for (const OptionBookRule& rule : rules) {
    const auto book = std::find_if(judged.books.begin(), judged.books.end(),
                                   [&](const BookJudgement& one) { return one.book == rule.name(); });
    if (book == judged.books.end()) continue;
    const std::string name = rule.kind();
    auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.kind == name; });
    if (kind == kinds.end()) {
      kinds.push_back({.kind = name});
      kind = kinds.end() - 1;
    }
    const auto windows = static_cast<double>(book->windows);
    kind->windows += book->windows;
    kind->breaches += book->breaches;
    kind->uncovered += windows * book->uncovered;
    kind->mean_margin += windows * book->mean_margin;
    kind->worst_excess = std::max(kind->worst_excess, book->worst_excess);
  }
  for (KindJudgement& kind : kinds) {
    kind.uncovered /= static_cast<double>(kind.windows);
    kind.mean_margin /= static_cast<double>(kind.windows);
  }
  return kinds;
}

}  // namespace margrave
