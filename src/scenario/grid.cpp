#include "scenario/grid.h"

#include "scenario/begin_set.h"

namespace margrave {
namespace {

std::string percent(const Decimal& move) {
  const Decimal shown{move.units * 100, move.decimals};
  return (move.units > 0 ? "+" : "") + shown.to_string() + " %";
}

struct Moves {
  Decimal spot{}, vol{}, basis{}, rate{};
  std::vector<std::pair<AssetId, Decimal>> own{};  ///< spot moves of single coins, instead of spot
};

std::string name_of(const GridSpec& grid, const Moves& moves) {
  std::string name = "spot " + percent(moves.spot);
  if (grid.vol.size() > 1 || !moves.vol.is_zero()) name += ", vol " + percent(moves.vol);
  if (grid.basis.size() > 1) name += ", basis " + percent(moves.basis) + " a year";
  if (grid.rate.size() > 1) name += ", rate " + percent(moves.rate);
  return name;
}

/// Of an extra scenario without a name.
std::string usual_name(const ExtraScenario& extra) {
  std::string name = "spot " + percent(extra.spot);
  for (const auto& [underlying, move] : extra.spot_of) name += ", " + underlying + " " + percent(move);
  name += ", vol " + percent(extra.vol);
  if (!extra.basis.is_zero()) name += ", basis " + percent(extra.basis) + " a year";
  if (!extra.rate.is_zero()) name += ", rate " + percent(extra.rate);
  return name;
}

/// The coin of an underlying that a recipe names; none where the market does not list it, an error where that coin
/// does not move by itself.
Result<std::optional<AssetId>> coin_of(const ScenarioSpec& spec, const Market& market, const std::string& name) {
  const auto underlying = market.registry.underlying(name);
  if (!underlying) return std::nullopt;
  const AssetId coin = market.registry[*underlying].coin;
  if (!market.registry[coin].follows) return coin;
  return fail({.message = "scenario set " + spec.name + ": " + name + " has moves of its own, but its coin follows " +
                          market.registry[*market.registry[coin].follows].name,
               .field = "spot_of",
               .remedy = "move what it follows, or leave its follows out of the market"});
}

/// The coins of some underlyings with what each has. Two underlyings of one coin would move it twice.
template <class T>
Result<std::vector<std::pair<AssetId, T>>> by_coin(const ScenarioSpec& spec, const Market& market,
                                                   const std::vector<std::pair<std::string, T>>& by_name) {
  std::vector<std::pair<AssetId, T>> coins;
  for (const auto& [name, moves] : by_name) {
    const std::optional<AssetId> coin = TRY(coin_of(spec, market, name));
    if (!coin) continue;
    for (const auto& [other, unused] : coins) {
      if (other != *coin) continue;
      return fail({.message = "scenario set " + spec.name + ": the coin " + market.registry[*coin].name + " of " +
                              name + " has moves already",
                   .field = "spot_of",
                   .remedy = "name one underlying of each coin"});
    }
    coins.emplace_back(*coin, moves);
  }
  return coins;
}

/// By how much a coin moves.
const Decimal& spot_of(const Moves& moves, AssetId coin) {
  for (const auto& [own, move] : moves.own) {
    if (own == coin) return move;
  }
  return moves.spot;
}

/// Appends one scenario; the same spot multiplier moves every coin that has an underlying and no move of its own.
void append(ScenarioSet& set, const GridSpec& grid, const Market& market, const Moves& moves, std::string name,
            double dampening, Ratio weight) {
  set.names.push_back(std::move(name));
  set.weights.push_back(weight);
  set.dampening.push_back(dampening);
  set.vol_shock.push_back(moves.vol.to_double());
  set.vol_floor.push_back(moves.vol.units > 0 ? grid.vol_floor : 0.0);
  set.basis_shift.push_back(moves.basis.to_double());
  set.rate_shift.push_back(moves.rate.to_double());
  std::vector<bool> moved(set.price.size(), false);
  for (const Underlying& underlying : market.registry.underlyings()) {
    if (moved[underlying.coin.index()]) continue;
    moved[underlying.coin.index()] = true;
    set.price[underlying.coin.index()].push_back(1.0 + spot_of(moves, underlying.coin).to_double());
  }
}

}  // namespace

Result<ScenarioSet> grid_scenarios(const ScenarioSpec& spec, const GridSpec& grid, const Market& market) {
  ScenarioSet set = begin_set(spec, market);
  set.vol_term = grid.vol_term;
  set.spot_moves = grid.spot.size();
  set.vol_moves = grid.spot.empty() ? 0 : grid.vol.size() * grid.basis.size() * grid.rate.size();

  const Ratio one{power_of_ten(Ratio::decimals)};
  const auto spot_of_coins = TRY(by_coin(spec, market, grid.spot_of));
  for (std::size_t s = 0; s < grid.spot.size(); ++s) {
    Moves moves{.spot = grid.spot[s]};
    for (const auto& [coin, own] : spot_of_coins) moves.own.emplace_back(coin, own[s]);
    for (const Decimal& vol : grid.vol) {
      for (const Decimal& basis : grid.basis) {
        for (const Decimal& rate : grid.rate) {
          moves.vol = vol, moves.basis = basis, moves.rate = rate;
          append(set, grid, market, moves, name_of(grid, moves), grid.dampening, one);
        }
      }
    }
  }
  for (const ExtraScenario& extra : grid.extra) {
    const Moves moves{extra.spot, extra.vol, extra.basis, extra.rate, TRY(by_coin(spec, market, extra.spot_of))};
    append(set, grid, market, moves, extra.name.empty() ? usual_name(extra) : extra.name, extra.dampening,
           extra.weight);
  }
  move_followers(market.registry, set);
  return set;
}

Result<ScenarioSet> unmoved_scenarios(const Market& market) {
  GridSpec grid;
  grid.spot = {Decimal{}};
  ScenarioSpec spec;
  spec.name = "unmoved";
  return grid_scenarios(spec, grid, market);
}

}  // namespace margrave
