#include "dialect/golden_numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dialect/account_vector.h"
#include "market/state.h"
#include "market/svi.h"
#include "math/elementary.h"
#include "pricing/greeks.h"

namespace margrave {
namespace {

constexpr double accurate_relative = 1e-12, smallest_accurate = 1e-300;

/// What the batch kernel promises: docs/methods/black76.md.
double batch_allowed(double price, double forward) { return price > 1e-7 * forward ? 1e-12 * price : 1e-14 * forward; }

double accurate_allowed(double value) {
  const double size = std::fabs(value);
  return size > smallest_accurate ? accurate_relative * size : smallest_accurate;
}

struct BatchPrices {
  double call, put;
};

BatchPrices batch_prices(const Black76Option& option, Isa isa) {
  const double strikes[] = {option.strike}, vols[] = {option.vol};
  double call[1], put[1];
  const Black76Batch batch{.forward = option.forward, .expiry = option.expiry, .strikes = strikes, .vols = vols};
  black76_calls(isa, batch, call);
  black76_puts(isa, batch, put);
  return {call[0], put[0]};
}

Result<double> cell(const CsvReader& csv, std::string_view name) { return csv.real(csv.find(name)); }

enum class Least : std::uint8_t { zero, above_zero };

/// Why a number is no term of an option; empty when it may be one.
std::string refusal(double value, Least least) {
  if (value > 0 || (least == Least::zero && value == 0)) return "";
  return least == Least::zero ? "it is negative" : "it is not positive";
}

Result<double> term_cell(const CsvReader& csv, std::string_view name, Least least) {
  const double value = TRY(cell(csv, name));
  const std::string why = refusal(value, least);
  if (!why.empty()) return fail(csv.error(csv.find(name), why, "no option has such terms: correct the vector"));
  return value;
}

Result<double> term_at(const Cursor& map, std::string_view key, Least least) {
  const Cursor at = TRY(map.get(key));
  const double value = TRY(at.real());
  const std::string why = refusal(value, least);
  if (!why.empty()) return fail(at.error(why, "no option has such terms: correct the vector"));
  return value;
}

Result<std::vector<double>> reals_at(const Cursor& map, std::string_view key, std::size_t count) {
  const Cursor at = TRY(map.get(key));
  const std::vector<Cursor> items = TRY(at.list());
  std::vector<double> values;
  for (const Cursor& item : items) values.push_back(TRY(item.real()));
  if (values.size() != count)
    return fail(at.error("there are " + std::to_string(values.size()) + " numbers", "give " + std::to_string(count)));
  return values;
}

SviSlice slice_of(const std::vector<double>& raw) {
  return {.a = raw[0], .b = raw[1], .rho = raw[3], .m = raw[2], .sigma = raw[4]};
}

void check_wings(Tally& tally, const SviJumpWings& wings, const std::vector<double>& expected) {
  const double computed[] = {wings.variance, wings.skew, wings.put_wing, wings.call_wing, wings.min_variance};
  const char* const names[] = {"v", "psi", "p", "c", "v~"};
  for (std::size_t i = 0; i < 5; ++i) tally.check(names[i], expected[i], computed[i], 1e-12 * std::fabs(expected[i]));
}

/// Least g over k = -1.5 .. 1.5 by 1e-5, as the published figures were made.
double fine_min_g(const SviSlice& slice) {
  double least = butterfly_g(slice, -1.5);
  for (int i = 1; i <= 300000; ++i) least = std::min(least, butterfly_g(slice, -1.5 + i * 1e-5));
  return least;
}

}  // namespace

bool has_columns(const CsvReader& csv, std::initializer_list<std::string_view> names) {
  return std::all_of(names.begin(), names.end(),
                     [&](std::string_view name) { return csv.find(name) != CsvReader::none; });
}

void Tally::enter(std::string_view quantity, double share, bool passed, VectorFailure failure) {
  failure.id = id_ + " " + std::string(quantity);
  share = std::min(share, std::numeric_limits<double>::max());  // where nothing is allowed
  if (share > result_.worst) {
    result_.worst = share;
    result_.worst_id = failure.id;
  }
  if (passed) return;
  failed_ = true;
  if (result_.failures.size() < 20) result_.failures.push_back(std::move(failure));
}

void Tally::check(std::string_view quantity, double expected, double computed, double allowed) {
  const double error = std::fabs(computed - expected);
  enter(quantity, error == 0 ? 0.0 : error / allowed, error <= allowed, {"", expected, computed, error, allowed});
}

void Tally::check(std::string_view quantity, const Number& expected, const Number& computed, const Number& allowed) {
  Number error;
  const bool taken = Number::subtract(computed, expected, error);
  error = error.abs();
  const double size = taken ? error.to_double() : std::numeric_limits<double>::infinity();
  enter(quantity, error.is_zero() ? 0.0 : size / allowed.to_double(), taken && error <= allowed,
        {"", expected.to_double(), computed.to_double(), size, allowed.to_double()});
}

bool is_black76_table(const CsvReader& csv) {
  return has_columns(csv, {"F", "K", "vol", "T", "call_undisc", "put_undisc", "delta_call", "gamma", "vega"});
}

Result<void> check_black76_table(CsvReader& csv, Isa isa, Tally& tally) {
  tally.name_model("Black-76, 60 digits");
  while (TRY(csv.next())) {
    const double forward = TRY(term_cell(csv, "F", Least::above_zero)),
                 strike = TRY(term_cell(csv, "K", Least::above_zero));
    const double years = TRY(term_cell(csv, "T", Least::zero)), vol = TRY(term_cell(csv, "vol", Least::zero));
    Black76Option option{forward, strike, years, vol, true};
    tally.begin("line " + std::to_string(csv.line()));
    const double call = TRY(cell(csv, "call_undisc")), put = TRY(cell(csv, "put_undisc"));
    const Greeks greeks = black76_greeks(option, 0);
    const BatchPrices batch = batch_prices(option, isa);
    tally.check("call", call, black76_accurate(option), accurate_allowed(call));
    option.is_call = false;
    tally.check("put", put, black76_accurate(option), accurate_allowed(put));
    tally.check("call, batch", call, batch.call, batch_allowed(call, option.forward));
    tally.check("put, batch", put, batch.put, batch_allowed(put, option.forward));
    for (const auto& [name, value] :
         {std::pair("delta_call", greeks.delta), std::pair("gamma", greeks.gamma), std::pair("vega", greeks.vega)}) {
      const double expected = TRY(cell(csv, name));
      tally.check(name, expected, value, accurate_allowed(expected));
    }
    tally.end();
  }
  return {};
}

bool is_normalised_table(const CsvReader& csv) { return has_columns(csv, {"x=ln(F/K)", "b_normalised_call", "db_ds"}); }

Result<void> check_normalised_table(CsvReader& csv, Isa isa, Tally& tally) {
  tally.name_model("normalised Black, 60 digits");
  const std::size_t s_column = csv.find("s=sigma*sqrtT");
  if (s_column == CsvReader::none)
    return fail(csv.row_error("column s=sigma*sqrtT is missing", "name the total vol so"));
  while (TRY(csv.next())) {
    const double x = TRY(cell(csv, "x=ln(F/K)")), s = TRY(term_cell(csv, "s=sigma*sqrtT", Least::zero));
    if (x > 0) {  // in the money: the accurate path is asked for time value only
      tally.skip();
      continue;
    }
    const double expected = TRY(cell(csv, "b_normalised_call")), slope = TRY(cell(csv, "db_ds"));
    tally.begin("line " + std::to_string(csv.line()));
    // b = e^(x/2) C/F, with ln(F/K) = x.
    const double half = stable_exp(x / 2);
    tally.check("b", expected, half * black76_accurate_normalised(x, s), accurate_allowed(expected));
    const double strikes[] = {stable_exp(-x)}, moneyness[] = {-x}, total[] = {s};
    double call[1];
    black76_calls(
        isa, NormalisedBatch{.forward = 1, .strikes = strikes, .log_moneyness = moneyness, .total_vols = total}, call);
    tally.check("b, batch", expected, half * call[0], half * batch_allowed(expected / half, 1));
    // db/ds = e^(x/2) phi(x/s + s/2)
    tally.check("db/ds", slope, half * normal_density(x / s + s / 2), accurate_allowed(slope));
    tally.end();
  }
  return {};
}

bool is_svi_example(const Cursor& root) { return root.find("raw") && root.find("jw") && root.find("arbfree_raw"); }

Result<void> check_svi_example(const Cursor& root, Tally& tally) {
  tally.name_model("SVI, Vogt's example");
  const SviSlice vogt = slice_of(TRY(reals_at(root, "raw", 5)));
  if (!(total_variance(vogt, 0) > 0)) {
    const Cursor raw = TRY(root.get("raw"));
    return fail(raw.error("the slice has no variance at the money", "give a, b, m, rho, sigma of a smile"));
  }
  const std::vector<double> wings = TRY(reals_at(root, "jw", 5));
  tally.begin("raw to jump wings");
  check_wings(tally, to_jump_wings(vogt, 1), wings);
  tally.end();
  tally.begin("butterfly arbitrage");
  const double least = TRY(real_at(root, "min_g"));
  tally.check("min g", least, fine_min_g(vogt), 1e-9);
  tally.check("g at argmin", least, butterfly_g(vogt, TRY(real_at(root, "argmin_g"))), 1e-12);
  tally.end();
  for (const char* name : {"arbfree", "optimised"}) {
    const std::vector<double> jw = TRY(reals_at(root, std::string(name) + "_jw", 5));
    const std::vector<double> raw = TRY(reals_at(root, std::string(name) + "_raw", 5));
    tally.begin(name);
    const auto slice = from_jump_wings({jw[0], jw[1], jw[2], jw[3], jw[4]}, 1);
    const double computed[] = {slice ? slice->a : absent, slice ? slice->b : absent, slice ? slice->m : absent,
                               slice ? slice->rho : absent, slice ? slice->sigma : absent};
    for (std::size_t i = 0; i < 5; ++i) tally.check("parameter " + std::to_string(i), raw[i], computed[i], 1e-12);
    tally.end();
  }
  tally.begin("repaired slice");
  const SviSlice repaired = slice_of(TRY(reals_at(root, "arbfree_raw", 5)));
  tally.check("min g", TRY(real_at(root, "arbfree_min_g")), fine_min_g(repaired), 1e-9);
  tally.end();
  return {};
}

bool is_black76_vectors(std::string_view model) { return model.starts_with("Black-76"); }

Result<void> check_black76_vectors(const Cursor& root, const std::vector<Cursor>& vectors, Isa isa, Tally& tally) {
  const Cursor tolerance = TRY(root.get("tolerance"));
  const double relative = TRY(real_at(tolerance, "rel_of_max_forward_strike"));
  for (const Cursor& vector : vectors) {
    const Cursor id = TRY(vector.get("id"));
    tally.begin(std::string(TRY(id.text())));
    const double forward = TRY(term_at(vector, "forward", Least::zero)),
                 strike = TRY(term_at(vector, "strike", Least::zero));
    const double vol = TRY(term_at(vector, "vol", Least::zero)), discount = TRY(real_at(vector, "discount"));
    const double years = TRY(term_at(vector, "seconds", Least::zero)) / static_cast<double>(seconds_per_year);
    const Cursor expected = TRY(vector.get("expected"));
    // F = 0: the put is worth its strike. K = 0: the call is worth its forward.
    double call = forward, put = strike, delta = forward > 0 ? 1 : 0, batch_call = forward, batch_put = strike;
    if (forward > 0 && strike > 0) {
      Black76Option option{forward, strike, years, vol, true};
      call = black76_accurate(option);
      delta = black76_greeks(option, 0).delta;
      option.is_call = false;
      put = black76_accurate(option);
      const BatchPrices batch = batch_prices(option, isa);
      batch_call = batch.call;
      batch_put = batch.put;
    }
    const double allowed = relative * std::max(forward, strike);
    tally.check("call", TRY(real_at(expected, "call")), discount * call, allowed);
    tally.check("put", TRY(real_at(expected, "put")), discount * put, allowed);
    tally.check("call, batch", TRY(real_at(expected, "call")), discount * batch_call, allowed);
    tally.check("put, batch", TRY(real_at(expected, "put")), discount * batch_put, allowed);
    tally.check("call delta", TRY(real_at(expected, "call_delta")), discount * delta, relative);
    tally.end();
  }
  return {};
}

}  // namespace margrave
