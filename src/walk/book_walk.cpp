#include "walk/book_walk.h"

#include <ctime>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/parallel.h"
#include "scenario/revalue.h"
#include "walk/walk_margins.h"
#include "walk/walk_market.h"
#include "walk/walk_prices.h"
#include "walk/walk_sets.h"

namespace margrave {
namespace {

constexpr std::size_t chunk_updates = 64;

std::int64_t floor_to(std::int64_t at, std::int64_t step) { return at - ((at % step) + step) % step; }
std::int64_t ceil_to(std::int64_t at, std::int64_t step) { return floor_to(at + step - 1, step); }

Result<void> check(const BookWalkInputs& inputs, const BookWalkSpec& spec) {
  const auto wrong = [](std::string message, std::string field, std::string remedy) {
    return fail({.kind = ErrorKind::config,
                 .message = std::move(message),
                 .field = std::move(field),
                 .remedy = std::move(remedy)});
  };
  if (inputs.bars.empty()) return wrong("there are no bars to walk over", "--data", "name folders of bar files");
  if (inputs.books.empty()) return wrong("there is no book to margin", "--books", "name one book at least");
  if (spec.window_ms < 1000 || spec.every_ms < 1000 || spec.stride_ms < 0)
    return wrong("a walk steps by a second at least", "--step", "write 8h");
  if (spec.delay_ms < 0) return wrong("a delay is below zero", "--delay", "write 0s to 10m");
  if (!(spec.notional > 0 && spec.notional <= 1e12))
    return wrong("the notional is not between 0 and a trillion", "--notional", "write 1000000");
  return {};
}

double usd(Usd amount) { return static_cast<double>(amount.raw) / 1e9; }

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The instants of a walk.
struct Timeline {
  std::vector<std::int64_t> update_ms, window_ms;
  std::vector<std::size_t> update_of;
};

Result<Timeline> timeline_of(const BookWalkInputs& inputs, const BookWalkSpec& spec) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (const Bars& file : inputs.bars) {
    if (file.t_ms.empty()) continue;
    first = std::min(first, file.t_ms.front());
    last = std::max(last, file.t_ms.back() + file.step_ms);
  }
  // Before that nothing has a margin; the first bar's own window has no close at its beginning.
  const std::int64_t window = spec.window_ms, stride = spec.stride_ms > 0 ? spec.stride_ms : window;
  const std::int64_t past = first + static_cast<std::int64_t>(spec.first + 1) * window;
  const std::int64_t begin = ceil_to(std::max(past, spec.from_ms - window + 1), stride);
  const std::int64_t end = std::min(last, spec.to_ms);
  Timeline timeline;
  for (std::int64_t at = floor_to(begin, spec.every_ms); at + window <= end; at += spec.every_ms)
    timeline.update_ms.push_back(at);
  for (std::int64_t at = begin; at + window <= end; at += stride) {
    timeline.window_ms.push_back(at);
    timeline.update_of.push_back(static_cast<std::size_t>((at - timeline.update_ms.front()) / spec.every_ms));
  }
  if (!timeline.window_ms.empty()) return timeline;
  return fail({.message = "no window of the span lies within the bars after the first " + std::to_string(spec.first),
               .remedy = "give longer bars, a wider span, or ask for fewer windows before the first"});
}

/// What every chunk reads.
struct Shared {
  const BookWalkInputs& inputs;
  const BookWalkSpec& spec;
  const Timeline& timeline;
  const std::vector<History>& histories;
  const WalkPrices& prices;
  Isa isa;
};

/// The rows that margins of these books read: of what they hold and of what it settles in.
WantedRows rows_of(const Registry& registry, const std::vector<Book>& books) {
  WantedRows rows;
  rows.instruments.assign(registry.instruments().size(), false);
  rows.assets.assign(registry.assets().size(), false);
  for (const Book& book : books) {
    for (const Balance& balance : book.balances) rows.assets[balance.asset.index()] = true;
    for (const Position& position : book.positions) {
      rows.instruments[position.instrument.index()] = true;
      rows.assets[registry[position.instrument].settlement.index()] = true;
    }
  }
  return rows;
}

/// One chunk, update after update.
class ChunkWalk {
 public:
  explicit ChunkWalk(const Shared& shared)
      : shared_(shared), sets_(shared.inputs.scenarios, shared.histories, shared.inputs.bars, shared.isa) {}

  WalkChunk run(std::size_t begin, std::size_t end) {
    const auto& of = shared_.timeline.update_of;
    auto window = static_cast<std::size_t>(std::lower_bound(of.begin(), of.end(), begin) - of.begin());
    for (std::size_t u = begin; u < end; ++u) {
      const std::int64_t now = shared_.timeline.update_ms[u];
      update(now, now - shared_.spec.delay_ms);
      for (; window < of.size() && of[window] == u; ++window) lose(shared_.timeline.window_ms[window]);
    }
    return std::move(chunk_);
  }

