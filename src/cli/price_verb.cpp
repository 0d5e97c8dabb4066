#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/inputs.h"
#include "cli/verbs.h"
#include "market/surface.h"
#include "math/elementary.h"
#include "pricing/greeks.h"
#include "pricing/implied_vol.h"
#include "report/amount.h"
#include "scenario/greeks.h"

namespace margrave {
namespace {

tl::unexpected<Error> wrong(const std::string& flag, const std::string& message, const std::string& remedy) {
  return fail({.kind = ErrorKind::config, .message = message, .field = flag, .remedy = remedy});
}

/// A number from a flag, between bounds.
Result<double> number(const std::string& flag, const std::string& text, double low, double high) {
  if (text.empty()) return wrong(flag, "it is not given", "give --forward, --strike, --years and --vol or --price");
  const auto value = Decimal::parse(text);
  if (!value) return wrong(flag, value.error().message, value.error().remedy);
  const double x = value->to_double();
  if (!(x >= low && x <= high))
    return wrong(flag, fmt::format("{} is outside {} to {}", text, low, high), "use a number in that range");
  return x;
}

/// What is priced: an option's terms, and where its vol comes from.
struct Priced {
  std::string name;
  Black76Option option{};
  double rate{0};
  bool inverse{false};
};

Result<double> implied(const Priced& priced, double price, const std::string& flag) {
  const Black76Option& option = priced.option;
  // A coin price is the undiscounted price over the forward; a linear one is discounted.
  const double discount = stable_exp(-priced.rate * option.expiry);
  const double undiscounted[] = {priced.inverse ? price * option.forward : price / discount};
  const double strikes[] = {option.strike};
  double vol[] = {absent};
  const ImpliedVolBatch batch{
      .forward = option.forward, .expiry = option.expiry, .strikes = strikes, .prices = undiscounted};
  if (option.expiry > 0) option.is_call ? implied_call_vols(batch, vol) : implied_put_vols(batch, vol);
  if (std::isnan(vol[0])) {
    return wrong(flag, "no vol gives this price",
                 "a price lies between intrinsic value and the forward (calls) or strike (puts)");
  }
  return vol[0];
}

Result<Priced> from_numbers(const PriceOptions& options) {
  Priced priced;
  priced.inverse = options.inverse;
  priced.option.is_call = !options.put;
  priced.option.forward = TRY(number("--forward", options.forward, 1e-12, 1e12));
  priced.option.strike = TRY(number("--strike", options.strike, 1e-12, 1e12));
  priced.option.expiry = TRY(number("--years", options.years, 0, 100));
  priced.rate = TRY(number("--rate", options.rate, -10, 10));
  if (priced.inverse) priced.rate = 0;
  if (options.price.empty() == options.vol.empty())
    return wrong("--vol", "give either a vol or a price", "one of --vol, --price");
  if (!options.vol.empty()) {
    priced.option.vol = TRY(number("--vol", options.vol, 0, 100));
  } else {
    const double price = TRY(number("--price", options.price, 0, 1e12));
    priced.option.vol = TRY(implied(priced, price, "--price"));
  }
  priced.name = fmt::format("{}{} {} on {}", priced.inverse ? "inverse " : "", priced.option.is_call ? "call" : "put",
                            options.strike, options.forward);
  return priced;
}

Result<Priced> from_market(const PriceOptions& options) {
  if (options.market.market.empty()) return wrong("--market", "an instrument needs a market", "add --market FILE");
  const Market market = TRY(load_market(options.market));
  const auto id = market.registry.instrument(options.instrument);
  if (!id) {
    const std::string nearest = market.registry.nearest_instrument(options.instrument);
    return wrong("INSTRUMENT", "'" + options.instrument + "' is not in the market",
                 nearest.empty() ? "list it in the market" : "did you mean " + nearest + "?");
  }
  const Instrument& instrument = market.registry[*id];
  if (instrument.kind != Kind::option)
    return wrong("INSTRUMENT", instrument.name + " is not an option", "name an option");
  const ExpiryState* expiry = expiry_of(market, instrument);
  const std::optional<double> vol = vol_of(market, *id);
  if (expiry == nullptr || !vol)
    return wrong("INSTRUMENT", instrument.name + " has no forward or no vol", "see the market's findings");
  Priced priced{.name = instrument.name, .rate = expiry->rate, .inverse = instrument.style == Style::inverse};
  if (priced.inverse) priced.rate = 0;
  priced.option = {expiry->forward, instrument.strike.to_double(), years_between(market.state.as_of, instrument.expiry),
                   *vol, instrument.is_call};
  if (!options.price.empty()) {
    const double price = TRY(number("--price", options.price, 0, 1e12));
    priced.option.vol = TRY(implied(priced, price, "--price"));
  }
  return priced;
}

struct PriceLine {
  const char *key, *name, *unit;
  double value;
};

std::vector<PriceLine> lines_of(const Priced& priced) {
  const Greeks linear = black76_greeks(priced.option, priced.rate);
  const double f = priced.option.forward;
  std::vector<PriceLine> lines{{"forward", "forward", "USD per coin", f},
                               {"strike", "strike", "USD per coin", priced.option.strike},
                               {"years", "time to expiry", "years, ACT/365", priced.option.expiry},
                               {"vol", "vol", "a year, 1 = 100 %", priced.option.vol}};
  if (priced.inverse) lines.push_back({"price_coins", "price", "coin per coin", linear.price / f});
  lines.push_back({"price_usd", priced.inverse ? "price at the forward" : "price", "USD per coin", linear.price});
  const std::vector<PriceLine> greeks{
      {"delta_coins", "delta", "coins", linear.delta},
      {"gamma_coins_per_usd", "gamma", "coins per USD", linear.gamma},
      {"vega_usd_per_point", "vega", "USD per vol point", linear.vega / 100},
      {"theta_usd_per_day", "theta", "USD per day", linear.theta / 365},
      {"rho_usd_per_percent", "rho", "USD per % of rate", priced.inverse ? 0.0 : linear.rho / 100},
      {"vanna_usd_per_point_percent", "vanna", "USD per point and % of forward", linear.vanna * f / 10000},
      {"volga_usd_per_point2", "volga", "USD per point squared", linear.volga / 10000},
      {"charm_coins_per_day", "charm", "coins per day", linear.charm / 365}};
  lines.insert(lines.end(), greeks.begin(), greeks.end());
  if (priced.inverse)
    lines.push_back(
        {"net_delta_coins", "net delta", "coins, less the premium in coin", linear.delta - linear.price / f});
  return lines;
}

}  // namespace

Result<Exit> run_price(const CommonOptions& common, const PriceOptions& options) {
  const Priced priced = options.instrument.empty() ? TRY(from_numbers(options)) : TRY(from_market(options));
  nlohmann::ordered_json json{{"schema_version", 1}, {"kind", "price"}, {"option", priced.name}};
  TextTable table({Align::left, Align::right, Align::left});
  for (const PriceLine& line : lines_of(priced)) {
    const double value = line.value == 0 ? 0 : line.value;  // a put's Greeks may be -0
    json[line.key] = value;
    table.row({{line.name}, {fmt::format("{:.10g}", value), Ink::bold}, {line.unit, Ink::dim}});
  }
  const Paint paint = paint_for(common);
  TRY_VOID(
      deliver(common, common.json ? json.dump(2) + "\n" : paint(Ink::bold, priced.name) + "\n" + table.text(paint)));
  return Exit::ok;
}

}  // namespace margrave
