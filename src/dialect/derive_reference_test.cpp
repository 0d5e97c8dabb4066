#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "dialect/conform.h"

// The second portfolio margin once more, in doubles and straight from the published formula: no recipe, no array, no
// exact number. The venue's vectors say whether it is right; then it says of random accounts whether the engine is.

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;

constexpr double day = 86'400, year = 365 * day;

double cumulative(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

/// Value of an option in dollars a coin, discounted.
double black76(double forward, double strike, double vol, double years, double discount, bool is_call) {
  const double m = strike / forward, s = std::max(1e-18, vol * std::sqrt(years));
  double call = 1;
  if (s < 24) {
    const double d1 = (s * s / 2 - std::log(m)) / s;
    call = std::max(0.0, cumulative(d1) - m * cumulative(d1 - s));
  }
  return (is_call ? call : std::max(0.0, call + m - 1)) * forward * discount;
}

/// How one scenario changes the vol of an option.
struct VolMove {
  std::string mode{"None"};
  double up{1}, down{1}, floor{0};  ///< multipliers, and the least vol after a raise
  double cap{0}, width{1};          ///< of a skew at the expiry
  double of(double vol, double k) const {
    if (mode == "Up") return std::max(floor, vol * up);
    if (mode == "Down") return vol * down;
    if (mode == "None") return vol;
    const double x = mode == "Abs" ? std::fabs(k) : k, z = x * cap / width;
    return vol * std::max(0.0, 1 + (x < 0 ? std::max(z, -cap) : std::min(z, cap)));
  }
};

struct ReferenceExpiry {
  Json terms;
  std::vector<Json> options{};
  double seconds{0}, years{0}, discount{1}, rate{0};

  double value(double spot_shock, const VolMove& move) const {
    const double moving = terms["forward_variable"], fixed = terms["forward_fixed"];
    double sum = 0;
    for (const Json& option : options) {
      const double strike = option["strike"], vol = move.of(option["vol"], std::log(strike / (moving + fixed)));
      const double forward = moving * spot_shock + fixed;
      sum += option["amount"].get<double>() * black76(forward, strike, vol, years, discount, option["is_call"]);
    }
    return sum;
  }
};

class Reference {
 public:
  explicit Reference(const Json& vector)
      : market_(vector["market"]), portfolio_(vector["portfolio"]), params_(vector["params"]) {
    spot_ = market_["spot"], stable_ = market_["stable_price"], perp_ = portfolio_["perp"]["amount"];
    for (const Json& terms : market_["expiries"]) {
      ReferenceExpiry expiry{.terms = terms};
      expiry.seconds = terms["seconds"], expiry.years = expiry.seconds / year;
      expiry.rate = std::max(0.0, terms["rate"].get<double>());
      expiry.discount = std::exp(-expiry.rate * expiry.years);
      for (const Json& option : portfolio_["options"]) {
        if (option["expiry"] == terms["seconds"]) expiry.options.push_back(option);
      }
      if (!expiry.options.empty()) expiries_.push_back(expiry);
    }
  }

  /// What the vectors expect, by their names.
  Json expected(const Json& scenarios) const {
    const double cash = portfolio_["cash"], value = value_without_cash(), basis = basis_contingency();
    const double mm = mm_contingency(), im = im_contingency(), mm_factor = params_["margin"]["mm_factor"];
    Json all, pnl = Json::array();
    double worst = basis;
    for (const Json& scenario : scenarios) {
      const double profit = scenario_profit(scenario["spot_shock"], scenario["vol_shock"], scenario["dampening"]);
      pnl.push_back(profit);
      worst = std::min(worst, profit);
    }
    const Json& other = params_["other_contingency"];
    const double peg_loss = std::max(0.0, other["peg_loss_threshold"].get<double>() - stable_);
    const double im_factor =
        params_["margin"]["im_factor"].get<double>() + peg_loss * other["peg_loss_factor"].get<double>();
    all["mark_to_market"] = value + cash;
    all["maintenance_margin_balance"] = worst * mm_factor - mm + value + cash;
    all["initial_margin_balance"] = worst * im_factor - mm - im + value + cash;
    all["maintenance_margin_requirement"] = mm - worst * mm_factor;
    all["initial_margin_requirement"] = mm + im - worst * im_factor;
    all["basis_contingency"] = basis;
    all["mm_contingency"] = mm;
    all["im_contingency"] = im;
    all["scenario_pnl"] = pnl;
    all["trusted_assessor_maintenance_balance"] = std::min(basis, flat_worst()) * mm_factor - mm + value + cash;
    return all;
  }

  /// What errors are a share of.
  double gross() const {
    double coins = std::fabs(perp_), collateral = 0;
    for (const Json& option : portfolio_["options"]) coins += std::fabs(option["amount"].get<double>());
    for (const Json& at : portfolio_["collaterals"]) collateral += std::fabs(collateral_value(at));
    return std::max(1.0, std::fabs(portfolio_["cash"].get<double>()) + spot_ * coins + collateral);
  }

 private:
  double collateral_value(const Json& at) const {
    return at["amount"].get<double>() * at["price"].get<double>() / stable_;
  }

  double value_without_cash() const {
    double sum = portfolio_["perp"]["unrealized_pnl"].get<double>();
    sum += portfolio_["perp"].value("unrealized_funding", 0.0);
    for (const ReferenceExpiry& expiry : expiries_) sum += expiry.value(1, {});
    for (const Json& at : portfolio_["collaterals"]) sum += collateral_value(at);
    return sum;
  }

  VolMove move_of(const std::string& mode, const ReferenceExpiry& expiry) const {
    const Json &shock = params_["vol_shock"], &skew = params_["skew_shock"];
    const bool is_short = expiry.seconds <= 30 * day, absolute = mode == "Abs";
    const double power = shock[is_short ? "short_term_power" : "long_term_power"];
    const double scale = std::pow(30 * day / std::max(expiry.seconds, shock["dte_floor_seconds"].get<double>()), power);
    const double root = std::sqrt(expiry.years);
    VolMove move{.mode = mode, .floor = shock["min_vol_up_shock"]};
    move.up = 1 + shock["vol_range_up"].get<double>() * scale;
    move.down = std::max(0.0, 1 - shock["vol_range_down"].get<double>() * scale);
    move.cap = skew[absolute ? "abs_base_cap" : "linear_base_cap"].get<double>() +
               skew[absolute ? "abs_c_base" : "linear_c_base"].get<double>() * root;
    const double widening = skew["vol_param_static"].get<double>() + skew["vol_param_scale"].get<double>() * root;
    move.width = std::max(skew["min_k_star"].get<double>(), root * skew["width_scale"].get<double>() * widening);
    return move;
  }

  double discounted(double value, const ReferenceExpiry& expiry) const {
    const Json& margin = params_["margin"];
    const auto exponent = [&](const char* mult, const char* add) {
      return expiry.years * (expiry.rate * margin[mult].get<double>() + margin[add].get<double>());
    };
    const double gains = margin["long_base_static_discount"].get<double>() *
                         std::exp(-exponent("long_rate_mult_scale", "long_rate_add_scale"));
    const double losses =
        std::min(1 / expiry.discount, margin["short_base_static_discount"].get<double>() *
                                          std::exp(exponent("short_rate_mult_scale", "short_rate_add_scale")));
    return value * (value >= 0 ? gains : losses);
  }

  double scenario_profit(double spot_shock, const std::string& mode, double dampening) const {
    const bool skew = mode == "Linear" || mode == "Abs";
    double sum = 0;
    for (const ReferenceExpiry& expiry : expiries_) {
      const double after = discounted(expiry.value(spot_shock, move_of(mode, expiry)), expiry);
      const double change = after - expiry.value(1, {});
      sum += skew ? -std::fabs(change) : change;
    }
    sum += perp_ * (spot_shock - 1) * market_["perp_price"].get<double>();
    for (const Json& at : portfolio_["collaterals"]) {
      if (at["risk_cancelling"]) sum += collateral_value(at) * (spot_shock - 1);
    }
    return sum * dampening;
  }

  double flat_worst() const {
    const Json& basis = params_["basis_contingency"];
    const double up = scenario_profit(basis["scenario_spot_up"], "None", 1);
    const double down = scenario_profit(basis["scenario_spot_down"], "None", 1);
    return std::min({up, down, scenario_profit(1, "None", 1)});
  }

  double basis_contingency() const {
    const Json& basis = params_["basis_contingency"];
    double sum = 0;
    for (const ReferenceExpiry& expiry : expiries_) {
      const double now = expiry.value(1, {}), up = expiry.value(basis["scenario_spot_up"], {}) - now;
      const double down = expiry.value(basis["scenario_spot_down"], {}) - now;
      const double factor = basis["add_factor"].get<double>() + basis["mult_factor"].get<double>() * expiry.years;
      sum += std::min({up, down, 0.0}) * factor;
    }
    return sum;
  }

  double naked_shorts() const {
    std::map<std::pair<double, double>, double> net;
    for (const Json& option : portfolio_["options"])
      net[{option["expiry"], option["strike"]}] += option["amount"].get<double>();
    double sum = 0;
    for (const auto& [strike, amount] : net) sum += std::max(0.0, -amount);
    return sum;
  }

  double contingency(const char* perp, const char* option, const char* haircut) const {
    const Json& other = params_["other_contingency"];
    double sum = std::fabs(perp_) * spot_ * other[perp].get<double>();
    sum += naked_shorts() * spot_ * other[option].get<double>();
    for (const Json& at : portfolio_["collaterals"]) sum += collateral_value(at) * at[haircut].get<double>();
    return sum;
  }
  double mm_contingency() const { return contingency("mm_perp_percent", "mm_option_percent", "mm_haircut"); }

  double mistrust(double confidence, double notional) const {
    const Json& other = params_["other_contingency"];
    if (confidence >= other["conf_threshold"].get<double>()) return 0;
    return (1 - confidence) * other["conf_margin"].get<double>() * notional;
  }

  double im_contingency() const {
    const double of_spot = market_["spot_confidence"], of_perp = market_["perp_confidence"];
    double sum = contingency("im_perp_percent", "im_option_percent", "im_haircut");
    sum += mistrust(std::min(of_spot, of_perp), std::fabs(perp_) * spot_);
    for (const ReferenceExpiry& expiry : expiries_) {
      double confidence = perp_ != 0 ? std::min(of_spot, of_perp) : of_spot, size = 0;
      for (const char* key : {"forward_confidence", "rate_confidence", "vol_confidence"})
        confidence = std::min(confidence, expiry.terms[key].get<double>());
      for (const Json& option : expiry.options) size += std::fabs(option["amount"].get<double>());
      sum += mistrust(confidence, size * spot_);
    }
    for (const Json& at : portfolio_["collaterals"])
      sum += mistrust(std::min(of_spot, at["confidence"].get<double>()), collateral_value(at));
    return sum;
  }

  const Json &market_, &portfolio_, &params_;
  double spot_{0}, stable_{1}, perp_{0};
  std::vector<ReferenceExpiry> expiries_;
};

/// The largest error of what both name, as a share of gross notional.
double worst_error(const Json& expected, const Json& computed, double gross, std::size_t& compared) {
  double worst = 0;
  const auto compare = [&](const Json& a, const Json& b) {
    worst = std::max(worst, std::fabs(a.get<double>() - b.get<double>()) / gross);
    ++compared;
  };
  for (const auto& [name, value] : computed.items()) {
    if (!expected.contains(name)) continue;
    if (!value.is_array()) compare(expected[name], value);
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) compare(expected[name][i], value[i]);
  }
  return worst;
}

