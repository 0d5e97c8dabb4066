#include "market/chain.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "market/chain_check.h"
#include "market/plausible.h"
#include "market/quote_vol.h"
#include "market/surface.h"

namespace margrave {
namespace {

bool is_there(double x) { return x == x; }

struct ExpiryQuotes {
  Timestamp expiry{};
  std::vector<const ChainQuote*> all;
};

struct UnderlyingQuotes {
  std::optional<ChainQuote> perpetual{};  ///< listed where none is quoted
  double index{absent};
  std::vector<const ChainQuote*> all;  ///< in the order of listing
  std::vector<ExpiryQuotes> expiries;  ///< ascending
  std::vector<ExpiryFit> fits;         ///< one per expiry
};

/// Collects a chain by underlying name, which is also the order of listing.
using ByUnderlying = std::map<std::string, UnderlyingQuotes>;

Result<void> check_plausible(const ChainQuote& quote) {
  const std::string of = " (" + quote.instrument.terms.name + ")";
  const std::pair<double, const char*> prices[] = {{quote.bid, "bid"},
                                                   {quote.ask, "ask"},
                                                   {quote.mark, "mark"},
                                                   {quote.underlying_price, "underlying_price"},
                                                   {quote.index, "index"}};
  for (const auto& [price, field] : prices) {
    if (is_plausible_price(price)) continue;
    return fail({.message = implausible_price(price) + of, .field = field, .remedy = "check its unit"});
  }
  if (is_plausible_vol(quote.mark_vol)) return {};
  return fail({.message = implausible_vol(quote.mark_vol) + of, .field = "mark_vol", .remedy = "0.65 is 65 %"});
}

Result<void> check_quote(const ChainQuote& quote) {
  const std::pair<double, const char*> values[] = {{quote.bid, "bid"},
                                                   {quote.ask, "ask"},
                                                   {quote.mark, "mark"},
                                                   {quote.bid_size, "bid_size"},
                                                   {quote.ask_size, "ask_size"},
                                                   {quote.mark_vol, "mark_vol"},
                                                   {quote.underlying_price, "underlying_price"},
                                                   {quote.index, "index"},
                                                   {quote.open_interest, "open_interest"}};
  for (const auto& [value, field] : values) {
    if (!is_there(value) || (value >= 0 && std::isfinite(value))) continue;
    return fail({.message = fmt::format("{} of {} is {}", field, quote.instrument.terms.name, value),
                 .field = field,
                 .remedy = "a price, vol or size is finite and not negative; leave out what is not known"});
  }
  return check_plausible(quote);
}

auto listing_order(const ChainQuote& quote) {
  const Instrument& terms = quote.instrument.terms;
  return std::tuple(terms.kind, terms.expiry, terms.strike.to_double(), terms.is_call, std::string_view(terms.name));
}

double median_of(const std::vector<const ChainQuote*>& quotes, double ChainQuote::*member) {
  std::vector<double> values;
  for (const ChainQuote* quote : quotes) {
    if (quote->*member > 0) values.push_back(quote->*member);
  }
  return values.empty() ? absent : median(std::move(values));
}

double mid_of(const ChainQuote& quote) {
  return is_there(quote.bid) && is_there(quote.ask) && !is_crossed(quote) ? 0.5 * (quote.bid + quote.ask) : absent;
}

double mark_or_mid(const ChainQuote& quote) { return is_there(quote.mark) ? quote.mark : mid_of(quote); }

class Builder {
 public:
  Builder(const Chain& chain, const ChainOptions& options)
      : chain_(chain), options_(options), as_of_(options.as_of.value_or(chain.time)) {}

  Result<ChainMarket> run() {
    if (as_of_.ns <= 0) {
      return fail(
          {.message = chain_.source + " does not say when it was taken", .field = "as_of", .remedy = "give as_of"});
    }
    TRY_VOID(collect());
    for (auto& [name, group] : groups_) {
      TRY_VOID(find_index(name, group));
      add_perpetual(name, group);
      for (const ExpiryQuotes& expiry : group.expiries) group.fits.push_back(prepare(name, group, expiry));
      fit(name, group);
    }
    TRY_VOID(list_all());
    return std::move(result_);
  }

 private:
  Result<void> collect();
  Result<void> find_index(const std::string& name, UnderlyingQuotes& group);
  void add_perpetual(const std::string& name, UnderlyingQuotes& group);
  ExpiryFit prepare(const std::string& name, const UnderlyingQuotes& group, const ExpiryQuotes& expiry);
  ForwardEstimate forward_of(const std::string& subject, const UnderlyingQuotes& group, const ExpiryQuotes& expiry,
                             double years);
  std::vector<SmileQuote> smile_quotes(const ExpiryQuotes& expiry, const ExpiryFit& at) const;
  void fit(const std::string& name, UnderlyingQuotes& group);
  Result<void> list_all();
  UnderlyingState state_of(const UnderlyingQuotes& group) const;
  InstrumentState state_of(const ChainQuote& quote, const UnderlyingQuotes& group);
  Result<void> value_assets();

