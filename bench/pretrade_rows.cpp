#include "pretrade_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "array/order_risk.h"
#include "array/tail_finder.h"
#include "array/value_table.h"
#include "array_allocations.h"
#include "array_book.h"
#include "array_peer.h"
#include "base/check.h"

namespace margrave::bench {
namespace {

constexpr std::size_t accounts = 20'000, held = 30, checks = 4'000;
constexpr int rounds = 31;

/// One check takes less than a call for the thread's CPU time does, so the clock is the wall's (about 30 ns a look,
/// which count). An interruption meets one check of thousands.
double wall_time() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

/// Of the times of one round.
struct Times {
  std::vector<double> each = std::vector<double>(checks);
  double p50() { return at(checks / 2); }
  double p99() { return at(checks * 99 / 100); }

 private:
  double at(std::size_t rank) {
    std::nth_element(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(rank), each.end());
    return each[rank];
  }
};

/// An order, of an account within one underlying.
struct Order {
  std::uint32_t account;
  PackedEntry entry;
};

class Venue {
 public:
  Venue(std::size_t scenarios, Isa isa)
      : book_(make_array_book({.scenarios = scenarios, .accounts = 10})),
        isa_(isa),
        finder_(column_kernels(isa), book_.array.stride()),
        tail_(scenarios / 40 + 1),
        room_(book_.array.columns()),
        packed_(accounts) {
    auto table = ValueTable::make(book_.array, accounts);
    CHECK(table.has_value());
    values_ = std::move(*table);
    for (std::uint32_t a = 0; a < accounts; ++a) open(a, packed_[a]);
  }

  const RiskArray& array() const { return book_.array; }
  double bytes_of_rows() const { return static_cast<double>((held + 1) * array().stride() * sizeof(std::int32_t)); }
  double bytes_of_values() const { return static_cast<double>(accounts * array().stride() * sizeof(std::int64_t)); }

  Order draw() {
    const auto account = static_cast<std::uint32_t>(random_.below(accounts));
    return {account, draw_entry(account)};
  }

  /// What a venue does when it has parsed an order, before it checks it.
  void expect(const Order& order) const {
    ask_for(array(), values_[order.account], order.entry.row);
    for (const std::uint32_t& column : ends_of(order.account)) __builtin_prefetch(&column);
  }

  /// Sum of the k worst losses with the order, in three ways.
  std::int64_t from_values(const Order& order) {
    CHECK(
        with_holding(array(), values_[order.account], {order.entry.row, order.entry.lots}, isa_, vector_).has_value());
    return tail_sum(order.account);
  }
  std::int64_t from_rows(const Order& order) {
    PackedAccount& account = packed_[order.account];
    account.entries.back() = order.entry;
    ask_for(array(), account.entries);
    CHECK(evaluate(array(), account, isa_, vector_).has_value());
    return tail_sum(order.account);
  }
  std::int64_t by_partition(const Order& order) {
    return order_tail_sum(values_[order.account].narrow(), array().narrow_row(order.entry.row), order.entry.lots, tail_,
                          room_.data());
  }
  std::int64_t read_table() const { return read_all({array().narrow_entries(), array().rows() * array().stride()}); }

  std::size_t cold() const { return cold_; }

 private:
  PackedEntry draw_entry(std::uint32_t account) {
    constexpr std::size_t each = array_instruments / array_underlyings;
    const std::size_t underlying = account * array_underlyings / accounts;
    const auto lots = static_cast<std::int32_t>(1 + random_.below(100));
    return {static_cast<std::uint32_t>(underlying * each + random_.below(each)),
            random_.bits() % 2 == 0 ? lots : -lots};
  }

  void open(std::uint32_t number, PackedAccount& account) {
    std::vector<Holding> holdings;
    for (std::size_t i = 0; i < held; ++i) {
      const PackedEntry entry = draw_entry(number);
      holdings.push_back({entry.row, entry.lots});
    }
    CHECK(pack(array().exponents(), holdings, account).has_value());
    ScenarioVector& valued = values_[number];
    CHECK(evaluate(array(), account, isa_, valued).has_value());
    CHECK(account.runs.size() == 1 && valued.in_64_bits());
    std::vector<std::uint32_t> columns(array().columns() - 1);
    std::iota(columns.begin(), columns.end(), 1u);
    const std::span<const std::int64_t> values = valued.narrow();
    std::sort(columns.begin(), columns.end(), [&](auto x, auto y) { return values[x] < values[y]; });
    ends_.insert(ends_.end(), columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(tail_));
    ends_.insert(ends_.end(), columns.end() - static_cast<std::ptrdiff_t>(tail_), columns.end());
    account.entries.push_back({});
    ++account.runs[0].count;
  }

