#include "array_rows.h"

#include <fmt/core.h>

#include <algorithm>

#include "array/kernel.h"
#include "array_allocations.h"
#include "array_book.h"
#include "array_bound.h"
#include "array_peer.h"
#include "base/check.h"
#include "yardstick.h"

namespace margrave::bench {
namespace {

template <class Work>
double seconds_of(Work&& work) {
  const double start = thread_time();
  work();
  return 1e-9 * (thread_time() - start);
}

constexpr int repetitions = 9;

/// As paired() of row.h in seconds of one call each, which here takes long enough to be timed alone.
template <class Before, class Ours, class Peer>
Paired alternate(Before&& before, Ours&& ours, Peer&& peer) {
  std::vector<double> our_times, peer_times, ratios;
  for (int i = 0; i < repetitions; ++i) {
    before();
    our_times.push_back(seconds_of(ours));
    peer_times.push_back(seconds_of(peer));
    ratios.push_back(peer_times.back() / our_times.back());
  }
  return {median(our_times), median(peer_times), median(ratios)};
}

double cells_of(const ArrayBook& book) {
  double entries = 0;
  for (const BatchAccount& account : book.batch.accounts) entries += account.entries;
  return entries * static_cast<double>(book.array.columns() - 1);
}

/// One pass over the batch with its working memory kept between passes.
struct Pass {
  Pass(const ArrayBook& on, Isa isa, double confidence)
      : book(on),
        tail(tail_of(on, confidence)),
        workspace(BatchWorkspace::create(on.array, isa, 1).value()),
        thresholds(on.batch.accounts.size()),
        risks(on.batch.accounts.size()),
        set(isa) {}
  static std::size_t tail_of(const ArrayBook& on, double confidence) {
    return static_cast<std::size_t>((1.0 - confidence) * static_cast<double>(on.array.columns() - 1)) + 1;
  }
  BatchCount run() {
    return assess_batch({.array = book.array,
                         .batch = book.batch,
                         .range = book.array.ranges()[0],
                         .k = tail,
                         .isa = set,
                         .threads = 1},
                        workspace, thresholds, risks)
        .value();
  }
  /// A tick moves losses: thresholds of the last pass are off by up to 1 % of the loss.
  void tick(Random& random) {
    for (std::int64_t& threshold : thresholds) {
      threshold += static_cast<std::int64_t>(static_cast<double>(threshold) * 0.02 * (random.uniform() - 0.5));
    }
  }
  const ArrayBook& book;
  std::size_t tail;
  BatchWorkspace workspace;
  std::vector<std::int64_t> thresholds;
  std::vector<AccountRisk> risks;
  Isa set;
};

/// The tail sums by a naive loop over the unpacked positions, for every `step`-th account.
bool is_right(const Pass& pass, std::size_t step) {
  const ArrayBook& book = pass.book;
  const std::size_t columns = book.array.columns();
  for (std::size_t a = 0; a + 1 < book.offsets.size(); a += step) {
    std::vector<std::int64_t> values(columns, 0);
    for (std::uint64_t i = book.offsets[a]; i < book.offsets[a + 1]; ++i) {
      const auto row = book.array.narrow_row(book.positions[i].row);
      for (std::size_t s = 0; s < columns; ++s) values[s] += std::int64_t{row[s]} * book.positions[i].lots;
    }
    const std::int64_t now = values[0];
    std::sort(values.begin() + 1, values.end());
    i128 sum = 0;
    for (std::size_t i = 1; i <= pass.tail; ++i) sum += now - values[i];
    const AccountRisk& risk = pass.risks[a];
    const int finer = book.array.exponent(0) - risk.exponent;
    if (finer < 0 || risk.tail_sum != sum * (i128{1} << finer) || risk.now != i128{now} * (i128{1} << finer))
      return false;
  }
  return true;
}

/// Wrong answers have no time.
const char* verdict(bool right) {
  CHECK(right);
  return "answers equal the naive sums";
}

/// Every account's answer the 64-bit way equals that of the last pass.
bool equals_unsplit(ArrayBook& book, Pass& pass) {
  const std::vector<AccountRisk> risks = pass.risks;
  std::vector<BatchAccount> kept = book.batch.accounts;
  for (BatchAccount& account : book.batch.accounts) account.splits = false;
  pass.run();
  book.batch.accounts = std::move(kept);
  for (std::size_t a = 0; a < risks.size(); ++a) {
    const AccountRisk &x = risks[a], &y = pass.risks[a];
    if (x.now != y.now || x.worst != y.worst || x.value_at_risk != y.value_at_risk || x.tail_sum != y.tail_sum ||
        x.worst_column != y.worst_column || x.exponent != y.exponent)
      return false;
  }
  return true;
}

volatile long long sink;

/// All accounts as the batch sums them (split where they may be), or all in 64 bits.
enum class Way { as_the_batch, in_64_bits };
void sum_all(const ArrayBook& book, const ColumnKernels& kernels, Way way, std::int64_t* out) {
  auto* high = reinterpret_cast<std::int32_t*>(out);
  for (const BatchAccount& account : book.batch.accounts) {
    const ColumnJob job{.rows = book.array.narrow_entries(),
                        .stride = book.array.stride(),
                        .entries = book.batch.entries.data() + account.first_entry,
                        .runs = book.batch.runs.data() + account.first_run,
                        .run_count = account.runs,
                        .columns = book.array.stride()};
    if (way == Way::as_the_batch && account.splits) {
      kernels.split_sums(job, {high, high + book.array.stride()});
    } else {
      kernels.sums(job, out);
    }
    sink = out[1];
  }
}

void add_sum_rows(std::vector<BenchRow>& rows) {
  ArrayBook book = make_array_book({});
  const double cells = cells_of(book);
  AlignedMemory out = AlignedMemory::allocate(book.array.stride() * sizeof(std::int64_t)).value();
  auto* sums = reinterpret_cast<std::int64_t*>(out.data());
  Random random{.seed = 2};
  for (const Isa isa : supported_isas()) {
    Pass pass(book, isa, 0.975);
    pass.run();
    const bool right = is_right(pass, 97) && equals_unsplit(book, pass);
    fmt::print(stderr, "G2 {}: {}, and split sums those of 64 bits\n", to_string(isa), verdict(right));
    for (const Way way : {Way::as_the_batch, Way::in_64_bits}) {
      const Paired paired = alternate([&] { shuffle_within_groups(book, random); },
                                      [&] { sum_all(book, column_kernels(isa), way, sums); },
                                      [&] { sink = run_bound(isa, static_cast<std::size_t>(cells)); });
      const bool stated = way == Way::as_the_batch, vectors = isa == Isa::avx2 || isa == Isa::avx512;
      rows.push_back({.id = row_id("G2", isa) + (stated ? "" : "-int64"),
                      .what = stated ? "P&L step, P 30, S 512, sorted, against widen-multiply-add in registers"
                                     : "the same with sums in 64 bits, as accounts of many lots take",
                      .isa = std::string(to_string(isa)),
                      .ours = cells / paired.ours * 1e-9,
                      .peer = cells / paired.peer * 1e-9,
                      .unit = "Gcell/s",
                      .ratio = paired.ratio,
                      .floor = stated && vectors ? 0.80 : 0.0,
                      .goal = stated && vectors ? 0.92 : 0.0});
    }
  }
}

std::vector<double> values_of(const RiskArray& array) {
  std::vector<double> values;
  for (std::uint32_t row = 0; row < array.rows(); ++row) {
    for (const std::int32_t entry : array.narrow_row(row)) values.push_back(entry);
  }
  return values;
}

void add_margin_rows(std::vector<BenchRow>& rows) {
  for (const bool sorted : {true, false}) {
    ArrayBook book = make_array_book({.sorted = sorted});
    std::vector<std::uint32_t> of_row;
    std::vector<double> lots;
    for (const PackedEntry& position : book.positions) {
      of_row.push_back(position.row);
      lots.push_back(position.lots);
    }
    EigenMargin eigen(values_of(book.array), book.array.columns(), book.offsets, of_row, lots);
    std::vector<double> theirs(book.batch.accounts.size());
    Random random{.seed = 3};
    for (const Isa isa : supported_isas()) {
      if (isa == Isa::portable && best_isa() != Isa::portable) continue;
      Pass pass(book, isa, 0.975);
      pass.run();
      eigen.tail_sums(pass.tail, theirs);
      bool equal = is_right(pass, 101);
      for (std::size_t a = 0; a < theirs.size(); ++a) {
        // Sums of these sizes are whole numbers below 2^53: both must be exact.
        const int finer = book.array.exponent(0) - pass.risks[a].exponent;
        equal = equal && static_cast<i128>(theirs[a]) * (i128{1} << finer) == pass.risks[a].tail_sum;
      }
      BatchCount count;
      const Paired paired = alternate(
          [&] {
            shuffle_within_groups(book, random);
            pass.tick(random);
          },
          [&] { count = pass.run(); }, [&] { eigen.tail_sums(pass.tail, theirs); });
      fmt::print(stderr, "G2b {} {}: {}; {} warm, {} cold thresholds after a 1 % tick\n", to_string(isa),
                 sorted ? "sorted" : "mixed", verdict(equal), count.warm, count.cold);
      const double accounts = static_cast<double>(book.batch.accounts.size());
      const bool stated = sorted && (isa == Isa::avx2 || isa == Isa::avx512);
      rows.push_back({.id = row_id("G2b", isa) + (sorted ? "" : "-mixed"),
                      .what = fmt::format("margin with exact ES 97.5 against Eigen CSR + nth_element, {}",
                                          sorted ? "sorted" : "mixed"),
                      .isa = std::string(to_string(isa)),
                      .ours = paired.ours / accounts * 1e9,
                      .peer = paired.peer / accounts * 1e9,
                      .unit = "ns/account",
                      .ratio = paired.ratio,
                      .floor = stated ? 5.0 : 0.0,
                      .goal = stated ? 8.0 : 0.0});
    }
  }
}

void add_million_row(std::vector<BenchRow>& rows) {
  ArrayBook book = make_array_book({.accounts = 1'000'000});
  Pass pass(book, best_isa(), 0.975);
  pass.run();
  const bool right = is_right(pass, 9973) && equals_unsplit(book, pass);
  Random random{.seed = 4};
  std::vector<double> times;
  std::size_t allocated = 0;
  for (int i = 0; i < 5; ++i) {
    shuffle_within_groups(book, random);
    pass.tick(random);
    const std::size_t before = allocations_so_far();
    times.push_back(seconds_of([&] { pass.run(); }));
    allocated = allocations_so_far() - before;
  }
  fmt::print(stderr, "G2d: {}; {} allocations in a pass over {} accounts\n", verdict(right), allocated,
             pass.risks.size());
  const double seconds = median(times);
  rows.push_back(row_against(
      {.id = "G2d", .what = "full margin of 1 M accounts x 30 x 512", .unit = "s", .limit = 1, .goal = 1.54}, seconds,
      right));
  rows.push_back({.id = "G2-allocations",
                  .what = "allocations per account in the hot loop (a pass may make a few)",
                  .isa = std::string(to_string(best_isa())),
                  .ours = static_cast<double>(allocated / pass.risks.size()),
                  .peer = 0.0,
                  .unit = "per account",
                  .ratio = allocated < 100 ? 1.0 : 0.0,
                  .floor = 1.0,
                  .goal = 1.0});
}

void add_many_scenarios_row(std::vector<BenchRow>& rows) {
  ArrayBook book = make_array_book({.scenarios = 10'000, .accounts = 8'192});
  Pass pass(book, best_isa(), 0.975);
  pass.run();
  const bool right = is_right(pass, 997);
  const double cells = cells_of(book);
  Random random{.seed = 5};
  BatchCount count;
  const Paired paired = alternate(
      [&] {
        shuffle_within_groups(book, random);
        pass.tick(random);
      },
      [&] { count = pass.run(); }, [&] { sink = run_bound(best_isa(), static_cast<std::size_t>(cells)); });
  fmt::print(stderr, "G2e: {}; {} warm, {} cold\n", verdict(right), count.warm, count.cold);
  rows.push_back({.id = "G2e",
                  .what = "full margin, S 10,000, P 30, against widen-multiply-add in registers",
                  .isa = std::string(to_string(best_isa())),
                  .ours = cells / paired.ours * 1e-9,
                  .peer = cells / paired.peer * 1e-9,
                  .unit = "Gcell/s",
                  .ratio = paired.ratio,
                  .floor = 0.40,
                  .goal = 0.60});
}

void add_mixed_coins_row(std::vector<BenchRow>& rows) {
  const ArrayBook book = make_mixed_coin_book(20'000, 6);
  Pass pass(book, best_isa(), 0.975);
  BatchCount count = pass.run();
  std::vector<double> times;
  for (int i = 0; i < repetitions; ++i) times.push_back(seconds_of([&] { count = pass.run(); }));
  const double accounts = static_cast<double>(book.batch.accounts.size());
  for (const SumPath path : {SumPath::one_run, SumPath::many_runs, SumPath::wide_sums, SumPath::too_large}) {
    const double share = static_cast<double>(count.path[static_cast<std::size_t>(path)]) / accounts;
    fmt::print(stderr, "coins of 0.0002 to 100,000: {:.1f} % of accounts take {}\n", 100.0 * share, to_string(path));
    rows.push_back({.id = fmt::format("G2-share-{}", static_cast<int>(path)),
                    .what = fmt::format("mixed coin book: accounts that take {}", to_string(path)),
                    .isa = std::string(to_string(best_isa())),
                    .ours = 100.0 * share,
                    .peer = 100.0,
                    .unit = "%",
                    .ratio = share,
                    .floor = 0.0,
                    .goal = 0.0});
  }
  fmt::print(stderr, "coins of 0.0002 to 100,000: {:.0f} ns per account of {:.1f} limbs\n",
             median(times) / accounts * 1e9, static_cast<double>(book.batch.entries.size()) / accounts);
}

}  // namespace

std::vector<BenchRow> array_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  if (selection.wants("G2")) add_sum_rows(rows);
  if (selection.wants("G2b")) add_margin_rows(rows);
  if (selection.wants("G2d")) add_million_row(rows);
  if (selection.wants("G2e")) add_many_scenarios_row(rows);
  if (selection.wants("G2")) add_mixed_coins_row(rows);
  return rows;
}

}  // namespace margrave::bench
