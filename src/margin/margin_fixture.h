#pragma once

#include "array/risk_array.h"
#include "document/read.h"
#include "margin/assess.h"
#include "margin/recipe_reader.h"

// A venue small enough to be checked by hand, for the tests of this folder. They include gtest/gtest.h before it: it
// stays out of headers.

namespace margrave {

inline Decimal dec(const char* text) { return *Decimal::parse(text); }

/// A venue of two coins: linear perpetuals and an option row on BTC, an inverse perpetual on BTC; four scenarios, of
/// which the last two are "history". Entries are USD of one lot in units of 2^-20, so tests can be checked by hand.
struct Venue {
  Registry registry;
  std::optional<RiskArray> array;
  RowIndex index;

  static constexpr int exponent = -20;

  void row(RiskArrayBuilder& builder, std::uint32_t at, std::initializer_list<double> values) {
    auto entries = builder.narrow_row(at);
    std::size_t s = 0;
    for (const double value : values) entries[s++] = static_cast<std::int32_t>(value * 1048576.0);
  }

  /// The value now is that of column 0; 40 binary places are 40 decimals at most, of which the array has 38.
  static void set_value(RiskArrayBuilder& builder, std::uint32_t at) {
    const int shift = -builder.plan().rows[at].exponent;
    builder.set_scalar(at, ScalarField::value,
                       divide(builder.narrow_row(at)[0] * power_of_ten(28), i128{1} << shift, Round::half_even));
    builder.set_scalar(at, ScalarField::value_decimals, 28);
  }

  Venue() {
    const AssetId usdc = *registry.list(Asset{"USDC", 6});
    const AssetId btc = *registry.list(Asset{"BTC", 8});
    const AssetId eth = *registry.list(Asset{"ETH", 8});
    const UnderlyingId on_btc = *registry.list(Underlying{"BTC", btc});
    const UnderlyingId on_eth = *registry.list(Underlying{"ETH", eth});
    const Timestamp expiry = Timestamp::from_civil(2026, 3, 27, 8);
    EXPECT_TRUE(registry.list(Instrument{
        .name = "BTC-PERP", .kind = Kind::perpetual, .underlying = on_btc, .settlement = usdc, .lot = dec("0.001")}));
    EXPECT_TRUE(registry.list(Instrument{
        .name = "ETH-PERP", .kind = Kind::perpetual, .underlying = on_eth, .settlement = usdc, .lot = dec("0.01")}));
    EXPECT_TRUE(registry.list(Instrument{.name = "BTC-27MAR26-C",
                                         .kind = Kind::option,
                                         .underlying = on_btc,
                                         .settlement = usdc,
                                         .lot = dec("0.001"),
                                         .expiry = expiry,
                                         .strike = dec("60000"),
                                         .is_call = true}));
    EXPECT_TRUE(registry.list(Instrument{.name = "BTC-INVERSE",
                                         .kind = Kind::perpetual,
                                         .style = Style::inverse,
                                         .underlying = on_btc,
                                         .settlement = btc,
                                         .lot = dec("1")}));
    ArrayPlan plan;
    plan.scenarios = {"now", "down", "up", "2020-03-12", "2021-05-19"};
    plan.ranges = {{"moves", 1, 3}, {"history", 3, 5}};
    for (const char* name :
         {"asset:USDC", "asset:BTC", "asset:ETH", "BTC-PERP", "ETH-PERP", "BTC-27MAR26-C", "BTC-INVERSE"}) {
      plan.rows.push_back({name, static_cast<std::int8_t>(exponent)});
    }
    plan.rows[0].exponent = plan.rows[1].exponent = plan.rows[2].exponent = -40;
    RiskArrayBuilder builder = *RiskArrayBuilder::create(plan);
    const auto asset = [&](std::uint32_t at, std::initializer_list<double> usd_per_unit) {
      auto entries = builder.narrow_row(at);
      std::size_t s = 0;
      for (const double value : usd_per_unit) entries[s++] = static_cast<std::int32_t>(value * 0x1p40);
    };
    asset(0, {0x1p-20, 0x1p-20, 0x1p-20, 0x1p-20, 0x1p-20});  // about one millionth of a dollar: exact in binary
    asset(1, {0.0005, 0.0004, 0.0006, 0.0003, 0.0005});
    asset(2, {0.00002, 0.000016, 0.000024, 0.00001, 0.00002});
    row(builder, 3, {50, 40, 60, 30, 50});  // 0.001 BTC at 50,000
    row(builder, 4, {20, 16, 24, 10, 20});  // 0.01 ETH at 2,000
    row(builder, 5, {5, 1, 12, 0.25, 5});   // 0.001 of a call
    row(builder, 6, {-1, -1, -1, -1, -1});  // minus one USD of coin
    for (std::uint32_t at = 3; at < 7; ++at) {
      const double notional = at == 6 ? 1 : at == 4 ? 20 : 50;
      builder.set_scalar(at, ScalarField::notional, static_cast<i128>(notional) * power_of_ten(18));
    }
    for (std::uint32_t at = 0; at < plan.rows.size(); ++at) set_value(builder, at);
    array = *std::move(builder).finish(1);
    index = index_rows(registry, *array);
  }

  Position position(const char* name, std::int64_t lots, const char* entry = nullptr) const {
    return {*registry.instrument(name), Lots{lots}, entry ? std::optional(dec(entry)) : std::nullopt};
  }
};

inline Recipe recipe_of(const std::string& components) {
  const std::string text =
      "recipe: test\nversion: '1'\nscenarios: {moves: {kind: grid, spot: ['0']}, history: {kind: grid, spot: "
      "['0']}}\n" +
      components;
  auto document = parse_document(text, "test.yaml");
  EXPECT_TRUE(document) << to_string(document.error());
  auto recipe = read_recipe(*document);
  EXPECT_TRUE(recipe) << to_string(recipe.error());
  return *recipe;
}

inline MarginReport assess_with(const Venue& venue, const Recipe& recipe, const Book& book) {
  auto report = assess({venue.registry, *venue.array, venue.index, recipe, best_isa()}, book);
  EXPECT_TRUE(report) << to_string(report.error());
  return *report;
}

constexpr i128 usd(std::int64_t dollars) { return dollars * power_of_ten(9); }

}  // namespace margrave
