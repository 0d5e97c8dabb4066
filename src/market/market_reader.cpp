#include "market/market_reader.h"

#include <algorithm>
#include <array>
#include <set>

#include "document/cursor.h"
#include "document/read.h"
#include "market/plausible.h"
#include "market/surface.h"
#include "market/svi.h"

namespace margrave {
namespace {

Result<double> number_or(const Cursor& at, std::string_view key, double otherwise) {
  const auto cell = at.find(key);
  if (!cell) return otherwise;
  return cell->real();
}

enum class Least : std::uint8_t { zero, above_zero };

/// A size, or any other number that is not negative.
Result<double> amount_or(const Cursor& at, std::string_view key, double otherwise, Least least) {
  const auto cell = at.find(key);
  if (!cell) return otherwise;
  const double value = TRY(cell->real());
  if (value < 0 || (least == Least::above_zero && value == 0)) {
    return fail(cell->error(std::string(key) + (least == Least::zero ? " is negative" : " is not positive"),
                            "give it in the unit of docs/methods/market_state.md, or leave it out"));
  }
  return value;
}

Result<double> price_or(const Cursor& at, std::string_view key, double otherwise, Least least) {
  const double price = TRY(amount_or(at, key, otherwise, least));
  if (is_plausible_price(price)) return price;
  return fail(at.find(key)->error(implausible_price(price), "give it in the unit of docs/methods/market_state.md"));
}

Result<double> vol_or_absent(const Cursor& at) {
  const double vol = TRY(amount_or(at, "vol", absent, Least::above_zero));
  if (is_plausible_vol(vol)) return vol;
  return fail(at.find("vol")->error(implausible_vol(vol), "0.65 is 65 %"));
}

/// Exact amounts of a list.
template <class Amount>
Result<std::vector<Amount>> read_amounts(const Cursor& at, std::string_view key) {
  const Cursor cell = TRY(at.get(key));
  std::vector<Amount> amounts;
  for (const Cursor& each : TRY(cell.list())) {
    const Decimal value = TRY(each.decimal());
    const Result<i128> scaled = value.scaled(Amount::decimals);
    if (!scaled) return fail(each.located(scaled.error()));
    amounts.push_back(Amount{*scaled});
  }
  return amounts;
}

Result<DepthCurve> read_depth(const Cursor& at) {
  TRY_VOID(at.only({"distances", "bid", "ask"}));
  DepthCurve curve;
  curve.distances = TRY(read_amounts<Ratio>(at, "distances"));
  curve.bid = TRY(read_amounts<BookSize>(at, "bid"));
  curve.ask = TRY(read_amounts<BookSize>(at, "ask"));
  TRY_VOID(check_distances(curve.distances).map_error([&](const Error& e) { return at.error(e.message, e.remedy); }));
  TRY_VOID(check_curve(curve).map_error([&](const Error& e) { return at.error(e.message, e.remedy); }));
  return curve;
}

/// How far a price is trusted: 1 where nothing is said.
Result<double> confidence(const Cursor& at) {
  const auto cell = at.find("confidence");
  if (!cell) return 1.0;
  const double value = TRY(cell->real());
  if (value >= 0 && value <= 1) return value;
  return fail(cell->error("a confidence lies in 0 to 1", "0.8 is 80 %; leave it out where the price is fully trusted"));
}

Result<double> forward_price(const Cursor& at) {
  TRY(at.get("forward"));  // an error where it is not there
  return price_or(at, "forward", absent, Least::above_zero);
}

/// The one of `names` that the text is; its position is the answer.
template <std::size_t count>
Result<std::size_t> one_of(const Cursor& cell, const std::array<std::string_view, count>& names) {
  const std::string_view text = TRY(cell.text());
  const auto at = std::find(names.begin(), names.end(), text);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return fail(cell.error("'" + std::string(text) + "' is none of " + all, "use one of them"));
}

/// An error of the registry at the field it is about, where the file has that field.
Error located(const Cursor& at, Error error) {
  const auto cell = at.find(error.field);
  if (error.remedy.empty()) error.remedy = "see schemas/market.schema.json";
  return cell ? cell->located(std::move(error)) : at.located(std::move(error));
}

class Reader {
 public:
  Reader(const Document& document, const MarketReadOptions& options) : root_(document), options_(options) {}

