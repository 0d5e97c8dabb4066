#include "scenario/scenario_spec.h"

#include <fmt/core.h>

#include "base/limits.h"
#include "scenario/spec_field.h"

namespace margrave {
namespace {

/// A price that falls to nothing leaves an inverse contract no value, and a forward no logarithm.
bool leaves_a_price(const Decimal& move) { return 1.0 + move.to_double() > 0; }

Error no_price_left(const Cursor& at, const Decimal& move) {
  return at.error("a move of " + move.to_string() + " leaves no price", "use a fraction above -1: -0.15 is minus 15 %");
}

/// What moves multiply: a price by 1 + move > 0, a vol by 1 + move >= 0; or they are added.
enum class Relative : std::uint8_t { price, vol, none };

/// One spot move of an extra scenario.
Result<Decimal> read_spot(const Cursor& at) {
  const Decimal move = TRY(at.decimal());
  if (!leaves_a_price(move)) return fail(no_price_left(at, move));
  if (move > Decimal{100, 0})
    return fail(at.error("a move of " + move.to_string() + " is out of range", "0.15 is plus 15 %"));
  return move;
}

Result<Ratio> read_weight(const Cursor& at) {
  const Decimal value = TRY(at.decimal());
  if (value.units < 0 || value > Decimal{10, 0}) return fail(at.error("a weight lies in 0 to 10", "use 1 for full"));
  return Ratio{TRY(value.scaled(Ratio::decimals))};
}

/// A list of moves.
Result<std::vector<Decimal>> read_moves(const Cursor& at, Relative relative) {
  std::vector<Decimal> moves;
  const std::vector<Cursor> items = TRY(at.list());
  for (const Cursor& item : items) {
    const Decimal move = TRY(item.decimal(Cursor::BareNumber::allowed));
    if (relative == Relative::price && !leaves_a_price(move)) return fail(no_price_left(item, move));
    if (relative == Relative::vol && move < Decimal{-1, 0}) {
      return fail(item.error("a move of " + move.to_string() + " makes a vol negative", "-0.3 is minus 30 %"));
    }
    if (move > Decimal{100, 0} || move < Decimal{-100, 0}) {
      return fail(item.error("a move of " + move.to_string() + " is out of range", "-0.15 is minus 15 %"));
    }
    moves.push_back(move);
  }
  if (moves.empty()) return fail(at.error("the list of moves is empty", "give at least one move"));
  return moves;
}

/// A move of the basis or the rate, per year.
Result<Decimal> read_added(const Cursor& at) {
  const Decimal move = TRY(at.decimal());
  if (move > Decimal{100, 0} || move < Decimal{-100, 0})
    return fail(at.error("a move of " + move.to_string() + " is out of range", "0.05 is plus 5 % a year"));
  return move;
}

/// `scaled`: the set has a vol_term, under which a vol move of more than -1 may come to less; what is left of a vol is
/// never below 0.
Result<ExtraScenario> read_extra(const Cursor& at, bool scaled) {
  TRY_VOID(at.only({"name", "spot", "vol", "basis", "rate", "dampening", "weight", "spot_of"}));
  ExtraScenario extra;
  if (const auto name = at.find("name")) extra.name = TRY(name->text());
  const Cursor spot = TRY(at.get("spot"));
  extra.spot = TRY(read_spot(spot));
  if (const auto own = at.find("spot_of")) {
    for (const auto& [name, move] : TRY(own->entries()))
      extra.spot_of.emplace_back(std::string(name), TRY(read_spot(move)));
  }
  if (const auto vol = at.find("vol")) {
    extra.vol = TRY(vol->decimal());
    if (extra.vol < Decimal{-1, 0} && !scaled)
      return fail(vol->error("a vol cannot fall by more than 100 %", "use -1 or more"));
    if (extra.vol > Decimal{100, 0} || extra.vol < Decimal{-100, 0})
      return fail(vol->error("a move of " + extra.vol.to_string() + " is out of range", "0.5 is plus 50 %"));
  }
  if (const auto basis = at.find("basis")) extra.basis = TRY(read_added(*basis));
  if (const auto rate = at.find("rate")) extra.rate = TRY(read_added(*rate));
  extra.dampening = TRY(real_or(at, "dampening", 0, 10, 1));
  if (const auto weight = at.find("weight")) extra.weight = TRY(read_weight(*weight));
  return extra;
}

/// What belongs to a grid's matrix means nothing in a set of extra scenarios alone.
Result<void> check_extras_only(const Cursor& at, const GridSpec& grid) {
  if (grid.extra.empty()) return fail(at.error("a grid needs spot, or extra scenarios", "add spot: [-0.15, 0, 0.15]"));
  for (const char* key : {"spot_of", "vol", "basis", "rate", "dampening"}) {
    const auto found = at.find(key);
    if (!found) continue;
    return fail(found->error(std::string(key) + " moves nothing without a list of spot moves",
                             "say it in each extra scenario, or add spot"));
  }
  return {};
}

Result<void> read_spot_of(const Cursor& at, GridSpec& grid) {
  for (const auto& [name, list] : TRY(at.entries())) {
    std::vector<Decimal> moves = TRY(read_moves(list, Relative::price));
    if (moves.size() != grid.spot.size()) {
      return fail(list.error(fmt::format("{} has {} spot moves and spot has {}", name, moves.size(), grid.spot.size()),
                             "give one for each of spot"));
    }
    grid.spot_of.emplace_back(std::string(name), std::move(moves));
  }
  return {};
}

Result<GridSpec> read_grid(const Cursor& at) {
  TRY_VOID(at.only({"kind", "horizon", "value_at", "source", "spot", "vol", "basis", "rate", "vol_term", "vol_floor",
                    "dampening", "extra", "spot_of"}));
  GridSpec grid;
  if (const auto spot = at.find("spot")) grid.spot = TRY(read_moves(*spot, Relative::price));
  if (const auto vol = at.find("vol")) grid.vol = TRY(read_moves(*vol, Relative::vol));
  if (const auto basis = at.find("basis")) grid.basis = TRY(read_moves(*basis, Relative::none));
  if (const auto rate = at.find("rate")) grid.rate = TRY(read_moves(*rate, Relative::none));
  if (const auto term = at.find("vol_term")) grid.vol_term = TRY(read_vol_term(*term));
  grid.vol_floor = TRY(real_or(at, "vol_floor", 0, 100, 0));
  grid.dampening = TRY(real_or(at, "dampening", 0, 10, 1));
  if (const auto extra = at.find("extra")) {
    const std::vector<Cursor> items = TRY(extra->list());
    for (const Cursor& item : items) grid.extra.push_back(TRY(read_extra(item, at.find("vol_term").has_value())));
  }
  if (grid.spot.empty()) {
    TRY_VOID(check_extras_only(at, grid));
    return grid;
  }
  if (const auto own = at.find("spot_of")) TRY_VOID(read_spot_of(*own, grid));
  std::size_t count = 1;  // a document has fewer than 2^26 values, so no product below overflows
  for (const auto* moves : {&grid.spot, &grid.vol, &grid.basis, &grid.rate}) {
    count *= moves->size();
    if (count > limits::scenarios / 4) return fail(at.error("the grid has too many scenarios", "use fewer moves"));
  }
  return grid;
}

Result<CorrelationFilter> read_correlation(const Cursor& at) {
  TRY_VOID(at.only({"decay", "shrink", "floor"}));
  CorrelationFilter filter;
  filter.decay = TRY(real_or(at, "decay", 0, 0.99999, filter.decay));
  filter.shrink = TRY(real_or(at, "shrink", 0, 1, filter.shrink));
  filter.floor = TRY(real_or(at, "floor", 0.000001, 1, filter.floor));
  return filter;
}

Result<FilterSpec> read_filter(const Cursor& at) {
  TRY_VOID(at.only({"decay", "least", "most", "wick_cap", "correlation"}));
  FilterSpec filter;
  filter.decay = TRY(real_or(at, "decay", 0, 0.99999, filter.decay));
  filter.least = TRY(real_or(at, "least", 0.001, 1, filter.least));
  filter.most = TRY(real_or(at, "most", 1, 1000, filter.most));
  filter.wick_cap = TRY(real_or(at, "wick_cap", 0, 10, filter.wick_cap));
  if (const auto correlation = at.find("correlation")) filter.correlation = TRY(read_correlation(*correlation));
  return filter;
}

Result<WorstSpec> read_worst(const Cursor& at) {
  TRY_VOID(at.only({"count", "trailing"}));
  WorstSpec worst;
  const auto whole = [&](const char* key, std::size_t otherwise) -> Result<std::size_t> {
    const auto value = at.find(key);
    if (!value) return otherwise;
    return static_cast<std::size_t>(TRY(value->integer(1, 1'000'000)));
  };
  worst.count = TRY(whole("count", worst.count));
  worst.trailing = TRY(whole("trailing", worst.trailing));
  return worst;
}

Result<HistoricalSpec> read_historical(const Cursor& at) {
  TRY_VOID(
      at.only({"kind", "horizon", "value_at", "source", "window_days", "least_share", "filter", "worst", "vol_moves"}));
  HistoricalSpec history;
  if (const auto days = at.find("window_days")) {
    history.window_days = TRY(days->integer());
    if (history.window_days < 2 || history.window_days > 20000) {
      return fail(days->error("window_days lies in 2 to 20000", "1250 gives 3750 steps of 8 hours"));
    }
  }
  if (const auto share = at.find("least_share")) {
    history.least_share = TRY(share->decimal());
    if (history.least_share.units < 0 || history.least_share > Decimal{1, 0}) {
      return fail(share->error("least_share lies in 0 to 1", "0.5 asks for returns on half of the dates"));
    }
  }
  if (const auto filter = at.find("filter")) history.filter = TRY(read_filter(*filter));
  if (const auto worst = at.find("worst")) history.worst = TRY(read_worst(*worst));
  return history;
}

Result<SkewScenario> read_skew_scenario(const Cursor& at) {
  TRY_VOID(at.only({"name", "shape", "cap", "cap_per_root_year", "weight"}));
  SkewScenario scenario;
  const Cursor shape = TRY(at.get("shape")), cap = TRY(at.get("cap"));
  const std::string text(TRY(shape.text()));
  if (text != "linear" && text != "absolute")
    return fail(shape.error("'" + text + "' is not a shape of a skew", "use linear or absolute"));
  scenario.move.shape = text == "linear" ? SkewMove::Shape::linear : SkewMove::Shape::absolute;
  scenario.name = text;
  if (const auto name = at.find("name")) scenario.name = TRY(name->text());
  scenario.move.cap = TRY(read_real(cap, -100, 100));
  scenario.move.cap_per_root_year = TRY(real_or(at, "cap_per_root_year", -100, 100, 0));
  if (const auto weight = at.find("weight")) scenario.weight = TRY(read_weight(*weight));
  return scenario;
}

Result<SkewSpec> read_skew(const Cursor& at) {
  TRY_VOID(at.only({"kind", "horizon", "value_at", "source", "scenarios", "min_width", "width_scale", "width_static",
                    "width_per_root_year"}));
  SkewSpec skew;
  const Cursor least = TRY(at.get("min_width")), scale = TRY(at.get("width_scale"));
  const Cursor constant = TRY(at.get("width_static")), list = TRY(at.get("scenarios"));
  skew.width.least = TRY(read_real(least, 1e-6, 100));  // a width of nothing would divide by it
  skew.width.scale = TRY(read_real(scale, 0, 1000));
  skew.width.constant = TRY(read_real(constant, -1000, 1000));
  skew.width.per_root_year = TRY(real_or(at, "width_per_root_year", -1000, 1000, 0));
  for (const Cursor& each : TRY(list.list())) skew.scenarios.push_back(TRY(read_skew_scenario(each)));
  if (skew.scenarios.empty()) return fail(list.error("the list of scenarios is empty", "give at least one"));
  return skew;
}

Result<ScenarioSpec> read_spec(const std::string& name, const Cursor& at) {
  ScenarioSpec spec;
  spec.name = name;
  if (const auto horizon = at.find("horizon")) spec.horizon_seconds = TRY(read_duration(*horizon));
  if (const auto when = at.find("value_at")) {
    const std::string text(TRY(when->text()));
    if (text != "now" && text != "horizon")
      return fail(when->error("'" + text + "' is not a time", "use now or horizon"));
    spec.at_horizon = text == "horizon";
  }
  const Cursor kind = TRY(at.get("kind"));
  const std::string text(TRY(kind.text()));
  if (text == "grid") {
    spec.kind = TRY(read_grid(at));
  } else if (text == "historical") {
    HistoricalSpec history = TRY(read_historical(at));
    if (spec.horizon_seconds < 60) return fail(at.error("a historical set needs a horizon", "write horizon: 8h"));
    history.step_seconds = spec.horizon_seconds;
    spec.kind = history;
  } else if (text == "skew") {
    spec.kind = TRY(read_skew(at));
  } else if (text == "correlation_break") {
    CorrelationBreakSpec parting = TRY(read_correlation_break(at));
    if (spec.horizon_seconds < 60) return fail(at.error("a set of returns needs a horizon", "write horizon: 8h"));
    parting.step_seconds = spec.horizon_seconds;
    spec.kind = parting;
  } else if (text == "episodes") {
    spec.kind = TRY(read_episodes(at, spec.horizon_seconds));
  } else if (text == "monte_carlo") {
    MonteCarloSpec drawn = TRY(read_monte_carlo(at));
    if (spec.horizon_seconds < 60) return fail(at.error("a set of returns needs a horizon", "write horizon: 8h"));
    drawn.step_seconds = spec.horizon_seconds;
    spec.kind = drawn;
  } else if (text == "normal") {
    NormalSpec normal = TRY(read_normal(at));
    if (spec.horizon_seconds < 60) return fail(at.error("a set of returns needs a horizon", "write horizon: 8h"));
    normal.step_seconds = spec.horizon_seconds;
    spec.kind = normal;
  } else {
    return fail(kind.error("'" + text + "' is not a kind of scenario set",
                           "use grid, historical, skew, correlation_break, episodes, monte_carlo or normal"));
  }
  // Other kinds have refused the key.
  if (const auto moves = at.find("vol_moves")) spec.vol_moves = TRY(read_vol_moves(*moves));
  return spec;
}

}  // namespace

std::optional<std::size_t> scenario_count(const ScenarioSpec& spec) {
  if (const auto* skew = std::get_if<SkewSpec>(&spec.kind)) return skew->scenarios.size();
  if (const auto* told = std::get_if<EpisodesSpec>(&spec.kind)) return told->episodes.size();
  if (const auto* drawn = std::get_if<MonteCarloSpec>(&spec.kind)) return drawn->count;
  if (const auto* normal = std::get_if<NormalSpec>(&spec.kind)) return normal->count;
  const auto* grid = std::get_if<GridSpec>(&spec.kind);
  if (grid == nullptr) return std::nullopt;
  return grid->spot.size() * grid->vol.size() * grid->basis.size() * grid->rate.size() + grid->extra.size();
}

bool reads_bars(const ScenarioSpec& spec) {
  return std::holds_alternative<HistoricalSpec>(spec.kind) || std::holds_alternative<CorrelationBreakSpec>(spec.kind) ||
         std::holds_alternative<MonteCarloSpec>(spec.kind) || std::holds_alternative<NormalSpec>(spec.kind);
}

Result<std::vector<ScenarioSpec>> read_scenario_specs(const Cursor& section) {
  std::vector<ScenarioSpec> specs;
  const auto entries = TRY(section.entries());
  for (const auto& [name, at] : entries) specs.push_back(TRY(read_spec(std::string(name), at)));
  if (specs.size() > 30) return fail(section.error("a recipe has at most 30 scenario sets", "merge some"));
  return specs;
}

}  // namespace margrave
