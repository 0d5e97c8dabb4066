#include "chains/option_book.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/random.h"
#include "chains/lot_gain.h"
#include "scenario/greeks.h"

namespace margrave {
namespace {

constexpr double month_days = 30, near_days = 7, far_days = 60;
constexpr std::size_t most_legs = 12;
constexpr double hour_years = 1.0 / 8760.0;

/// The options of one expiry of an underlying that the market can price.
struct Expiry {
  double days{0}, forward{0};
  std::map<double, InstrumentId> calls, puts;  ///< by strike
};

struct Leg {
  InstrumentId option{};
  double weight{0};  ///< of contracts; long > 0
};

std::vector<Expiry> expiries_of(const Market& market, UnderlyingId underlying) {
  std::map<Timestamp, Expiry> all;
  const auto& instruments = market.registry.instruments();
  for (std::uint32_t i = 0; i < instruments.size(); ++i) {
    const Instrument& one = instruments[i];
    const InstrumentId id{i};
    if (one.kind != Kind::option || one.underlying != underlying) continue;
    const double years = years_between(market.state.as_of, one.expiry);
    if (years < hour_years || !option_worth(market, id)) continue;
    Expiry& expiry = all[one.expiry];
    expiry.days = 365 * years;
    expiry.forward = expiry_of(market, one)->forward;
    (one.is_call ? expiry.calls : expiry.puts).emplace(one.strike.to_double(), id);
  }
  std::vector<Expiry> sorted;
  for (auto& [unused, expiry] : all) sorted.push_back(std::move(expiry));
  return sorted;
}

/// The expiry nearest to so many days; nullptr where there is none with both types.
const Expiry* expiry_near(const std::vector<Expiry>& all, double days) {
  const Expiry* best = nullptr;
  for (const Expiry& one : all) {
    if (one.calls.empty() || one.puts.empty()) continue;
    if (best == nullptr || std::fabs(one.days - days) < std::fabs(best->days - days)) best = &one;
  }
  return best;
}

std::map<double, InstrumentId>::const_iterator nearest(const std::map<double, InstrumentId>& options, double strike) {
  auto best = options.begin();
  for (auto at = options.begin(); at != options.end(); ++at) {
    if (std::fabs(at->first - strike) < std::fabs(best->first - strike)) best = at;
  }
  return best;
}

/// Legs at strikes of so many forwards. Empty where two of one type would be one contract.
struct Wanted {
  bool is_call{false};
  double moneyness{1}, weight{1};
};
std::vector<Leg> legs_of(const Expiry& expiry, std::initializer_list<Wanted> wanted) {
  std::vector<Leg> legs;
  for (const Wanted& one : wanted) {
    const InstrumentId id = nearest(one.is_call ? expiry.calls : expiry.puts, one.moneyness * expiry.forward)->second;
    if (std::any_of(legs.begin(), legs.end(), [&](const Leg& leg) { return leg.option == id; })) return {};
    legs.push_back({id, one.weight});
  }
  return legs;
}

/// A call of the far expiry against one of the near, at the strike nearest to the near forward that both have.
std::vector<Leg> calendar_legs(const std::vector<Expiry>& all) {
  const Expiry *near = expiry_near(all, near_days), *far = expiry_near(all, far_days);
  if (near == nullptr || far == nullptr || near == far) return {};
  double best = std::numeric_limits<double>::infinity();
  std::vector<Leg> legs;
  for (const auto& [strike, id] : near->calls) {
    const auto other = far->calls.find(strike);
    const double distance = std::fabs(strike - near->forward);
    if (other == far->calls.end() || distance >= best) continue;
    best = distance;
    legs = {{other->second, 1}, {id, -1}};
  }
  return legs;
}

std::vector<Leg> random_legs(const OptionBookRule& rule, const std::vector<Expiry>& all) {
  std::vector<InstrumentId> listed;
  for (const Expiry& expiry : all) {
    for (const auto* side : {&expiry.calls, &expiry.puts}) {
      for (const auto& [strike, id] : *side) {
        const double ratio = strike / expiry.forward;
        if (ratio > 0.36787944117144233 && ratio < 2.718281828459045) listed.push_back(id);
      }
    }
  }
  Random random{.seed = rule.seed, .stream = rule.stream, .next = 0};
  const std::size_t count = std::min<std::size_t>(1 + random.below(most_legs), listed.size());
  std::vector<Leg> legs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(random.below(listed.size()));
    const double weight = 1.0 + static_cast<double>(random.below(1000));
    legs.push_back({listed[static_cast<std::size_t>(at)], random.below(2) == 0 ? weight : -weight});
    listed.erase(listed.begin() + at);
  }
  return legs;
}

std::vector<Leg> legs_of(const OptionBookRule& rule, const std::vector<Expiry>& all) {
  if (rule.shape == BookShape::random) return random_legs(rule, all);
  if (rule.shape == BookShape::calendar) return calendar_legs(all);
  const Expiry* month = expiry_near(all, month_days);
  if (month == nullptr) return {};
  switch (rule.shape) {
    case BookShape::call:
      return legs_of(*month, {{true, 1, 1}});
    case BookShape::straddle:
      return legs_of(*month, {{true, 1, 1}, {false, 1, 1}});
    case BookShape::strangle:
      return legs_of(*month, {{true, 1.1, 1}, {false, 0.9, 1}});
    case BookShape::condor:
      return legs_of(*month, {{false, 0.8, 1}, {false, 0.9, -1}, {true, 1.1, -1}, {true, 1.2, 1}});
    case BookShape::put_spread:
      return legs_of(*month, {{false, 1, 1}, {false, 0.85, -1}});
    default:
      return legs_of(*month, {{true, 1.6, 1}, {false, 0.5, 1}});
  }
}

bool add_hedge(const Market& market, UnderlyingId underlying, Book& book) {
  LotGreeks greeks;
  for (const Position& position : book.positions)
    greeks += lot_greeks(market, position.instrument).times(static_cast<double>(position.lots.raw));
  const auto& instruments = market.registry.instruments();
  for (std::uint32_t i = 0; i < instruments.size(); ++i) {
    if (instruments[i].kind != Kind::perpetual || instruments[i].underlying != underlying) continue;
    const double delta = lot_greeks(market, InstrumentId{i}).delta_coins;
    if (!(delta > 0)) continue;
    const auto lots = static_cast<std::int64_t>(std::round(-greeks.delta_coins / delta));
    if (lots != 0) book.positions.push_back({.instrument = InstrumentId{i}, .lots = Lots{lots}, .entry_price = {}});
    return true;
  }
  return false;
}

std::optional<Book> place(const OptionBookRule& rule, UnderlyingId underlying, const std::vector<Expiry>& listed,
                          const Market& market, double notional) {
  const std::vector<Leg> legs = legs_of(rule, listed);
  if (legs.empty()) return std::nullopt;
  double weights = 0;
  for (const Leg& leg : legs) weights += std::fabs(leg.weight);
  const double index = market.state.underlyings[underlying.index()].index;
  const double side = rule.shape == BookShape::random || rule.is_long ? 1 : -1;
  Book book;
  book.account = rule.name();
  for (const Leg& leg : legs) {
    const double lot = lot_content(market.registry[leg.option])->to_double() * index;
    const auto lots = static_cast<std::int64_t>(std::round(side * notional * leg.weight / (weights * lot)));
    if (lots != 0) book.positions.push_back({.instrument = leg.option, .lots = Lots{lots}, .entry_price = {}});
  }
  if (book.positions.empty()) return std::nullopt;
  if (rule.is_hedged && !add_hedge(market, underlying, book)) return std::nullopt;
  return book;
}

}  // namespace