  Result<Market> run() {
    TRY_VOID(root_.only({"version", "as_of", "volatility", "assets", "underlyings", "instruments", "findings", "peg"}));
    if (const auto version = root_.find("version"))
      state().version = static_cast<std::uint64_t>(TRY(version->integer(0)));
    const Cursor as_of = TRY(root_.get("as_of"));
    state().as_of = TRY(as_of.timestamp());
    if (const auto prefer = root_.find("volatility")) {
      constexpr std::array<std::string_view, 2> names{"mark", "surface"};
      state().prefer = TRY(one_of(*prefer, names)) == 0 ? VolSource::mark : VolSource::surface;
    }
    state().peg = TRY(price_or(root_, "peg", 1.0, Least::above_zero));
    TRY_VOID(read_assets());
    TRY_VOID(read_underlyings());
    if (const auto instruments = root_.find("instruments")) {
      for (const Cursor& each : TRY(instruments->list())) TRY_VOID(read_instrument(each));
    }
    TRY_VOID(read_findings());
    find_far_forwards();
    find_borrowed_vols();
    return std::move(market_);
  }

 private:
  MarketState& state() { return market_.state; }
  Registry& registry() { return market_.registry; }

  Result<void> read_assets() {
    const Cursor assets = TRY(root_.get("assets"));
    for (const CursorEntry& entry : TRY(assets.entries())) {
      Asset asset{.name = std::string(entry.key), .decimals = usual_decimals(entry.key)};
      double usd = is_dollar(entry.key) ? 1.0 : absent, trust = 1;
      if (!entry.value.is_null()) {
        TRY_VOID(entry.value.only({"decimals", "usd", "confidence", "follows"}));
        if (const auto decimals = entry.value.find("decimals"))
          asset.decimals = static_cast<int>(TRY(decimals->integer(0, 18)));
        usd = TRY(price_or(entry.value, "usd", usd, Least::zero));
        trust = TRY(confidence(entry.value));
      }
      const Result<AssetId> id = registry().list(asset);
      if (!id) return fail(located(entry.value, id.error()));
      state().asset_usd.push_back(usd);
      state().asset_confidence.push_back(trust);
    }
    for (const CursorEntry& entry : TRY(assets.entries())) TRY_VOID(read_leader(entry.key, entry.value));
    return {};
  }

  Result<void> read_leader(std::string_view follower, const Cursor& at) {
    const auto cell = at.find("follows");
    if (!cell) return {};
    const std::string name(TRY(cell->text()));
    const auto leader = registry().asset(name);
    if (!leader) return fail(cell->error("the asset " + name + " is not among the assets", "add it to assets"));
    const Result<void> done = registry().follow(*registry().asset(follower), *leader);
    if (!done) return fail(located(at, done.error()));
    return {};
  }

  Result<void> read_underlyings() {
    const auto underlyings = root_.find("underlyings");
    if (underlyings) {
      for (const CursorEntry& entry : TRY(underlyings->entries())) TRY_VOID(read_underlying(entry.key, entry.value));
    }
    for (std::size_t i = 0; i < state().asset_usd.size(); ++i) {
      if (state().asset_usd[i] == state().asset_usd[i]) continue;
      const std::string& name = registry().assets()[i].name;
      const Cursor assets = TRY(root_.get("assets"));
      const Cursor at = assets.find(name).value_or(assets);
      return fail(at.error(name + " has no price in USD", "give its usd, or an underlying whose coin it is"));
    }
    return {};
  }

