#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "base/random.h"
#include "cli/inputs.h"
#include "margin/diversification.h"
#include "margin/prepared_recipe.h"

namespace margrave {

/// The example market and its bars, under any preset.
class ExampleVenue {
 public:
  static const ExampleVenue& get() {
    static const ExampleVenue venue;
    return venue;
  }

  const Market& market() const { return market_; }
  const Registry& registry() const { return market_.registry; }

  /// A recipe over the market, with what its assessments share.
  struct Made {
    Revalued revalued;
    PreparedRecipe prepared;
    MarginInputs inputs;

    Made(const Market& market, Revalued of)
        : revalued(std::move(of)), prepared(plain(market, revalued)), inputs(plain(market, revalued)) {
      inputs.prepared = &prepared;
    }
    Made(const Made&) = delete;

   private:
    static MarginInputs plain(const Market& market, const Revalued& revalued) {
      return {market.registry, revalued.revaluation.array, revalued.index, revalued.loaded.recipe, best_isa()};
    }
  };

  /// What a recipe's amounts are in: dollars, or the asset that most of the venue's contracts settle in.
  static std::optional<AssetId> numeraire_of(const Recipe& recipe, const Registry& registry) {
    return recipe.per_settlement ? registry.asset("USDC") : std::nullopt;
  }

  /// A preset; made when it is first asked for.
  const Made& under(const std::string& preset) const {
    std::unique_ptr<Made>& made = made_[preset];
    if (!made) made = make(*load_recipe(preset));
    return *made;
  }
  std::unique_ptr<Made> make(LoadedRecipe loaded) const {
    return std::make_unique<Made>(market_, revalue(std::move(loaded)));
  }

 private:
  Revalued revalue(LoadedRecipe loaded) const {
    const std::optional<AssetId> numeraire = numeraire_of(loaded.recipe, market_.registry);
    auto revalued = revalue_recipe(std::move(loaded), market_, bars_, CommonOptions{}, numeraire);
    if (!revalued) throw std::runtime_error(to_string(revalued.error()));
    return std::move(**revalued);
  }
  static inline const std::string root = MARGRAVE_SOURCE_DIR "/";
  Market market_{*load_market({.market = root + "examples/market.yaml", .at = {}, .bars = {}})};
  std::vector<Bars> bars_{*load_bars({root + "examples/bars"})};
  mutable std::map<std::string, std::unique_ptr<Made>> made_;
};

/// Random books of the example venue from a seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_{.seed = seed} {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }

  /// From one lot to a million, either side; every forward with an entry price.
  Position position(bool options_only = false) {
    for (;;) {
      const InstrumentId id = instrument();
      const Instrument& instrument = registry()[id];
      if (options_only && instrument.is_forward()) continue;
      Position position{id, lots(5), std::nullopt};
      if (instrument.is_forward()) position.entry_price = price(id, 800, 1200);
      return position;
    }
  }
  /// 1 to 30 positions.
  Book book(bool options_only = false) {
    Book book{"random", {}, {}};
    for (std::int64_t n = between(1, 30); n > 0; --n) book.positions.push_back(position(options_only));
    for (std::uint32_t a = 0; a < registry().assets().size(); ++a) {
      if (between(0, 1) == 1) book.balances.push_back({AssetId{a}, i128{between(-1'000'000'000, 100'000'000'000)}});
    }
    return book;
  }
  /// An order in any instrument, or to close or add to a position that is held.
  Order order(const Book& book) {
    Order order;
    const bool held = !book.positions.empty() && between(0, 1) == 0;
    if (held) {
      const auto last = static_cast<std::int64_t>(book.positions.size()) - 1;
      const Position& position = book.positions[static_cast<std::size_t>(between(0, last))];
      order.instrument = position.instrument;
      order.reduce_only = between(0, 2) == 0;
      const std::int64_t size = std::max<std::int64_t>(1, std::abs(position.lots.raw) * between(1, 30) / 10);
      order.lots = Lots{(position.lots.raw > 0) == (order.reduce_only || between(0, 1) == 0) ? -size : size};
    } else {
      order.instrument = instrument();
      order.lots = lots(4);
    }
    order.limit_price = price(order.instrument, 950, 1050);
    order.fee = Decimal{between(-1, 20), 3};
    return order;
  }

 private:
  static const Registry& registry() { return ExampleVenue::get().registry(); }
  InstrumentId instrument() {
    const auto last = static_cast<std::int64_t>(registry().instruments().size()) - 1;
    return InstrumentId{static_cast<std::uint32_t>(between(0, last))};
  }
  Lots lots(std::int64_t most_digits) {
    std::int64_t lots = between(1, 9);
    for (std::int64_t n = between(0, most_digits); n > 0; --n) lots = lots * 10 + between(0, 9);
    return Lots{between(0, 1) == 0 ? lots : -lots};
  }
  /// Thousandths of the mark. In tenths of a cent: the cost of a linear position is then a whole number of its units.
  Decimal price(InstrumentId id, std::int64_t low, std::int64_t high) {
    const double mark = ExampleVenue::get().market().state.instruments[id.index()].mark;
    const bool option = !registry()[id].is_forward();
    const double share = static_cast<double>(between(low, high));
    if (!option) return Decimal{static_cast<i128>(mark * share), 3};
    return Decimal{std::max(i128{1}, static_cast<i128>(mark * share * 1e3)), 6};
  }

  Random random_;
};

}  // namespace margrave
