#include "report/surface_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "market/svi.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const char* key, double value) {
  if (std::isfinite(value)) json[key] = value;
}

Json slice_json(const SviSlice& slice) {
  return {{"a", slice.a}, {"b", slice.b}, {"rho", slice.rho}, {"m", slice.m}, {"sigma", slice.sigma}};
}

Json expiry_json(Timestamp expiry, double years, double forward) {
  Json json{{"expiry", to_string(expiry)}, {"years", years}};
  put(json, "forward_usd", forward);
  return json;
}

Json fit_json(const ExpiryFit& fit) {
  Json json = expiry_json(fit.expiry, fit.years, fit.forward.forward);
  json["forward_from"] = to_string(fit.forward.source);
  if (!fit.smile) return json;
  json["svi"] = slice_json(fit.smile->slice);
  put(json, "vol_at_the_money", std::sqrt(total_variance(fit.smile->slice, 0) / fit.years));
  put(json, "rms_vol", fit.smile->rms);
  put(json, "largest_error_vol", fit.smile->max_error);
  put(json, "least_g", fit.smile->min_g);
  put(json, "calendar_margin_variance", fit.smile->calendar);
  json["quoted_strikes"] = fit.smile->quoted;
  json["other_strikes"] = fit.smile->marked;
  json["smile_from"] = to_string(fit.smile->source);
  json["last_resort"] = fit.smile->last_resort;
  return json;
}

Json document(const Market& market, Json underlyings) {
  Json findings = Json::array();
  for (const Finding& finding : market.state.findings) {
    findings.push_back({{"kind", to_string(finding.kind)}, {"subject", finding.subject}, {"text", finding.text}});
  }
  return {{"schema_version", 1},
          {"kind", "surface"},
          {"as_of", to_string(market.state.as_of)},
          {"market_digest", to_string(digest_of(market))},
          {"underlyings", std::move(underlyings)},
          {"findings", std::move(findings)}};
}

Json underlying_json(const Market& market, std::size_t i) {
  return {{"underlying", market.registry.underlyings()[i].name},
          {"index_usd", market.state.underlyings[i].index},
          {"expiries", Json::array()}};
}

}  // namespace

std::string surface_json(const ChainMarket& chain) {
  Json underlyings = Json::array();
  for (std::size_t i = 0; i < chain.market.registry.underlyings().size(); ++i) {
    Json json = underlying_json(chain.market, i);
    for (const ExpiryFit& fit : chain.fits) {
      if (fit.underlying.index() == i) json["expiries"].push_back(fit_json(fit));
    }
    if (!json["expiries"].empty()) underlyings.push_back(std::move(json));
  }
  return document(chain.market, std::move(underlyings)).dump(2) + "\n";
}

std::string surface_json(const Market& market) {
  Json underlyings = Json::array();
  for (std::size_t i = 0; i < market.registry.underlyings().size(); ++i) {
    Json json = underlying_json(market, i);
    for (const ExpiryState& state : market.state.underlyings[i].expiries) {
      const double years = years_between(market.state.as_of, state.expiry);
      Json expiry = expiry_json(state.expiry, years, state.forward);
      if (state.smile) {
        expiry["svi"] = slice_json(*state.smile);
        put(expiry, "vol_at_the_money", std::sqrt(total_variance(*state.smile, 0) / years));
        put(expiry, "rms_vol", state.fit_error);
        put(expiry, "least_g", min_butterfly(*state.smile));
        expiry["last_resort"] = state.last_resort;
      }
      json["expiries"].push_back(std::move(expiry));
    }
    underlyings.push_back(std::move(json));
  }
  return document(market, std::move(underlyings)).dump(2) + "\n";
}

std::string survey_json(const FitSurvey& survey, std::size_t worst) {
  Json json{{"schema_version", 1},
            {"kind", "surface_survey"},
            {"chains", survey.chains},
            {"smiles", survey.fits},
            {"violations", survey.violations},
            {"blended", survey.blended},
            {"last_resorts", survey.last_resorts},
            {"measured", survey.measured.size()}};
  put(json, "rms_vol_median", survey.rms_quantile(0.5));
  put(json, "rms_vol_95", survey.rms_quantile(0.95));
  json["worst"] = Json::array();
  for (const SurveyedFit& fit : survey.worst(worst)) {
    Json slice{{"underlying", fit.underlying}, {"as_of", to_string(fit.as_of)}, {"expiry", to_string(fit.expiry)}};
    put(slice, "rms_vol", fit.rms);
    put(slice, "largest_error_vol", fit.max_error);
    slice["quoted_strikes"] = fit.quoted;
    json["worst"].push_back(std::move(slice));
  }
  return json.dump(2) + "\n";
}

}  // namespace margrave