  Result<void> read_underlying(std::string_view name, const Cursor& at) {
    TRY_VOID(at.only({"coin", "index", "confidence", "expiries"}));
    std::string coin(name);
    if (const auto cell = at.find("coin")) coin = std::string(TRY(cell->text()));
    const auto coin_id = registry().asset(coin);
    if (!coin_id) return fail(at.error("the coin " + coin + " is not among the assets", "add it to assets"));
    UnderlyingState underlying{.index = state().asset_usd[coin_id->index()], .expiries = {}};
    underlying.index = TRY(price_or(at, "index", underlying.index, Least::above_zero));
    if (!(underlying.index > 0)) return fail(at.error("index is missing", "give its index in USD"));
    underlying.confidence = TRY(confidence(at));
    if (!(state().asset_usd[coin_id->index()] > 0)) state().asset_usd[coin_id->index()] = underlying.index;
    if (const auto expiries = at.find("expiries")) {
      for (const Cursor& each : TRY(expiries->list())) TRY_VOID(read_expiry(each, underlying));
    }
    const Result<UnderlyingId> id = registry().list(Underlying{.name = std::string(name), .coin = *coin_id});
    if (!id) return fail(located(at, id.error()));
    state().underlyings.push_back(std::move(underlying));
    return {};
  }

  Result<void> read_expiry(const Cursor& at, UnderlyingState& underlying) {
    TRY_VOID(at.only({"expiry", "forward", "fixed", "rate", "confidence", "svi", "fit_error", "last_resort"}));
    ExpiryState expiry;
    const Cursor when = TRY(at.get("expiry"));
    expiry.expiry = TRY(when.timestamp());
    if (expiry.expiry <= state().as_of) return fail(when.error("it is not after as_of", "leave out what has expired"));
    if (!underlying.expiries.empty() && expiry.expiry <= underlying.expiries.back().expiry) {
      return fail(when.error("expiries are not in ascending order", "sort them and list each once"));
    }
    expiry.forward = TRY(forward_price(at));
    expiry.fixed = TRY(price_or(at, "fixed", 0.0, Least::zero));
    if (expiry.fixed > expiry.forward) {
      return fail(at.find("fixed")->error("more of the forward is fixed than there is",
                                          "give the part of it in USD that the settlement average has fixed"));
    }
    expiry.confidence = TRY(confidence(at));
    expiry.rate = TRY(number_or(at, "rate", 0));
    if (const auto svi = at.find("svi")) expiry.smile = TRY(read_smile(*svi, underlying));
    expiry.fit_error = TRY(amount_or(at, "fit_error", absent, Least::zero));
    if (const auto flag = at.find("last_resort")) expiry.last_resort = TRY(flag->boolean());
    underlying.expiries.push_back(expiry);
    return {};
  }

  Result<SviSlice> read_smile(const Cursor& at, const UnderlyingState& underlying) {
    TRY_VOID(at.only({"a", "b", "rho", "m", "sigma"}));
    SviSlice slice;
    const std::pair<std::string_view, double*> numbers[] = {
        {"a", &slice.a}, {"b", &slice.b}, {"rho", &slice.rho}, {"m", &slice.m}, {"sigma", &slice.sigma}};
    for (const auto& [key, value] : numbers) {
      const Cursor cell = TRY(at.get(key));
      *value = TRY(cell.real());
    }
    if (!(slice.b >= 0) || !(slice.rho >= -1 && slice.rho <= 1) || !(slice.sigma > 0)) {
      return fail(at.error("the parameters are out of range", "b >= 0, -1 <= rho <= 1, sigma > 0"));
    }
    if (!(min_butterfly(slice) >= 0) || !within_lee_bound(slice)) {
      return fail(at.error("the smile has a butterfly arbitrage", "refit it, see docs/methods/svi.md"));
    }
    for (auto before = underlying.expiries.rbegin(); before != underlying.expiries.rend(); ++before) {
      if (!before->smile) continue;
      if (calendar_margin(*before->smile, slice) >= 0) break;
      return fail(
          at.error("its total variance falls below that of the expiry before", "refit it, see docs/methods/svi.md"));
    }
    return slice;
  }

