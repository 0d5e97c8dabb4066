#include "dialect/binance.h"

#include <algorithm>
#include <array>

#include "dialect/name_text.h"

namespace margrave {
namespace {

constexpr std::string_view examples = "BTCUSDT, BTCUSDT_260327, BTCUSD_PERP or BTC-260327-100000-C";
constexpr std::array<std::string_view, 4> dollar_coins{"USDT", "USDC", "BUSD", "FDUSD"};

/// Splits BTCUSDT into coin and dollar coin. False if it ends with none.
bool split_pair(std::string_view pair, std::string_view& base, std::string_view& quote) {
  for (const std::string_view dollar : dollar_coins) {
    if (pair.size() <= dollar.size() || !pair.ends_with(dollar)) continue;
    base = pair.substr(0, pair.size() - dollar.size());
    quote = dollar;
    return is_coin(base);
  }
  return false;
}

Result<Listing> parse_option(std::string_view name) {
  std::vector<std::string_view> parts = split_name(name, '-');
  if (parts.size() != 4 || !is_coin(parts[0])) return not_a_name(name, "Binance", examples);
  Listing listing{.underlying = {}, .coin = {}, .settlement = "USDT"};
  listing.terms.name = name;
  listing.coin = listing.underlying = parts[0];
  listing.terms.lot = {1, 2};
  listing.terms.tick = {1, 1};
  parts.erase(parts.begin());
  if (!parse_dated(parts, listing.terms)) return not_a_name(name, "Binance", examples);
  return listing;
}

/// What follows the underscore: nothing or PERP is a perpetual, a day is a future.
bool parse_term(std::string_view text, bool inverse, Instrument& terms) {
  terms.kind = Kind::perpetual;
  if (inverse ? text == "PERP" : text.empty()) return true;
  terms.kind = Kind::future;
  return parse_yymmdd(text, terms.expiry);
}

}  // namespace

Result<Listing> parse_binance_name(std::string_view name) {
  if (name.find('-') != std::string_view::npos) return parse_option(name);
  const std::vector<std::string_view> parts = split_name(name, '_');
  const std::string_view term = parts.size() == 2 ? parts[1] : std::string_view{};
  if (parts.size() > 2 || (parts.size() == 2 && term.empty())) return not_a_name(name, "Binance", examples);
  Listing listing;
  Instrument& terms = listing.terms;
  terms.name = name;
  std::string_view base, quote;
  if (split_pair(parts[0], base, quote)) {
    listing.coin = listing.underlying = base;
    listing.settlement = quote;
    terms.lot = {1, 3};
    terms.tick = {1, 7};
    if (!parse_term(term, false, terms)) return not_a_name(name, "Binance", examples);
    return listing;
  }
  if (!parts[0].ends_with("USD")) return not_a_name(name, "Binance", examples);
  base = parts[0].substr(0, parts[0].size() - 3);
  if (!is_coin(base) || !parse_term(term, true, terms)) return not_a_name(name, "Binance", examples);
  listing.coin = listing.underlying = listing.settlement = std::string(base);
  terms.style = Style::inverse;
  terms.contract_size = base == "BTC" ? Decimal{100, 0} : Decimal{10, 0};
  terms.lot = {1, 0};
  terms.tick = {1, 4};
  return listing;
}

Result<std::string> print_binance_name(const Listing& listing) {
  const Instrument& terms = listing.terms;
  const bool inverse = terms.style == Style::inverse;
  const bool option = terms.kind == Kind::option;
  const bool dollars = std::find(dollar_coins.begin(), dollar_coins.end(), listing.settlement) != dollar_coins.end();
  if (terms.kind == Kind::spot || (option && (inverse || listing.settlement != "USDT")) || (!inverse && !dollars)) {
    return fail({.message = "Binance has no symbol for such a contract",
                 .field = "kind",
                 .remedy = "give it a name of its own"});
  }
  if (option) return listing.coin + TRY(print_dated(terms));
  const std::string pair = listing.coin + (inverse ? "USD" : listing.settlement);
  if (terms.kind == Kind::perpetual) return inverse ? pair + "_PERP" : pair;
  return pair + "_" + TRY(print_yymmdd(terms.expiry));
}

}  // namespace margrave