 private:
  std::size_t count() const { return shared_.inputs.books.size(); }

  void remember(const std::string& error) {
    if (chunk_.first_error.empty()) chunk_.first_error = error;
  }

  /// Whether a coin's price can carry a margin now.
  CellState state_of(const SizedBook& book, std::int64_t known_ms) const {
    for (const Exposure& exposure : book.exposures) {
      if (!shared_.prices.has(exposure.coin)) continue;  // a dollar without bars
      if (shared_.prices.is_stale(exposure.coin, known_ms)) return CellState::stale;
      if (is_dollar(exposure.coin)) continue;
      if (shared_.prices.windows_before(exposure.coin, known_ms) < shared_.spec.first) return CellState::young;
    }
    return CellState::good;
  }

  void update(std::int64_t now_ms, std::int64_t known_ms) {
    held_.assign(count(), std::nullopt);
    cells_.assign(count(), {});
    const Result<void> done = margin_all(known_ms);
    if (!done) {
      remember(to_string(Timestamp::from_ms(now_ms)) + ": " + to_string(done.error()));
      for (UpdateCell& cell : cells_) {
        if (cell.state == CellState::good) cell.state = CellState::failed;
      }
    }
    chunk_.updates.insert(chunk_.updates.end(), cells_.begin(), cells_.end());
  }

  Result<void> margin_all(std::int64_t known_ms) {
    const Market market = TRY(walk_market(shared_.inputs.bars, shared_.inputs.contracts, Timestamp::from_ms(known_ms)));
    std::vector<Book> books;
    std::vector<std::size_t> which;
    for (std::size_t b = 0; b < count(); ++b) {
      auto sized = TRY(size_book(shared_.inputs.books[b], market, shared_.spec.notional));
      if (!sized) continue;
      cells_[b].state = state_of(*sized, known_ms);
      if (cells_[b].state != CellState::good) continue;
      for (const Exposure& exposure : sized->exposures) {
        const auto asset = market.registry.asset(exposure.coin);
        if (asset && !is_dollar(exposure.coin))
          cells_[b].gross += std::fabs(exposure.coins) * market.state.asset_usd[asset->index()];
      }
      books.push_back(sized->book);
      which.push_back(b);
      held_[b] = std::move(*sized);
    }
    if (books.empty()) return {};
    TRY_VOID(sets_.follow(market));
    RevalueOptions options;
    options.isa = shared_.isa;
    options.discounted = shared_.inputs.recipe.discounted;
    options.width = shared_.inputs.recipe.wide ? RowWidth::wide : RowWidth::narrow;
    options.only = rows_of(market.registry, books);
    const Revaluation revaluation = TRY(revalue(market, sets_.sets(), sets_.path(), options));
    const RowIndex index = index_rows(market.registry, revaluation.array);
    const MarginInputs inputs{market.registry, revaluation.array, index, shared_.inputs.recipe, shared_.isa};
    const auto reports = requirements(inputs, books);
    for (std::size_t i = 0; i < reports.size(); ++i) fill(cells_[which[i]], reports[i]);
    return {};
  }

  void fill(UpdateCell& cell, const Result<MarginReport>& report) {
    if (!report) {
      remember(to_string(report.error()));
      cell.state = CellState::failed;
      return;
    }
    if (!report->complete()) cell.state = CellState::incomplete;
    cell.initial = usd(report->initial(shared_.inputs.recipe));
    cell.maintenance = usd(report->maintenance(shared_.inputs.recipe));
    const auto level = [&](const std::optional<std::size_t>& component) {
      return component ? usd(report->components[*component].amount) : 0;
    };
    cell.warning = level(shared_.inputs.recipe.warning);
    cell.backstop = level(shared_.inputs.recipe.backstop);
  }

  /// What every book that has a margin loses over the window that begins now.
  void lose(std::int64_t start_ms) {
    for (std::size_t b = 0; b < count(); ++b) {
      WindowCell cell;
      cell.state = cells_[b].state;
      if (cell.state == CellState::good) lose(*held_[b], start_ms, cell);
      chunk_.windows.push_back(cell);
    }
  }

  void lose(const SizedBook& book, std::int64_t start_ms, WindowCell& cell) const {
    for (const Exposure& exposure : book.exposures) {
      const auto ends = shared_.prices.over(exposure.coin, start_ms, start_ms + shared_.spec.window_ms);
      if (ends) {
        cell.loss -= exposure.coins * (ends->end - ends->start);
        if (!is_dollar(exposure.coin)) cell.gross += std::fabs(exposure.coins) * ends->start;
      } else if (!is_dollar(exposure.coin)) {
        cell = {.state = CellState::no_price, .loss = 0, .gross = 0};
        return;
      }
    }
  }