  Result<void> read_instrument(const Cursor& at) {
    TRY_VOID(
        at.only({"name",   "kind",     "style", "underlying", "settlement", "contract_size", "tick",          "lot",
                 "expiry", "strike",   "type",  "mark",       "vol",        "funding_rate",  "open_interest", "volume",
                 "bid",    "bid_size", "ask",   "ask_size",   "depth",      "confidence"}));
    Listing listing = TRY(read_terms(at));
    const auto underlying = registry().underlying(listing.underlying);
    if (!underlying) {
      return fail(at.error(listing.terms.name + " is on " + listing.underlying + ", which is not listed",
                           "add it to underlyings"));
    }
    if (!registry().asset(listing.settlement)) {
      return fail(at.error(listing.terms.name + " settles in " + listing.settlement + ", which is not listed",
                           "add it to assets"));
    }
    listing.coin = registry()[registry()[*underlying].coin].name;
    const Result<InstrumentId> id = list(registry(), listing);
    if (!id) return fail(located(at, id.error()));
    const InstrumentState values = TRY(read_values(at, registry()[*id]));
    state().instruments.push_back(values);
    return check_alive(at, registry()[*id], values);
  }

  Result<Listing> read_terms(const Cursor& at) {
    const Cursor name = TRY(at.get("name"));
    const std::string_view text = TRY(name.text());
    Listing listing;
    if (options_.terms_of && !at.find("kind")) {
      Result<Listing> known = options_.terms_of(text);
      if (!known) return fail(name.located(std::move(known).error()));
      listing = *std::move(known);
    } else {
      TRY_VOID(read_kind(at, listing));
    }
    listing.terms.name = std::string(text);
    const std::pair<std::string_view, Decimal*> decimals[] = {{"contract_size", &listing.terms.contract_size},
                                                              {"tick", &listing.terms.tick},
                                                              {"lot", &listing.terms.lot},
                                                              {"strike", &listing.terms.strike}};
    for (const auto& [key, value] : decimals) {
      if (const auto cell = at.find(key)) *value = TRY(cell->decimal());
    }
    if (const auto cell = at.find("expiry")) listing.terms.expiry = TRY(cell->timestamp());
    return listing;
  }

  Result<void> read_kind(const Cursor& at, Listing& listing) {
    constexpr std::array<std::string_view, 4> kinds{"spot", "perpetual", "future", "option"};
    constexpr std::array<std::string_view, 2> styles{"linear", "inverse"}, types{"put", "call"};
    const Cursor kind = TRY(at.get("kind"));
    listing.terms.kind = static_cast<Kind>(TRY(one_of(kind, kinds)));
    if (const auto style = at.find("style")) listing.terms.style = static_cast<Style>(TRY(one_of(*style, styles)));
    const Cursor underlying = TRY(at.get("underlying"));
    listing.underlying = std::string(TRY(underlying.text()));
    const Cursor settlement = TRY(at.get("settlement"));
    listing.settlement = std::string(TRY(settlement.text()));
    if (listing.terms.kind == Kind::option) {
      const Cursor type = TRY(at.get("type"));
      listing.terms.is_call = TRY(one_of(type, types)) == 1;
      TRY(at.get("strike"));
    } else if (const auto type = at.find("type")) {
      return fail(type->error("only an option is a call or a put", "leave it out"));
    }
    if (listing.terms.expires()) TRY(at.get("expiry"));
    return {};
  }

  Result<InstrumentState> read_values(const Cursor& at, const Instrument& terms) {
    const bool option = terms.kind == Kind::option;
    InstrumentState values;
    values.mark = TRY(price_or(at, "mark", absent, option ? Least::zero : Least::above_zero));
    values.vol = TRY(vol_or_absent(at));
    values.funding_rate = TRY(number_or(at, "funding_rate", 0));
    values.open_interest = TRY(amount_or(at, "open_interest", absent, Least::zero));
    values.volume = TRY(amount_or(at, "volume", absent, Least::zero));
    values.depth.bid = TRY(price_or(at, "bid", absent, Least::zero));
    values.depth.bid_size = TRY(amount_or(at, "bid_size", absent, Least::zero));
    values.depth.ask = TRY(price_or(at, "ask", absent, Least::zero));
    values.depth.ask_size = TRY(amount_or(at, "ask_size", absent, Least::zero));
    if (const auto depth = at.find("depth")) values.depth.curve = TRY(read_depth(*depth));
    values.confidence = TRY(confidence(at));
    const double index = state().underlyings.at(terms.underlying.index()).index;
    if (!option && values.mark != values.mark) {
      if (terms.kind == Kind::future) return fail(at.error(terms.name + " has no mark", "give its mark price"));
      values.mark = index;  // a perpetual or spot without a mark is at its index
    }
    if (!option && values.vol == values.vol) return fail(at.error("only an option has a vol", "leave it out"));
    return values;
  }

