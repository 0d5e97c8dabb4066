#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/codec.h"
#include "base/isa.h"
#include "margin/recipe.h"
#include "market/bars.h"
#include "market/listing.h"
#include "scenario/scenario_spec.h"
#include "walk/walk_book.h"

namespace margrave {

/// When margins are updated and what they are held against. All lengths are multiples of a second.
struct BookWalkSpec {
  std::int64_t window_ms{8LL * 3'600'000};  ///< a loss is taken over it; windows begin at multiples of it
  std::int64_t every_ms{8LL * 3'600'000};   ///< updates stand at multiples of it since 1970
  std::int64_t delay_ms{0};                 ///< an update at U knows the market of U - delay
  std::int64_t from_ms{0}, to_ms{0};        ///< the windows that end in (from, to]
  std::int64_t stride_ms{0};   ///< distance of two windows' beginnings; 0: the window, so that none overlap
  std::size_t first{1000};     ///< windows that each coin of a book has returns of before its first margin
  double notional{1'000'000};  ///< USD, of the books that are sized anew
};

/// What a walk reads. The referenced objects outlive it.
struct BookWalkInputs {
  const Recipe& recipe;
  const std::vector<ScenarioSpec>& scenarios;
  const std::vector<Bars>& bars;
  const std::vector<Listing>& contracts;
  const std::vector<WalkBook>& books;
};

/// Why a book has, or has not, a margin at an update, or a loss over a window.
enum class CellState : std::uint8_t {
  good,
  unlisted,    ///< a coin of it has no bars yet
  stale,       ///< the last bar of a coin of it ended more than two hours, or two of its bars, before
  young,       ///< a coin of it has too short a past
  incomplete,  ///< the recipe has nothing to say of a coin of it
  failed,      ///< the margin is an error
  no_price,    ///< of a window: a coin of it has no bar at one of its ends
};
inline constexpr std::size_t cell_states = 7;
std::string_view to_string(CellState state);

/// One book at one update; USD.
struct UpdateCell {
  CellState state{CellState::unlisted};
  double initial{0}, maintenance{0};  ///< exact while below nine million
  double gross{0};                    ///< sum of what its coins are worth then, without signs
  double warning{0}, backstop{0};     ///< 0 where the recipe has none
  static constexpr auto fields() {
    return std::tuple{field("state", &UpdateCell::state),
                      field("initial", &UpdateCell::initial),
                      field("maintenance", &UpdateCell::maintenance),
                      field("warning", &UpdateCell::warning),
                      field("backstop", &UpdateCell::backstop),
                      field("gross", &UpdateCell::gross)};
  }
};
/// One book over one window; USD. The margin is that of the last update at or before it began.
struct WindowCell {
  CellState state{CellState::unlisted};
  double loss{0}, gross{0};  ///< gross when it begins
  static constexpr auto fields() {
    return std::tuple{field("state", &WindowCell::state), field("loss", &WindowCell::loss),
                      field("gross", &WindowCell::gross)};
  }
};

/// A stretch of updates with the windows that begin under them: what one thread computes, and what is kept of an
/// interrupted walk.
struct WalkChunk {
  std::vector<UpdateCell> updates;  ///< update by update, each by book
  std::vector<WindowCell> windows;  ///< window by window, each by book
  std::string first_error;          ///< of the first cell that failed
  static constexpr auto fields() {
    return std::tuple{field("updates", &WalkChunk::updates), field("windows", &WalkChunk::windows),
                      field("first_error", &WalkChunk::first_error)};
  }
};

/// Margins of books over history, each from what was known when it was made: nothing after an instant changes a margin
/// of it by a bit (BookWalk.DeletingLaterBarsChangesNoEarlierNumber).
struct BookWalk {
  std::vector<std::string> names;       ///< of the books
  std::vector<std::int64_t> update_ms;  ///< ascending
  std::vector<std::int64_t> window_ms;  ///< when each window begins, ascending
  std::vector<std::size_t> update_of;   ///< by window: the update whose margin is in force
  std::vector<UpdateCell> updates;      ///< by update, then book
  std::vector<WindowCell> windows;      ///< by window, then book
  std::string first_error;              ///< of the earliest cell that failed; empty where none did
  double cpu_seconds{0};                ///< of the chunks that this run computed, all threads together
  std::size_t computed_updates{0};      ///< by this run

  const UpdateCell& update(std::size_t u, std::size_t book) const { return updates[u * names.size() + book]; }
  const WindowCell& window(std::size_t w, std::size_t book) const { return windows[w * names.size() + book]; }
};

/// Where a walk keeps its chunks, and how far it is. Both are called from any thread, each chunk once.
struct WalkKeeper {
  std::function<const WalkChunk*(std::size_t chunk)> kept{};  ///< nullptr: not there yet
  std::function<void(std::size_t chunk, const WalkChunk&)> keep{};
  std::function<void(std::size_t done, std::size_t total)> progress{};
};

struct WalkThreads {
  unsigned threads{0};  ///< 0: all cores. No result depends on it, nor on the instruction set
  Isa isa{Isa::portable};
};

/// At every update the market of the bars, the recipe's scenario sets of then, their risk array and the margin of every
/// book, by the functions that `margrave margin` calls; over every window what the book then loses.
///
/// Loss: the fall of the value of positions and balances together, USD; a dollar without bars does not move.
/// Errors: a spec outside its ranges; no bars; no window in the span; those of historical scenarios.
/// Source: docs/methods/backtest.md
Result<BookWalk> walk_books(const BookWalkInputs& inputs, const BookWalkSpec& spec, const WalkThreads& on,
                            const WalkKeeper& keeper = {});

/// Names a walk's inputs: kept chunks of another digest are of another walk.
Digest digest_of(const BookWalkInputs& inputs, const BookWalkSpec& spec);

}  // namespace margrave
