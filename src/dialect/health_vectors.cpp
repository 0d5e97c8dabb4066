#include <array>

#include "dialect/function_vector.h"

namespace margrave {
namespace {

namespace bounds = vector_bounds;
using Vector = FunctionVector;

// Mango v4: the file's description has prices, weights and the lot size of all its rows.

struct Coin {
  const char* name;
  const char* market;  ///< its spot market against the first coin; none for that one
  Number price, asset, liability;
};

/// The funds in the orders of a coin's market, and what the book says of them.
struct Orders {
  Number quote, base, lowest_ask, highest_bid_inverse;
};

class HealthVector {
 public:
  explicit HealthVector(const Cursor& vector) : vector_(vector, "mango-v4") {}

  Result<Number> init_health() {
    const Cursor account = TRY(vector_.cursor().get("account"));
    TRY_VOID(account.only(
        {"token1", "token2", "token3", "oo_1_2", "oo_1_3", "perp1", "lowest_ask", "highest_bid_inv", "banks"}));
    TRY_VOID(read_coins(account));
    TRY_VOID(read_perpetual(account));
    TRY_VOID(read_banks(account));
    return join();
  }

 private:
  static constexpr std::size_t count = 3;

  static const std::array<Coin, count>& coins() {
    static const std::array<Coin, count> all{
        {{"token1", "", Number(1), Number::from_units(8, 1), Number::from_units(12, 1)},
         {"token2", "oo_1_2", Number(5), Number::from_units(5, 1), Number::from_units(15, 1)},
         {"token3", "oo_1_3", Number(10), Number::from_units(5, 1), Number::from_units(15, 1)}}};
    return all;
  }

  /// A pair or list of numbers, `count` of them.
  static Result<std::vector<Number>> numbers(const Cursor& at, std::size_t count_of, bool may_be_negative) {
    const std::vector<Cursor> items = TRY(at.list());
    if (items.size() != count_of)
      return fail(
          at.error("there are " + std::to_string(items.size()) + " numbers", "give " + std::to_string(count_of)));
    std::vector<Number> all;
    for (const Cursor& item : items) {
      const Decimal value = TRY(item.decimal(Cursor::BareNumber::allowed));
      if (value > bounds::amount.high || value < bounds::signed_amount.low || (value.units < 0 && !may_be_negative))
        return fail(item.error(value.to_string() + " cannot be", "correct the vector"));
      all.push_back(Number::from_decimal(value));
    }
    return all;
  }

  /// A number of a coin's market in a map that may be left out.
  static Result<Number> of_market(const Cursor& account, const char* map, const char* market) {
    const auto found = account.find(map);
    if (!found || !found->find(market)) return Number{};
    return Vector::number(*found, market, bounds::positive);
  }

  Result<void> read_coins(const Cursor& account) {
    for (std::size_t i = 0; i < count; ++i) {
      const Coin& coin = coins()[i];
      if (account.find(coin.name)) held_[i] = TRY(Vector::number(account, coin.name, bounds::signed_amount));
      const auto market = account.find(coin.market);
      if (!market) continue;
      const std::vector<Number> reserved = TRY(numbers(*market, 2, false));
      orders_[i] = {reserved[0], reserved[1], TRY(of_market(account, "lowest_ask", coin.market)),
                    TRY(of_market(account, "highest_bid_inv", coin.market))};
    }
    const auto by = [&](const char* parameter, const auto& value_of) {
      std::vector<std::pair<std::string, Number>> values;
      for (std::size_t i = 0; i < count; ++i) values.emplace_back(coins()[i].name, value_of(i));
      vector_.set_by(parameter, Number{}, values);
    };
    by("is_quote", [](std::size_t i) { return Number(i == 0 ? 1 : 0); });
    by("init_asset", [](std::size_t i) { return coins()[i].asset; });
    by("init_liability", [](std::size_t i) { return coins()[i].liability; });
    by("reserved_quote", [&](std::size_t i) { return orders_[i].quote; });
    by("reserved_base", [&](std::size_t i) { return orders_[i].base; });
    by("lowest_ask", [&](std::size_t i) { return orders_[i].lowest_ask; });
    by("highest_bid_inverse", [&](std::size_t i) { return orders_[i].highest_bid_inverse; });
    return {};
  }