  std::span<const std::uint32_t> ends_of(std::uint32_t account) const {
    return std::span(ends_).subspan(account * 2 * tail_, 2 * tail_);
  }

  std::int64_t tail_sum(std::uint32_t account) {
    const std::span<const std::int64_t> values = vector_.narrow();
    const std::span<const std::uint32_t> ends = ends_of(account);
    const std::int64_t limit = std::min(limit_of(values, ends.first(tail_)), limit_of(values, ends.last(tail_)));
    const Tail tail = finder_.find(values.data(), 1, values.size(), tail_, limit);
    cold_ += tail.warm ? 0 : 1;
    return static_cast<std::int64_t>(static_cast<i128>(tail_) * values[0] - tail.sum);
  }

  ArrayBook book_;
  Isa isa_;
  TailFinder finder_;
  std::size_t tail_;
  std::vector<std::int64_t> room_;
  std::vector<PackedAccount> packed_;  ///< the holdings of each account; the last entry is an order's
  ValueTable values_;
  std::vector<std::uint32_t> ends_;  ///< of each account, the columns of its worst losses and of its largest gains
  ScenarioVector vector_;
  Random random_{.seed = 7};
  std::size_t cold_{0};
};

/// Times every order; returns the sum of the answers.
template <class Check>
std::int64_t time_each(const std::vector<Order>& orders, const Check& check, Times& times) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < checks; ++i) {
    const double start = wall_time();
    sum += check(orders[i]);
    times.each[i] = wall_time() - start;
  }
  return sum;
}

/// Medians over the rounds.
struct Figures {
  double ours, tail, peer, ratio, cold;
};

/// Whether the orders are parsed, and what they need is asked for, a while before they are checked.
enum class Parsed { before, at_once };

/// What a venue does between parsing an order and checking it takes longer than this.
void settle() {
  for (const double until = wall_time() + 1000; wall_time() < until;) {
  }
}

/// Ours and the peer's in turn, order by order, on the same orders in two different sequences; each order is parsed
/// before its own check.
template <class Ours, class Peer>
Figures alternate(Venue& venue, Parsed parsed, const Ours& ours, const Peer& peer) {
  std::vector<double> p50, p99, theirs, ratios;
  Times a, b;
  const std::size_t cold = venue.cold();
  for (int round = 0; round < rounds; ++round) {
    std::vector<Order> orders;
    while (orders.size() < checks) orders.push_back(venue.draw());
    const std::vector<std::size_t> other = permutation(checks, round);
    const auto ready = [&](const Order& order) {
      if (parsed == Parsed::before) venue.expect(order), settle();
      return wall_time();
    };
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < checks; ++i) {
      const double start = ready(orders[i]);
      sum += ours(orders[i]);
      a.each[i] = wall_time() - start;
      const double start_of_peer = ready(orders[other[i]]);
      sum -= peer(orders[other[i]]);
      b.each[i] = wall_time() - start_of_peer;
    }
    CHECK(sum == 0);
    p50.push_back(a.p50());
    p99.push_back(a.p99());
    theirs.push_back(b.p50());
    ratios.push_back(theirs.back() / p50.back());
  }
  return {median(p50), median(p99), median(theirs), median(ratios),
          static_cast<double>(venue.cold() - cold) / (rounds * checks)};
}

/// Full recomputes alone, so that the rows are what the caches hold; between two rounds, the time of reading as many
/// bytes as a check does from the table of all rows.
Figures recompute(Venue& venue) {
  std::vector<double> p50, p99, reads, ratios;
  Times times;
  const std::size_t cold = venue.cold();
  const double share =
      venue.bytes_of_rows() / static_cast<double>(venue.array().rows() * venue.array().stride() * sizeof(std::int32_t));
  volatile std::int64_t sink = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Order> orders;
    while (orders.size() < checks) orders.push_back(venue.draw());
    sink = time_each(
        orders, [&](const Order& order) { return venue.from_rows(order); }, times);
    p50.push_back(times.p50());
    p99.push_back(times.p99());
    sink = venue.read_table();
    const double start = wall_time();
    for (int i = 0; i < 4; ++i) sink = venue.read_table();
    reads.push_back((wall_time() - start) / 4 * share);
    ratios.push_back(reads.back() / p50.back());
  }
  (void)sink;
  return {median(p50), median(p99), median(reads), median(ratios),
          static_cast<double>(venue.cold() - cold) / (rounds * checks)};
}

