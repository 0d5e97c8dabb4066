#include "walk/walk_book.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace margrave {
namespace {

constexpr std::int64_t million = 1'000'000;

std::string perpetual_of(const std::string& coin) { return coin + "-PERP"; }

/// Weights of at least one that sum to a million: by chance, the rounding on the first.
std::vector<std::int64_t> weights_of(Random& random, std::size_t count) {
  std::vector<std::int64_t> drawn;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    drawn.push_back(1 + static_cast<std::int64_t>(random.below(1000)));
    sum += drawn.back();
  }
  std::int64_t rest = million;
  for (std::int64_t& weight : drawn) {
    weight = weight * million / sum;
    rest -= weight;
  }
  drawn.front() += rest;
  return drawn;
}

double coins_of(const Instrument& instrument, Lots lots) {
  return static_cast<double>(lots.raw) * instrument.lot.to_double() * instrument.contract_size.to_double();
}

Result<std::optional<SizedBook>> size_shares(const WalkBook& book, const Market& market, double notional) {
  SizedBook sized;
  sized.book.account = book.name;
  for (const WalkBook::Share& share : book.shares) {
    const auto id = market.registry.instrument(perpetual_of(share.coin));
    if (!id) return std::nullopt;
    const Instrument& instrument = market.registry[*id];
    const double price = market.state.underlyings[instrument.underlying.index()].index;
    const double lots = std::round(notional * static_cast<double>(share.millionths) / static_cast<double>(million) /
                                   (price * instrument.lot.to_double()));
    if (!(std::fabs(lots) < 0x1p62)) {
      return fail(
          {.kind = ErrorKind::overflow,
           .message = "book " + book.name + ": its size in " + instrument.name + " is beyond the lots there are",
           .remedy = "use a smaller --notional"});
    }
    if (lots == 0) continue;
    const Lots held{static_cast<std::int64_t>(lots)};
    sized.book.positions.push_back({.instrument = *id, .lots = held, .entry_price = std::nullopt});
    sized.exposures.push_back({share.coin, coins_of(instrument, held)});
  }
  return sized;
}

Result<std::optional<SizedBook>> place_account(const WalkBook& book, const Market& market) {
  SizedBook sized;
  sized.book.account = book.name;
  for (const WalkBook::Held& held : book.positions) {
    const auto id = market.registry.instrument(held.instrument);
    if (!id) return std::nullopt;
    const Instrument& instrument = market.registry[*id];
    sized.book.positions.push_back({.instrument = *id, .lots = held.lots, .entry_price = held.entry_price});
    sized.exposures.push_back({market.registry[instrument.underlying].name, coins_of(instrument, held.lots)});
  }
  for (const WalkBook::Kept& kept : book.balances) {
    const auto id = market.registry.asset(kept.asset);
    if (!id) return std::nullopt;
    sized.book.balances.push_back(
        {.asset = *id, .units = kept.units, .unsettled = kept.unsettled, .borrowed = kept.borrowed});
    const double one = Decimal{1, market.registry[*id].decimals}.to_double();
    sized.exposures.push_back({kept.asset, static_cast<double>(kept.units) * one});
  }
  std::sort(sized.book.balances.begin(), sized.book.balances.end(),
            [](const Balance& a, const Balance& b) { return a.asset.index() < b.asset.index(); });
  return sized;
}

}  // namespace

std::vector<WalkBook> single_books(const std::vector<std::string>& coins) {
  std::vector<WalkBook> books;
  for (const std::string& coin : coins) {
    books.push_back({.name = coin + " long", .shares = {{coin, million}}, .positions = {}, .balances = {}});
    books.push_back({.name = coin + " short", .shares = {{coin, -million}}, .positions = {}, .balances = {}});
  }
  return books;
}

std::vector<WalkBook> spread_books(const std::vector<std::string>& coins) {
  std::vector<WalkBook> books;
  for (std::size_t i = 0; coins.size() > 1 && i < coins.size(); ++i) {
    const std::string &one = coins[i], &other = coins[(i + 1) % coins.size()];
    for (const std::int64_t half : {million / 2, -(million / 2)}) {
      const std::string name = half > 0 ? one + " less " + other : other + " less " + one;
      books.push_back({.name = name, .shares = {{one, half}, {other, -half}}, .positions = {}, .balances = {}});
    }
  }
  return books;
}

std::vector<WalkBook> random_books(const std::vector<std::string>& coins, std::size_t count, std::uint64_t seed) {
  std::vector<WalkBook> books;
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; !coins.empty() && i < count; ++i) {
    Random random{.seed = seed, .stream = i, .next = 0};
    std::vector<std::string> rest = coins;
    const std::size_t legs = 1 + random.below(std::min(most, coins.size()));
    const std::vector<std::int64_t> weights = weights_of(random, legs);
    WalkBook book;
    book.name = "random " + std::to_string(i + 1);
    for (const std::int64_t weight : weights) {
      const auto at = static_cast<std::ptrdiff_t>(random.below(rest.size()));
      book.shares.push_back({rest[static_cast<std::size_t>(at)], random.below(2) == 0 ? weight : -weight});
      rest.erase(rest.begin() + at);
    }
    books.push_back(std::move(book));
  }
  return books;
}

Result<std::vector<WalkBook>> fixed_books(const Registry& registry, const std::vector<Book>& books) {
  std::vector<WalkBook> fixed;
  for (const Book& book : books) {
    if (!book.orders.empty()) {
      return fail({.message = "account " + book.account + " has open orders, which a walk does not follow",
                   .remedy = "leave them out of the book"});
    }
    WalkBook account;
    account.name = book.account;
    for (const Position& position : book.positions) {
      const Instrument& instrument = registry[position.instrument];
      if (!instrument.is_forward() || instrument.style != Style::linear) {
        return fail({.message = "account " + book.account + ": bars give " + instrument.name + " no value",
                     .remedy = "hold linear perpetuals and balances only"});
      }
      account.positions.push_back({instrument.name, position.lots, position.entry_price});
    }
    for (const Balance& balance : book.balances) {
      account.balances.push_back({registry[balance.asset].name, balance.units, balance.unsettled, balance.borrowed});
    }
    fixed.push_back(std::move(account));
  }
  return fixed;
}

Result<std::optional<SizedBook>> size_book(const WalkBook& book, const Market& market, double notional) {
  return book.is_fixed() ? place_account(book, market) : size_shares(book, market, notional);
}

}  // namespace margrave