  /// Lots of ten on a price of five.
  Result<void> read_perpetual(const Cursor& account) {
    std::vector<Number> perpetual(4);
    if (const auto given = account.find("perp1")) perpetual = TRY(numbers(*given, 4, true));
    const auto lots = [&](std::size_t i) { return times_power(account, perpetual[i], 1); };
    vector_.bind("size", TRY(lots(0)));
    vector_.bind("index", Number(5));
    vector_.bind("perp_quote", perpetual[1]);
    vector_.set("bid_size", TRY(lots(2)));
    vector_.set("ask_size", TRY(lots(3)));
    vector_.set("perp_init_asset", Number::from_units(8, 1));
    vector_.set("perp_init_liability", Number::from_units(12, 1));
    vector_.set("perp_gain_weight", Number::from_units(95, 2));
    return {};
  }

  Result<void> read_banks(const Cursor& account) {
    std::vector<std::pair<std::string, Number>> deposits, starts;
    if (const auto banks = account.find("banks")) {
      const std::vector<Cursor> items = TRY(banks->list());
      if (items.size() > count) return fail(banks->error("there are more banks than coins", "give three at most"));
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].find("deposits")) continue;
        Number held = TRY(Vector::number(items[i], "deposits", bounds::amount));
        if (items[i].find("potential_serum_tokens")) {
          const Number more = TRY(Vector::number(items[i], "potential_serum_tokens", bounds::amount));
          held = TRY(sum_at(items[i], held, more));
        }
        deposits.emplace_back(coins()[i].name, TRY(product_at(items[i], held, coins()[i].price)));
        starts.emplace_back(coins()[i].name,
                            TRY(Vector::number(items[i], "deposit_weight_scale_start_quote", bounds::amount)));
      }
    }
    vector_.set_by("deposits", Number{}, deposits);
    vector_.set_by("deposit_scale_start", Number{}, starts);
    return {};
  }

  /// The sum of a component over the coins.
  Result<Number> over_coins(const char* component) {
    Number total;
    for (std::size_t i = 0; i < count; ++i) {
      const Coin& coin = coins()[i];
      vector_.bind_subject(coin.name);
      vector_.bind("size", held_[i]);
      vector_.bind("mark", coin.price);
      vector_.bind("value", TRY(product_at(vector_.cursor(), held_[i], coin.price)));
      const Number part = TRY(vector_.value(component));
      total = TRY(sum_at(vector_.cursor(), total, part));
    }
    vector_.bind_subject("");
    return total;
  }

  /// What the engine does between groups: components by coin are summed for those of the whole account.
  Result<Number> join() {
    const Number perpetuals = TRY(vector_.value("perp_init"));
    std::vector<std::pair<const char*, Number>> sums{{"perps_init", perpetuals}};
    for (const char* component :
         {"quote_coins", "quote_asset_weight", "quote_liability_weight", "quote_counts", "all_quote", "coin_init"}) {
      sums.emplace_back(component, TRY(over_coins(component)));
    }
    // What an expression by coin reads of the account, from the sums; each coin's own all_quote stays its own.
    FunctionVector account = vector_;
    for (const auto& [name, sum] : sums) account.bind(name, sum);
    for (const char* component : {"quote_top_init", "quote_asset", "quote_liability"})
      vector_.bind(component, TRY(account.value(component)));
    account.bind("orders_init", TRY(over_coins("orders_init")));
    account.bind("other_contracts", Number{});
    return account.value("init_health");
  }

  Vector vector_;
  std::array<Number, count> held_;
  std::array<Orders, count> orders_;
};

}  // namespace

Result<bool> check_health(const Cursor& root, const Cursor& at, Tally& tally) {
  const Cursor expected = TRY(at.get("expected"));
  const Number computed = TRY(HealthVector(at).init_health());
  tally.check("init_health", TRY(Vector::number(expected, "init_health", bounds::signed_amount)), computed,
              TRY(tolerance_at(root, at, "abs")));
  return true;
}

}  // namespace margrave
