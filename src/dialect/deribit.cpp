#include "dialect/deribit.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "dialect/name_text.h"
#include "document/text.h"

namespace margrave {
namespace {

constexpr std::array<std::string_view, 12> months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                  "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

tl::unexpected<Error> bad_name(std::string_view name, std::string what) {
  return fail({.message = in_quotes(name) + " is not a Deribit instrument name: " + std::move(what),
               .field = "instrument",
               .remedy = "write it like BTC-PERPETUAL, BTC-27MAR26 or BTC-27MAR26-100000-C"});
}

/// "27MAR26": day without a leading zero, month, year of this century.
bool parse_expiry(std::string_view text, Timestamp& expiry) {
  if (text.size() != 6 && text.size() != 7) return false;
  const std::string_view day = text.substr(0, text.size() - 5), month = text.substr(day.size(), 3),
                         year = text.substr(day.size() + 3);
  const auto at = std::find(months.begin(), months.end(), month);
  if (!is_digits(day) || day.front() == '0' || !is_digits(year) || at == months.end()) return false;
  const auto month_number = static_cast<unsigned>(at - months.begin()) + 1;
  const std::chrono::year_month_day date{std::chrono::year{2000 + digits_to_int(year)},
                                         std::chrono::month{month_number},
                                         std::chrono::day{static_cast<unsigned>(digits_to_int(day))}};
  if (!date.ok()) return false;
  expiry = Timestamp::from_civil(2000 + digits_to_int(year), static_cast<int>(month_number), digits_to_int(day), 8);
  return true;
}

std::string print_expiry(Timestamp expiry) {
  const CivilDate date = civil_date(expiry);
  const std::string year = std::to_string(date.year % 100);
  return std::to_string(date.day) + std::string(months[static_cast<std::size_t>(date.month - 1)]) +
         (year.size() == 1 ? "0" + year : year);
}

bool parse_strike(std::string_view text, Decimal& strike) {
  const std::size_t point = text.find('d');
  const std::string_view whole = text.substr(0, point);
  if (!is_digits(whole) || whole.size() > 12 || (whole.size() > 1 && whole.front() == '0')) return false;
  std::string plain(whole);
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (!is_digits(fraction) || fraction.size() > 12 || fraction.back() == '0') return false;
    plain += "." + std::string(fraction);
  }
  const Result<Decimal> value = Decimal::parse(plain);
  if (!value || value->units <= 0) return false;
  strike = *value;
  return true;
}

struct Sizes {
  Decimal lot, tick;
};

/// Smallest sizes in coins and price steps in USDC of linear contracts, as the venue listed them in 2025; a coin that
/// is not here gets the last row.
Sizes linear_sizes(std::string_view coin, Kind kind) {
  struct Row {
    std::string_view coin;
    Decimal forward_lot, option_lot, tick;
  };
  static constexpr std::array<Row, 7> rows{{{"BTC", {1, 3}, {1, 2}, {1, 0}},
                                            {"ETH", {1, 2}, {1, 1}, {1, 2}},
                                            {"SOL", {1, 1}, {10, 0}, {1, 3}},
                                            {"AVAX", {1, 0}, {100, 0}, {1, 4}},
                                            {"XRP", {10, 0}, {1000, 0}, {1, 4}},
                                            {"TRX", {10, 0}, {10000, 0}, {1, 5}},
                                            {"", {1, 0}, {1, 0}, {1, 4}}}};
  const auto row = std::find_if(rows.begin(), rows.end() - 1, [&](const Row& r) { return r.coin == coin; });
  return {.lot = kind == Kind::option ? row->option_lot : row->forward_lot, .tick = row->tick};
}

void fill_terms(Listing& listing) {
  Instrument& terms = listing.terms;
  terms.contract_size = {1, 0};
  const bool bitcoin = listing.coin == "BTC";
  if (terms.style == Style::linear) {
    const Sizes sizes = linear_sizes(listing.coin, terms.kind);
    terms.lot = sizes.lot;
    terms.tick = sizes.tick;
  } else if (terms.kind == Kind::option) {
    terms.lot = bitcoin ? Decimal{1, 1} : Decimal{1, 0};
    terms.tick = {1, 4};
  } else {
    terms.lot = bitcoin ? Decimal{10, 0} : Decimal{1, 0};
    terms.tick = bitcoin ? (terms.kind == Kind::perpetual ? Decimal{5, 1} : Decimal{25, 1}) : Decimal{5, 2};
  }
}

}  // namespace

Result<Listing> parse_deribit_name(std::string_view name) {
  const std::vector<std::string_view> parts = split_name(name, '-');
  const std::vector<std::string_view> pair = split_name(parts[0], '_');
  if (pair.size() > 2 || !is_coin(pair[0]) || (pair.size() == 2 && !is_coin(pair[1]))) {
    return bad_name(name, "it does not begin with a coin or a pair of coins");
  }
  const bool linear = pair.size() == 2;
  if (linear && pair[0] == pair[1]) return bad_name(name, "its two coins are the same");
  Listing listing{
      .underlying = std::string(pair[0]), .coin = std::string(pair[0]), .settlement = std::string(pair.back())};
  Instrument& terms = listing.terms;
  terms.name = name;
  terms.style = linear ? Style::linear : Style::inverse;
  if (parts.size() == 1) {
    if (!linear) return bad_name(name, "a coin alone is no instrument");
    terms.kind = Kind::spot;
  } else if (parts.size() == 2 && parts[1] == "PERPETUAL") {
    terms.kind = Kind::perpetual;
  } else {
    if (!parse_expiry(parts[1], terms.expiry))
      return bad_name(name, in_quotes(parts[1]) + " is not a day like 27MAR26");
    terms.kind = parts.size() == 2 ? Kind::future : Kind::option;
    if (terms.kind == Kind::option) {
      if (parts.size() != 4 || (parts[3] != "C" && parts[3] != "P"))
        return bad_name(name, "an option ends with -strike-C or -P");
      if (!parse_strike(parts[2], terms.strike))
        return bad_name(name, in_quotes(parts[2]) + " is not a strike like 100000 or 0d55");
      terms.is_call = parts[3] == "C";
    }
  }
  fill_terms(listing);
  return listing;
}

Result<std::string> print_deribit_name(const Listing& listing) {
  const Instrument& terms = listing.terms;
  std::string name = listing.coin;
  if (terms.style == Style::linear) {
    if (listing.settlement == listing.coin) {
      return fail({.message = "a linear contract on " + listing.coin + " cannot settle in " + listing.settlement,
                   .field = "settlement",
                   .remedy = "settle it in a dollar coin"});
    }
    name += "_" + listing.settlement;
  }
  if (terms.kind == Kind::spot) return name;
  if (terms.kind == Kind::perpetual) return name + "-PERPETUAL";
  const CivilDate date = civil_date(terms.expiry);
  if (terms.expiry != Timestamp::from_civil(date.year, date.month, date.day, 8) || date.year < 2000 ||
      date.year > 2099) {
    return fail({.message = "Deribit's contracts expire at 08:00 UTC, not at " + to_string(terms.expiry),
                 .field = "expiry",
                 .remedy = "give it a name of its own"});
  }
  name += "-" + print_expiry(terms.expiry);
  if (terms.kind == Kind::future) return name;
  std::string strike = terms.strike.to_string();
  std::replace(strike.begin(), strike.end(), '.', 'd');
  return name + "-" + strike + (terms.is_call ? "-C" : "-P");
}

}  // namespace margrave