class ReferenceOfVectors : public testing::TestWithParam<const char*> {};

TEST_P(ReferenceOfVectors, IsTheVenuesToTheFilesOwnTolerance) {
  std::ifstream file(std::string(MARGRAVE_SHARED_DIR "/venues/vectors/") + GetParam() + ".json");
  if (!file) {
    const char* ci = std::getenv("CI");
    ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "the vector folder is missing";
    GTEST_SKIP() << "the vector folder is not beside the tree";
  }
  const Json all = Json::parse(file);
  const double allowed = all["tolerance"]["rel_of_gross_notional"];
  std::size_t compared = 0;
  double worst = 0;
  for (const Json& vector : all["vectors"]) {
    const Reference reference(vector);
    const Json computed = reference.expected(vector["scenarios"]);
    const double error = worst_error(vector["expected"], computed, reference.gross(), compared);
    EXPECT_LE(error, allowed) << vector["id"];
    worst = std::max(worst, error);
  }
  EXPECT_GT(compared, 2 * all["vectors"].size());
  RecordProperty("worst_error", std::to_string(worst * 1e15) + " e-15 of gross notional");
}

INSTANTIATE_TEST_SUITE_P(Files, ReferenceOfVectors, testing::Values("derive_pmrm2_evm", "derive_pmrm2_repo"),
                         [](const auto& test) { return std::string(test.param); });