std::string_view to_string(BookShape shape) {
  switch (shape) {
    case BookShape::call:
      return "call";
    case BookShape::straddle:
      return "straddle";
    case BookShape::strangle:
      return "strangle";
    case BookShape::condor:
      return "condor";
    case BookShape::calendar:
      return "calendar";
    case BookShape::put_spread:
      return "put spread";
    case BookShape::wings:
      return "far wings";
    case BookShape::random:
      break;
  }
  return "random";
}

std::string OptionBookRule::kind() const {
  const std::string side = shape == BookShape::random ? "" : is_long ? "long " : "short ";
  return side + std::string(to_string(shape)) + (is_hedged ? ", hedged" : "");
}

std::string OptionBookRule::name() const {
  if (shape != BookShape::random) return underlying + " " + kind();
  return underlying + " random " + std::to_string(stream + 1) + (is_hedged ? ", hedged" : "");
}

std::vector<OptionBookRule> standard_option_books(const std::vector<std::string>& underlyings) {
  std::vector<OptionBookRule> all;
  for (const BookShape shape : {BookShape::call, BookShape::straddle, BookShape::strangle, BookShape::condor,
                                BookShape::calendar, BookShape::put_spread, BookShape::wings}) {
    for (const bool is_long : {true, false}) {
      for (const bool is_hedged : {false, true}) {
        for (const std::string& underlying : underlyings)
          all.push_back({.underlying = underlying, .shape = shape, .is_long = is_long, .is_hedged = is_hedged});
      }
    }
  }
  return all;
}

std::vector<OptionBookRule> random_option_books(const std::vector<std::string>& underlyings, std::size_t count,
                                                std::uint64_t seed) {
  std::vector<OptionBookRule> all;
  for (std::uint64_t i = 0; i < count; ++i) {
    for (const bool is_hedged : {false, true}) {
      for (const std::string& underlying : underlyings) {
        all.push_back({.underlying = underlying,
                       .shape = BookShape::random,
                       .is_long = true,
                       .is_hedged = is_hedged,
                       .seed = seed,
                       .stream = i});
      }
    }
  }
  return all;
}

std::vector<std::optional<Book>> place_option_books(const std::vector<OptionBookRule>& rules, const Market& market,
                                                    double notional) {
  std::map<std::string, std::vector<Expiry>> listed;
  std::vector<std::optional<Book>> books;
  for (const OptionBookRule& rule : rules) {
    const auto underlying = market.registry.underlying(rule.underlying);
    if (!underlying) {
      books.push_back(std::nullopt);
      continue;
    }
    const auto [at, fresh] = listed.try_emplace(rule.underlying);
    if (fresh) at->second = expiries_of(market, *underlying);
    books.push_back(place(rule, *underlying, at->second, market, notional));
  }
  return books;
}

double gross_of(const Market& market, const Book& book) {
  double gross = 0;
  for (const Position& position : book.positions) {
    const Instrument& instrument = market.registry[position.instrument];
    const double index = market.state.underlyings[instrument.underlying.index()].index;
    const double content = lot_content(instrument)->to_double();
    const bool in_usd = instrument.is_forward() && instrument.style == Style::inverse;
    gross += std::fabs(static_cast<double>(position.lots.raw)) * content * (in_usd ? 1 : index);
  }
  return gross;
}

}  // namespace margrave