/// Wrong answers have no time; and no check asks for memory.
void check_answers(Venue& venue) {
  for (std::size_t i = 0; i < checks; ++i) {
    const Order order = venue.draw();
    const std::int64_t expected = venue.by_partition(order);
    CHECK(venue.from_values(order) == expected && venue.from_rows(order) == expected);
  }
  const std::size_t before = allocations_so_far();
  for (std::size_t i = 0; i < checks; ++i) venue.from_values(venue.draw());
  CHECK(allocations_so_far() == before);
}

BenchRow spread_row(const std::string& id, const std::string& what, Isa isa, const Figures& figures) {
  constexpr double most = 2.0;
  return {.id = id,
          .what = what + ": allowed over found p99 / p50",
          .isa = std::string(to_string(isa)),
          .ours = figures.tail / figures.ours,
          .peer = most,
          .unit = "p99/p50",
          .ratio = most * figures.ours / figures.tail,
          .floor = 1.0,
          .goal = 1.25};
}

void add_cached(const Selection& selection, std::size_t scenarios, Isa isa, std::vector<BenchRow>& rows) {
  Venue venue(scenarios, isa);
  check_answers(venue);
  for (const Parsed parsed : {Parsed::before, Parsed::at_once}) {
    const Figures figures = alternate(
        venue, parsed, [&](const Order& order) { return venue.from_values(order); },
        [&](const Order& order) { return venue.by_partition(order); });
    const bool ahead = parsed == Parsed::before;
    const bool stated = ahead && scenarios == 512 && (isa == Isa::avx2 || isa == Isa::avx512);
    const std::string id =
        row_id("G3", isa) + (scenarios == 512 ? "" : fmt::format("-{}", scenarios)) + (ahead ? "" : "-cold");
    fmt::print(
        stderr,
        "{}: answers equal; cached values {:.0f} MB; p99 {:.0f} ns p50 {:.0f} peer {:.0f}; {:.1f} % cold limits\n", id,
        venue.bytes_of_values() * 1e-6, figures.tail, figures.ours, figures.peer, 100 * figures.cold);
    if (selection.wants("G3")) {
      rows.push_back(
          {.id = id,
           .what = fmt::format("order checked from cached values{}, exact ES, S {}, against nth_element: p50",
                               ahead ? "" : " not asked for before", scenarios),
           .isa = std::string(to_string(isa)),
           .ours = figures.ours,
           .peer = figures.peer,
           .unit = "ns",
           .ratio = figures.ratio,
           .floor = stated ? 4.0 : 0.0,
           .goal = stated ? 6.0 : 0.0});
    }
    if (selection.wants("G3c") && stated && isa == best_isa())
      rows.push_back(spread_row("G3c", "order checked from cached values", isa, figures));
  }
}

void add_full(const Selection& selection, std::vector<BenchRow>& rows) {
  const Isa isa = best_isa();
  Venue venue(512, isa);
  check_answers(venue);
  const Figures figures = recompute(venue);
  fmt::print(stderr, "G3b: {:.0f} KB of rows of a table of {:.1f} MB read at {:.1f} GB/s; p99 {:.0f} ns\n",
             venue.bytes_of_rows() * 1e-3,
             static_cast<double>(venue.array().rows() * venue.array().stride() * sizeof(std::int32_t)) * 1e-6,
             venue.bytes_of_rows() / figures.peer, figures.tail);
  if (selection.wants("G3b")) {
    rows.push_back({.id = "G3b",
                    .what = "order checked from 31 rows anew, exact ES, S 512, against reading them: p50",
                    .isa = std::string(to_string(isa)),
                    .ours = figures.ours,
                    .peer = figures.peer,
                    .unit = "ns",
                    .ratio = figures.ratio,
                    .floor = 0.25,
                    .goal = 0.5});
  }
  if (selection.wants("G3c")) rows.push_back(spread_row("G3c-full", "order checked from 31 rows", isa, figures));
}

}  // namespace

std::vector<BenchRow> pretrade_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  for (const std::size_t scenarios : {std::size_t{512}, std::size_t{64}}) {
    for (const Isa isa : supported_isas()) {
      if (isa == Isa::portable && best_isa() != Isa::portable) continue;
      if (selection.wants(row_id("G3", isa)) || (selection.wants("G3c") && isa == best_isa() && scenarios == 512))
        add_cached(selection, scenarios, isa, rows);
    }
  }
  if (selection.wants("G3b") || selection.wants("G3c")) add_full(selection, rows);
  return rows;
}

}  // namespace margrave::bench
