#include "array_book.h"

#include <algorithm>
#include <cmath>

namespace margrave::bench {
namespace {

/// Irwin-Hall of four: close enough to a normal for a tail to have a few scenarios.
double bell(Random& random) { return random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2.0; }

ArrayPlan plan_for(std::size_t rows, std::size_t scenarios) {
  ArrayPlan plan;
  for (std::size_t i = 0; i < rows; ++i) plan.rows.push_back({"instrument " + std::to_string(i), -10});
  plan.scenarios.push_back("now");
  for (std::size_t s = 1; s <= scenarios; ++s) plan.scenarios.push_back("scenario " + std::to_string(s));
  plan.ranges = {{"all", 1, static_cast<std::uint32_t>(scenarios + 1)}};
  return plan;
}

/// Values that move with their underlying and a little on their own.
void fill_row(std::span<std::int32_t> row, double value, double beta, const std::vector<double>& moves,
              Random& random) {
  for (std::size_t s = 0; s < row.size(); ++s) {
    const double change = s == 0 ? 0.0 : beta * moves[s] + 0.01 * (random.uniform() - 0.5);
    row[s] = static_cast<std::int32_t>(std::lround(value * (1.0 + change)));
  }
}

}  // namespace

ArrayBook make_array_book(const ArrayBookShape& shape) {
  Random random{.seed = shape.seed};
  auto builder = RiskArrayBuilder::create(plan_for(array_instruments, shape.scenarios)).value();
  std::vector<double> moves(shape.scenarios + 1);
  const std::size_t per_underlying = array_instruments / array_underlyings;
  for (std::uint32_t row = 0; row < array_instruments; ++row) {
    if (row % per_underlying == 0) {
      for (double& move : moves) move = 0.1 * bell(random);
    }
    fill_row(builder.narrow_row(row), 1e6 * (1.0 + 100.0 * random.uniform()), 2.0 * random.uniform(), moves, random);
  }
  ArrayBook book{std::move(builder).finish(0).value(), {0}, {}, {}};
  for (std::size_t a = 0; a < shape.accounts; ++a) {
    const std::size_t underlying = a * array_underlyings / shape.accounts;
    const std::size_t count = shape.positions / 2 + random.below(shape.positions + 1);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t row =
          shape.sorted ? underlying * per_underlying + random.below(per_underlying) : random.below(array_instruments);
      book.positions.push_back({static_cast<std::uint32_t>(row), static_cast<std::int32_t>(random.below(201)) - 100});
    }
    book.offsets.push_back(book.positions.size());
  }
  book.batch = pack_batch(book.array.exponents(), {}, Books{book.offsets, book.positions}, 0).value();
  return book;
}

ArrayBook make_mixed_coin_book(std::size_t accounts, std::uint64_t seed) {
  constexpr std::size_t coins = 200, scenarios = 512;
  Random random{.seed = seed};
  // Row c is the perpetual of coin c, one lot worth about 1 USD or one coin if that is dearer; row coins + c is the
  // smallest unit of the coin as a balance; the last row is a cent-like stablecoin of 6 decimals.
  std::vector<double> values;
  for (std::size_t c = 0; c < coins; ++c) {
    const double price = 0.0002 * std::pow(5e8, static_cast<double>(c) / (coins - 1));
    values.push_back(price >= 1.0 ? price * 0.001 : price);
  }
  for (std::size_t c = 0; c < coins; ++c) {
    const double price = 0.0002 * std::pow(5e8, static_cast<double>(c) / (coins - 1));
    values.push_back(price * (c % 3 == 0 ? 1e-18 : c % 3 == 1 ? 1e-8 : 1e-6));
  }
  values.push_back(1e-6);
  ArrayPlan plan = plan_for(values.size(), scenarios);
  for (std::size_t i = 0; i < values.size(); ++i) {
    plan.rows[i].exponent = static_cast<std::int8_t>(smallest_exponent(2.0 * values[i], RowWidth::narrow).value());
  }
  auto builder = RiskArrayBuilder::create(plan).value();
  std::vector<double> moves(scenarios + 1);
  for (double& move : moves) move = 0.1 * bell(random);
  for (std::uint32_t row = 0; row < values.size(); ++row) {
    fill_row(builder.narrow_row(row), std::ldexp(values[row], -plan.rows[row].exponent), 0.5 + random.uniform(), moves,
             random);
  }
  ArrayBook book{std::move(builder).finish(0).value(), {}, {}, {}};
  // Half of the accounts hold perpetuals and the stablecoin; a quarter hold lots only; a quarter hold coins too.
  const auto read = [&](std::size_t a, std::vector<Holding>& out) {
    Random draw{.seed = seed + 1, .stream = a};
    const std::size_t count = 1 + draw.below(12);
    for (std::size_t i = 0; i < count; ++i) {
      const auto coin = static_cast<std::uint32_t>(draw.below(coins));
      const double usd = std::pow(10.0, 1.0 + 5.0 * draw.uniform());
      const auto lots = static_cast<i128>(usd / values[coin]);
      out.push_back({coin, draw.bits() % 2 == 0 ? lots : -lots});
      if (a % 4 == 3 && i % 3 == 0)
        out.push_back({static_cast<std::uint32_t>(coins + coin), static_cast<i128>(usd / values[coins + coin])});
    }
    if (a % 4 != 2)
      out.push_back(
          {static_cast<std::uint32_t>(2 * coins), static_cast<i128>(1e6 * std::pow(10.0, 2.0 + 4.0 * draw.uniform()))});
  };
  book.batch = pack_batch(book.array.exponents(), {}, accounts, read, 0).value();
  return book;
}

void shuffle_within_groups(ArrayBook& book, Random& random) {
  std::vector<BatchAccount>& accounts = book.batch.accounts;
  for (std::size_t group = 0; group < array_underlyings; ++group) {
    const std::size_t begin = group * accounts.size() / array_underlyings;
    const std::size_t end = (group + 1) * accounts.size() / array_underlyings;
    for (std::size_t i = end; i > begin + 1; --i) std::swap(accounts[i - 1], accounts[begin + random.below(i - begin)]);
  }
  // A book is packed in the order in which it is read: entries and runs move with their accounts.
  PackedBatch moved;
  moved.entries.reserve(book.batch.entries.size());
  moved.runs.reserve(book.batch.runs.size());
  for (BatchAccount& account : accounts) {
    const PackedEntry* entry = book.batch.entries.data() + account.first_entry;
    const PackedRun* run = book.batch.runs.data() + account.first_run;
    account.first_entry = moved.entries.size();
    account.first_run = static_cast<std::uint32_t>(moved.runs.size());
    moved.entries.insert(moved.entries.end(), entry, entry + account.entries);
    moved.runs.insert(moved.runs.end(), run, run + account.runs);
  }
  book.batch.entries = std::move(moved.entries);
  book.batch.runs = std::move(moved.runs);
}

}  // namespace margrave::bench