  void find(Finding::Kind kind, std::string subject, std::string text) {
    findings().push_back({.kind = kind, .subject = std::move(subject), .text = std::move(text)});
  }
  std::vector<Finding>& findings() { return result_.market.state.findings; }

  const Chain& chain_;
  const ChainOptions& options_;
  Timestamp as_of_;
  ByUnderlying groups_;
  ChainMarket result_;
};

Result<void> Builder::collect() {
  for (const ChainQuote& quote : chain_.quotes) {
    TRY_VOID(check_quote(quote));
    const Instrument& terms = quote.instrument.terms;
    if (terms.expires() && terms.expiry <= as_of_) {
      find(Finding::Kind::stale, terms.name, "it expired at " + to_string(terms.expiry) + " and is left out");
      continue;
    }
    groups_[quote.instrument.underlying].all.push_back(&quote);
  }
  if (groups_.empty()) {
    return fail({.message = chain_.source + " has no instrument that is alive at " + to_string(as_of_),
                 .remedy = "check as_of"});
  }
  for (auto& [name, group] : groups_) {
    std::sort(group.all.begin(), group.all.end(),
              [](const ChainQuote* a, const ChainQuote* b) { return listing_order(*a) < listing_order(*b); });
    std::map<Timestamp, std::vector<const ChainQuote*>> by_expiry;
    for (const ChainQuote* quote : group.all) {
      report_quote(*quote, as_of_, options_.stale_seconds, findings());
      if (quote->instrument.terms.expires()) by_expiry[quote->instrument.terms.expiry].push_back(quote);
    }
    for (auto& [expiry, quotes] : by_expiry) group.expiries.push_back({.expiry = expiry, .all = std::move(quotes)});
  }
  return {};
}

Result<void> Builder::find_index(const std::string& name, UnderlyingQuotes& group) {
  group.index = median_of(group.all, &ChainQuote::index);
  if (group.index > 0) return {};
  for (const ChainQuote* quote : group.all) {
    if (quote->instrument.terms.is_forward() && mark_or_mid(*quote) > 0) {
      group.index = mark_or_mid(*quote);
      find(Finding::Kind::assumed, name,
           "no index is given; the price of " + quote->instrument.terms.name + " stands for it");
      return {};
    }
  }
  group.index =
      median_of(group.expiries.empty() ? group.all : group.expiries.front().all, &ChainQuote::underlying_price);
  if (!(group.index > 0)) {
    return fail(
        {.message = name + " has no index and no forward", .field = "index_price", .remedy = "give its index price"});
  }
  find(Finding::Kind::assumed, name, "no index is given; the forward of the nearest expiry stands for it");
  return {};
}

void Builder::add_perpetual(const std::string& name, UnderlyingQuotes& group) {
  const auto is_perpetual = [](const ChainQuote* quote) { return quote->instrument.terms.kind == Kind::perpetual; };
  if (std::any_of(group.all.begin(), group.all.end(), is_perpetual)) return;
  const auto known = std::find_if(chain_.perpetuals.begin(), chain_.perpetuals.end(),
                                  [&](const Listing& listing) { return listing.underlying == name; });
  if (known == chain_.perpetuals.end()) return;
  group.perpetual = ChainQuote{.instrument = *known, .mark = group.index};
  const auto after = [](const ChainQuote* a, const ChainQuote* b) { return listing_order(*a) < listing_order(*b); };
  const ChainQuote* quote = &*group.perpetual;
  group.all.insert(std::upper_bound(group.all.begin(), group.all.end(), quote, after), quote);
  find(Finding::Kind::assumed, known->terms.name, "the chain has no perpetual; it is at the index and pays no funding");
}

ForwardEstimate Builder::forward_of(const std::string& subject, const UnderlyingQuotes& group,
                                    const ExpiryQuotes& expiry, double years) {
  const double quoted = median_of(expiry.all, &ChainQuote::underlying_price);
  if (quoted > 0) {
    return {.forward = quoted, .source = ForwardSource::quoted, .used = static_cast<int>(expiry.all.size())};
  }
  std::map<std::pair<Style, double>, ParityPair> pairs;
  std::map<std::pair<Style, double>, int> sides;
  for (const ChainQuote* quote : expiry.all) {
    const Instrument& terms = quote->instrument.terms;
    const double price = mark_or_mid(*quote);
    if (!(price > 0)) continue;
    if (terms.is_forward()) return {.forward = price, .source = ForwardSource::future, .used = 1};
    const std::pair key(terms.style, terms.strike.to_double());
    ParityPair& pair = pairs[key];
    pair.strike = key.second;
    (terms.is_call ? pair.call : pair.put) = price;
    pair.spread += is_there(mid_of(*quote)) ? quote->ask - quote->bid : 0.1 * price;
    sides[key] |= terms.is_call ? 1 : 2;
  }
  for (const Style style : {Style::inverse, Style::linear}) {
    std::vector<ParityPair> whole;
    for (const auto& [key, pair] : pairs) {
      if (key.first == style && sides[key] == 3) whole.push_back(pair);
    }
    if (const auto estimate = parity_forward(whole, style, years)) return *estimate;
  }
  find(Finding::Kind::assumed, subject, "no forward can be found; the index stands for it");
  return {.forward = group.index, .source = ForwardSource::index, .used = 0};
}

std::vector<SmileQuote> Builder::smile_quotes(const ExpiryQuotes& expiry, const ExpiryFit& at) const {
  std::vector<SmileQuote> quotes;
  for (const ChainQuote* quote : expiry.all) {
    const Instrument& terms = quote->instrument.terms;
    if (terms.kind != Kind::option) continue;
    const double strike = terms.strike.to_double();
    if (terms.is_call != (strike >= at.forward.forward)) continue;  // the out-of-the-money side of each strike
    const PricedOption option{
        .terms = &terms, .forward = at.forward.forward, .years = at.years, .rate = at.forward.rate};
    SmileQuote smile{.k = std::log(strike / at.forward.forward)};
    if (quote->mark_vol > 0) {
      smile.mark_vol = quote->mark_vol;
    } else if (quote->mark > 0) {
      smile.mark_vol = vol_of_price(option, quote->mark);
    }
    if (!is_crossed(*quote) && !is_stale(*quote, as_of_, options_.stale_seconds)) {
      if (quote->bid > 0) smile.bid_vol = vol_of_price(option, quote->bid);
      if (quote->ask > 0) smile.ask_vol = vol_of_price(option, quote->ask);
    }
    quotes.push_back(smile);
  }
  return quotes;
}

ExpiryFit Builder::prepare(const std::string& name, const UnderlyingQuotes& group, const ExpiryQuotes& expiry) {
  ExpiryFit at{.expiry = expiry.expiry, .years = years_between(as_of_, expiry.expiry)};
  at.years = std::max(at.years, 1.0 / static_cast<double>(seconds_per_year));
  const std::string subject = name + " " + to_date(expiry.expiry);
  at.forward = forward_of(subject, group, expiry, at.years);
  if (auto far = far_forward(subject, at.forward.forward, group.index)) findings().push_back(*std::move(far));
  const double rate = median_of(expiry.all, &ChainQuote::rate);
  if (is_there(rate)) at.forward.rate = rate;
  at.quotes = smile_quotes(expiry, at);
  ExpirySlice slice{
      .subject = subject, .forward = at.forward.forward, .years = at.years, .rate = at.forward.rate, .options = {}};
  for (const ChainQuote* quote : expiry.all) {
    if (quote->instrument.terms.kind == Kind::option) slice.options.push_back(quote);
  }
  for (Finding& finding : contradictions(slice, options_.arbitrage_tolerance)) findings().push_back(std::move(finding));
  return at;
}

void Builder::fit(const std::string& name, UnderlyingQuotes& group) {
  std::vector<SmileInput> inputs;
  std::vector<ExpiryFit*> fitted;
  for (ExpiryFit& each : group.fits) {
    // Two expiries within one second have the same years; one smile is enough for both.
    if (each.quotes.empty() || (!inputs.empty() && each.years <= inputs.back().years)) continue;
    inputs.push_back({.years = each.years, .quotes = each.quotes});
    fitted.push_back(&each);
  }
  const std::vector<SmileFit> fits = fit_smiles(inputs);
  for (std::size_t i = 0; i < fits.size(); ++i) {
    fitted[i]->smile = fits[i];
    const std::string subject = name + " " + to_date(fitted[i]->expiry);
    if (fits[i].source == SmileSource::blended) {
      find(Finding::Kind::arbitrage, subject, "its fitted smile had an arbitrage and was blended toward a safe one");
    }
    constexpr double poor = 0.05;  // no slice of seven recorded months is as far off
    if (fits[i].rms > poor) {
      find(Finding::Kind::arbitrage, subject,
           fmt::format("its smile misses the quotes by {:.1f} vol points (RMS): they contradict each other or their "
                       "neighbours",
                       100 * fits[i].rms));
    }
    if (fits[i].last_resort) {
      find(Finding::Kind::last_resort, subject,
           fits[i].source == SmileSource::borrowed
               ? "it has no usable vol; its smile is borrowed from the nearest expiry"
               : "its smile is mostly the next expiry's, scaled by time");
    }
  }
}

UnderlyingState Builder::state_of(const UnderlyingQuotes& group) const {
  UnderlyingState state{.index = group.index, .expiries = {}};
  for (const ExpiryFit& fit : group.fits) {
    ExpiryState expiry{.expiry = fit.expiry, .forward = fit.forward.forward, .rate = fit.forward.rate};
    if (fit.smile) {
      expiry.smile = fit.smile->slice;
      expiry.fit_error = fit.smile->rms;
      expiry.last_resort = fit.smile->last_resort;
    }
    state.expiries.push_back(expiry);
  }
  return state;
}

InstrumentState Builder::state_of(const ChainQuote& quote, const UnderlyingQuotes& group) {
  const Instrument& terms = quote.instrument.terms;
  InstrumentState state{.mark = quote.mark, .vol = absent, .open_interest = quote.open_interest};
  if (terms.kind == Kind::option) {
    if (quote.mark_vol > 0) {
      state.vol = quote.mark_vol;
    } else if (options_.prefer == VolSource::mark && !has_nothing(quote)) {
      findings().push_back(borrowed_vol(terms.name));
    }
  } else if (!is_there(state.mark)) {
    state.mark = mid_of(quote);
    if (!is_there(state.mark)) {
      state.mark = group.index;
      for (const ExpiryFit& fit : group.fits) {
        if (fit.expiry == terms.expiry) state.mark = fit.forward.forward;
      }
    }
    find(Finding::Kind::assumed, terms.name, fmt::format("no mark is given; {} stands for it", state.mark));
  }
  if (is_there(quote.funding_rate)) state.funding_rate = quote.funding_rate;
  if (!is_crossed(quote) && !is_stale(quote, as_of_, options_.stale_seconds)) {
    state.depth = {.bid = quote.bid, .bid_size = quote.bid_size, .ask = quote.ask, .ask_size = quote.ask_size};
  }
  return state;
}

Result<void> Builder::list_all() {
  Market& market = result_.market;
  market.state.version = options_.version;
  market.state.as_of = as_of_;
  market.state.prefer = options_.prefer;
  for (auto& [name, group] : groups_) {
    const bool smiles =
        std::any_of(group.fits.begin(), group.fits.end(), [](const ExpiryFit& f) { return f.smile.has_value(); });
    bool listed = false;
    for (const ChainQuote* quote : group.all) {
      const Instrument& terms = quote->instrument.terms;
      if (terms.kind == Kind::option && !smiles && !(quote->mark_vol > 0)) {
        find(Finding::Kind::missing, terms.name, "neither it nor its underlying has any vol; it is left out");
        continue;
      }
      Result<InstrumentId> id = list(market.registry, quote->instrument);
      if (!id) {
        if (id.error().remedy.empty()) id.error().remedy = "correct the terms of " + terms.name;
        return fail(std::move(id).error());
      }
      market.state.instruments.push_back(state_of(*quote, group));
      listed = true;
    }
    if (!listed) continue;
    market.state.underlyings.push_back(state_of(group));
    for (ExpiryFit& fit : group.fits) {
      fit.underlying = *market.registry.underlying(name);
      std::sort(fit.quotes.begin(), fit.quotes.end(),
                [](const SmileQuote& a, const SmileQuote& b) { return a.k < b.k; });
      result_.fits.push_back(std::move(fit));
    }
  }
  return value_assets();
}

Result<void> Builder::value_assets() {
  Market& market = result_.market;
  market.state.asset_usd.assign(market.registry.assets().size(), absent);
  for (std::size_t i = 0; i < market.registry.underlyings().size(); ++i) {
    market.state.asset_usd[market.registry.underlyings()[i].coin.index()] = market.state.underlyings[i].index;
  }
  TRY_VOID(assume_dollars(market));
  for (std::size_t i = 0; i < market.registry.assets().size(); ++i) {
    if (is_there(market.state.asset_usd[i])) continue;
    find(Finding::Kind::missing, market.registry.assets()[i].name, "it has no price in USD");
  }
  return {};
}

}  // namespace

Result<ChainMarket> build_market(const Chain& chain, const ChainOptions& options) {
  return Builder(chain, options).run();
}

}  // namespace margrave