  const Shared& shared_;
  WalkSets sets_;
  std::vector<std::optional<SizedBook>> held_;
  std::vector<UpdateCell> cells_;
  WalkChunk chunk_;
};

Result<std::vector<History>> read_histories(const BookWalkInputs& inputs, const WalkThreads& on) {
  std::vector<History> histories;
  for (const ScenarioSpec& spec : inputs.scenarios) {
    if (WalkSets::has_history(spec)) histories.push_back(TRY(History::read(spec, inputs.bars, on.threads, on.isa)));
  }
  return histories;
}

}  // namespace

std::string_view to_string(CellState state) {
  switch (state) {
    case CellState::good:
      return "good";
    case CellState::unlisted:
      return "no bars yet";
    case CellState::stale:
      return "stale price";
    case CellState::young:
      return "too short a past";
    case CellState::incomplete:
      return "recipe has no scenarios of it";
    case CellState::failed:
      return "margin failed";
    case CellState::no_price:
      break;
  }
  return "no bar at an end";
}

Result<BookWalk> walk_books(const BookWalkInputs& inputs, const BookWalkSpec& spec, const WalkThreads& on,
                            const WalkKeeper& keeper) {
  TRY_VOID(check(inputs, spec));
  const Timeline timeline = TRY(timeline_of(inputs, spec));
  const std::vector<History> histories = TRY(read_histories(inputs, on));
  const WalkPrices prices(inputs.bars, spec.window_ms);
  const Shared shared{inputs, spec, timeline, histories, prices, on.isa};
  const std::size_t updates = timeline.update_ms.size(), total = (updates + chunk_updates - 1) / chunk_updates;
  std::vector<WalkChunk> chunks(total);
  std::vector<double> seconds(total, 0);
  std::atomic<std::size_t> done{0}, computed{0};
  parallel_for(total, on.threads, [&](std::size_t c) {
    const std::size_t begin = c * chunk_updates, end = std::min(updates, begin + chunk_updates);
    const WalkChunk* kept = keeper.kept ? keeper.kept(c) : nullptr;
    if (kept != nullptr) {
      chunks[c] = *kept;
    } else {
      const double before = thread_seconds();
      chunks[c] = ChunkWalk(shared).run(begin, end);
      seconds[c] = thread_seconds() - before;
      computed += end - begin;
      if (keeper.keep) keeper.keep(c, chunks[c]);
    }
    if (keeper.progress) keeper.progress(++done, total);
  });
  BookWalk walk;
  for (const WalkBook& book : inputs.books) walk.names.push_back(book.name);
  walk.update_ms = timeline.update_ms;
  walk.window_ms = timeline.window_ms;
  walk.update_of = timeline.update_of;
  for (const WalkChunk& chunk : chunks) {
    walk.updates.insert(walk.updates.end(), chunk.updates.begin(), chunk.updates.end());
    walk.windows.insert(walk.windows.end(), chunk.windows.begin(), chunk.windows.end());
    if (walk.first_error.empty()) walk.first_error = chunk.first_error;
  }
  for (const double one : seconds) walk.cpu_seconds += one;
  walk.computed_updates = computed;
  return walk;
}

Digest digest_of(const BookWalkInputs& inputs, const BookWalkSpec& spec) {
  Encoder bytes;
  bytes.put(std::string("walk 3"));  // raised when the same inputs give other numbers
  bytes.put(inputs.recipe.digest.high);
  bytes.put(inputs.recipe.digest.low);
  for (const std::int64_t number : {spec.window_ms, spec.every_ms, spec.delay_ms, spec.from_ms, spec.to_ms,
                                    spec.stride_ms, static_cast<std::int64_t>(spec.first)}) {
    bytes.put(number);
  }
  bytes.put(spec.notional);
  for (const Bars& file : inputs.bars) {
    bytes.put(file.coin);
    bytes.put(file.step_ms);
    bytes.put(file.t_ms);
    for (const auto* column : {&file.open, &file.high, &file.low, &file.close}) bytes.put(*column);
  }
  for (const Listing& contract : inputs.contracts) {
    bytes.put(contract.terms.name);
    bytes.put(contract.terms.lot.units);
    bytes.put(contract.terms.lot.decimals);
  }
  for (const WalkBook& book : inputs.books) {
    bytes.put(book.name);
    for (const WalkBook::Share& share : book.shares) {
      bytes.put(share.coin);
      bytes.put(share.millionths);
    }
    for (const WalkBook::Held& held : book.positions) {
      bytes.put(held.instrument);
      bytes.put(held.lots.raw);
      bytes.put(held.entry_price ? held.entry_price->to_string() : std::string());
    }
    for (const WalkBook::Kept& kept : book.balances) {
      bytes.put(kept.asset);
      for (const i128 units : {kept.units, kept.unsettled, kept.borrowed}) bytes.put(units);
    }
  }
  return digest(Bytes(bytes.bytes()));
}

}  // namespace margrave