  Result<void> check_alive(const Cursor& at, const Instrument& terms, const InstrumentState& values) {
    if (!terms.expires()) return {};
    if (terms.expiry <= state().as_of) {
      return fail(
          at.error(terms.name + " has expired at " + to_string(terms.expiry), "leave it out, or correct as_of"));
    }
    const ExpiryState* expiry = expiry_of(market_, terms);
    if (!expiry) {
      return fail(at.error(
          "there is no forward for " + to_string(terms.expiry),
          "add the expiry with its forward to underlyings." + registry()[terms.underlying].name + ".expiries"));
    }
    const auto& all = state().underlyings[terms.underlying.index()].expiries;
    const bool smile = std::any_of(all.begin(), all.end(), [](const ExpiryState& e) { return e.smile.has_value(); });
    if (terms.kind == Kind::option && values.vol != values.vol && !smile) {
      return fail(
          at.error(terms.name + " has no vol and its underlying no smile", "give its vol, or the svi of an expiry"));
    }
    return {};
  }

  Result<void> read_findings() {
    const auto findings = root_.find("findings");
    if (!findings) return {};
    constexpr std::array<std::string_view, 6> kinds{"missing",   "stale",       "crossed",
                                                    "arbitrage", "last resort", "assumed"};
    for (const Cursor& each : TRY(findings->list())) {
      TRY_VOID(each.only({"kind", "subject", "text"}));
      Finding finding;
      const Cursor kind = TRY(each.get("kind")), subject = TRY(each.get("subject")), text = TRY(each.get("text"));
      finding.kind = static_cast<Finding::Kind>(TRY(one_of(kind, kinds)));
      finding.subject = std::string(TRY(subject.text()));
      finding.text = std::string(TRY(text.text()));
      state().findings.push_back(std::move(finding));
    }
    return {};
  }

  void find_far_forwards() {
    std::set<std::pair<std::string, std::string>> told;  // a market that was written has them in its file
    for (const Finding& finding : state().findings) told.emplace(finding.subject, finding.text);
    for (std::size_t u = 0; u < state().underlyings.size(); ++u) {
      const UnderlyingState& underlying = state().underlyings[u];
      for (const ExpiryState& expiry : underlying.expiries) {
        const std::string subject = registry().underlyings()[u].name + " " + to_date(expiry.expiry);
        auto far = far_forward(subject, expiry.forward, underlying.index);
        if (far && !told.contains({far->subject, far->text})) state().findings.push_back(*std::move(far));
      }
    }
  }

  /// Where the surface is preferred nothing is assumed: it is where vols come from.
  void find_borrowed_vols() {
    if (state().prefer == VolSource::surface) return;
    std::set<std::string> told;
    for (const Finding& finding : state().findings) {
      if (finding.kind == Finding::Kind::missing || finding.kind == Finding::Kind::assumed)
        told.insert(finding.subject);
    }
    for (std::size_t i = 0; i < state().instruments.size(); ++i) {
      const Instrument& terms = registry().instruments()[i];
      const double vol = state().instruments[i].vol;
      if (terms.kind != Kind::option || vol == vol || told.contains(terms.name)) continue;
      state().findings.push_back(borrowed_vol(terms.name));
    }
  }

  Cursor root_;
  const MarketReadOptions& options_;
  Market market_;
};

}  // namespace

Result<Market> read_market(const Document& document, const MarketReadOptions& options) {
  return Reader(document, options).run();
}

Result<Market> read_market_file(const std::string& path, const MarketReadOptions& options) {
  const Document document = TRY(read_document(path));
  return read_market(document, options);
}

}  // namespace margrave