/// A random account with its market and parameters, in the form of a vector.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_{.seed = seed} {}

  Json vector() {
    const double spot = number(100, 90'000);
    Json scenarios = scenarios_of(), market = market_of(spot);
    Json portfolio = portfolio_of(spot, market);
    return {{"market", market}, {"portfolio", portfolio}, {"params", params_of()}, {"scenarios", scenarios}};
  }

 private:
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool one_in(std::int64_t n) { return whole(1, n) == 1; }
  /// Six decimals.
  double number(double low, double high) {
    const double share = static_cast<double>(random_.below(1'000'000'001)) / 1e9;
    return std::round((low + (high - low) * share) * 1e6) / 1e6;
  }
  double confidence() { return one_in(3) ? number(0, 1) : 1; }
  double amount(double spot) { return number(-1, 1) * std::pow(10.0, static_cast<double>(whole(0, 3))) * 100 / spot; }
  double rounded_amount(double spot) { return std::round(amount(spot) * 1e6) / 1e6; }

  Json market_of(double spot) {
    Json expiries = Json::array();
    std::int64_t seconds = 0;
    for (std::int64_t n = whole(1, 4); n > 0; --n) {
      seconds += one_in(3) ? whole(60, 86'400) : whole(86'400, 12'000'000);
      const double forward = number(spot * 0.9, spot * 1.2);
      const double fixed = one_in(4) ? number(0, forward * 0.9) : 0;
      expiries.push_back({{"seconds", seconds},
                          {"forward_variable", forward - fixed},
                          {"forward_fixed", fixed},
                          {"forward_confidence", confidence()},
                          {"rate", number(-0.05, 0.2)},
                          {"rate_confidence", confidence()},
                          {"vol_confidence", confidence()}});
    }
    return {{"spot", spot},
            {"spot_confidence", confidence()},
            {"stable_price", number(0.95, 1.02)},
            {"perp_price", number(spot * 0.98, spot * 1.02)},
            {"perp_confidence", confidence()},
            {"expiries", expiries}};
  }

  Json portfolio_of(double spot, const Json& market) {
    Json options = Json::array(), collaterals = Json::array();
    for (std::int64_t n = whole(0, 12); n > 0; --n) {
      const Json& expiry = market["expiries"][random_.below(market["expiries"].size())];
      options.push_back({{"expiry", expiry["seconds"]},
                         {"strike", std::round(spot * number(0.4, 2) / 50) * 50 + 50},
                         {"is_call", one_in(2)},
                         {"amount", rounded_amount(spot)},
                         {"vol", number(0.05, 2)}});
    }
    for (std::int64_t n = whole(0, 2); n > 0; --n) {
      collaterals.push_back({{"amount", std::fabs(rounded_amount(spot))},
                             {"price", number(spot * 0.95, spot * 1.05)},
                             {"confidence", confidence()},
                             {"risk_cancelling", one_in(2)},
                             {"mm_haircut", number(0, 0.3)},
                             {"im_haircut", number(0, 0.2)}});
    }
    const double perp = one_in(2) ? rounded_amount(spot) : 0;
    return {{"cash", number(-50'000, 200'000)},
            {"perp", {{"amount", perp}, {"unrealized_pnl", number(-500, 500)}, {"unrealized_funding", number(-9, 9)}}},
            {"options", options},
            {"collaterals", collaterals}};
  }

  Json params_of() {
    return {{"vol_shock",
             {{"vol_range_up", number(0.1, 0.8)},
              {"vol_range_down", number(0.1, 0.6)},
              {"short_term_power", number(0, 0.5)},
              {"long_term_power", number(0, 0.3)},
              {"dte_floor_seconds", whole(1, 700'000)},
              {"min_vol_up_shock", number(0, 0.6)}}},
            {"margin",
             {{"im_factor", number(1, 1.5)},
              {"mm_factor", number(0.6, 1)},
              {"short_rate_mult_scale", number(0, 2)},
              {"long_rate_mult_scale", number(0, 2)},
              {"short_rate_add_scale", number(0, 0.3)},
              {"long_rate_add_scale", number(0, 0.3)},
              {"short_base_static_discount", number(0.9, 1.1)},
              {"long_base_static_discount", number(0.9, 1.1)}}},
            {"basis_contingency",
             {{"scenario_spot_up", number(1, 1.2)},
              {"scenario_spot_down", number(0.8, 1)},
              {"add_factor", number(0, 1)},
              {"mult_factor", number(0, 3)}}},
            {"other_contingency",
             {{"peg_loss_threshold", number(0.95, 1)},
              {"peg_loss_factor", number(0, 5)},
              {"conf_threshold", number(0.3, 0.9)},
              {"conf_margin", number(0, 1)},
              {"mm_perp_percent", number(0, 0.1)},
              {"im_perp_percent", number(0, 0.1)},
              {"mm_option_percent", number(0, 0.1)},
              {"im_option_percent", number(0, 0.1)}}},
            {"skew_shock",
             {{"linear_base_cap", number(0.05, 0.4)},
              {"abs_base_cap", number(0.05, 0.4)},
              {"linear_c_base", number(-0.2, 0.2)},
              {"abs_c_base", number(-0.2, 0.2)},
              {"min_k_star", number(0.01, 0.2)},
              {"width_scale", number(1, 5)},
              {"vol_param_static", number(0.2, 2)},
              {"vol_param_scale", number(-0.3, 0.3)}}}};
  }

  Json scenarios_of() {
    Json all = Json::array();
    const auto add = [&](double shock, const char* mode, double dampening) {
      all.push_back({{"spot_shock", shock}, {"vol_shock", mode}, {"dampening", dampening}});
    };
    for (std::int64_t n = whole(1, 12); n > 0; --n) {
      const char* const modes[] = {"Up", "None", "Down"};
      add(one_in(4) ? 1 : number(0.3, 4), modes[random_.below(3)], one_in(2) ? 1 : number(0, 1));
    }
    if (one_in(2)) add(1, "Linear", 1);
    if (one_in(2)) add(1, "Abs", number(0.2, 1));
    return all;
  }

  Random random_;
};

TEST(ReferenceOfRandomAccounts, IsTheEnginesInWideAndNarrowRows) {
  Json file = {{"model", "Derive PMRM_2"}, {"vectors", Json::array()}};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Json vector = Dice(seed).vector();
    vector["id"] = "seed " + std::to_string(seed);
    const Json expected = Reference(vector).expected(vector["scenarios"]);
    vector["expected"] = expected;
    file["vectors"].push_back(vector);
  }
  const Result<Conformance> result = conform_text(file.dump(), "random.json", best_isa());
  ASSERT_TRUE(result.has_value()) << to_string(result.error());
  EXPECT_EQ(result->passed, 200u);
  for (const VectorFailure& failure : result->failures) {
    ADD_FAILURE() << failure.id << ": by the reference " << failure.expected << ", by the engine " << failure.computed
                  << ", allowed " << failure.allowed;
  }
}

}  // namespace
}  // namespace margrave
