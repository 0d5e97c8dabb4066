#include "dialect/liquidation_vectors.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "dialect/auction_vectors.h"
#include "dialect/derive_account.h"
#include "dialect/liquidation_account.h"

namespace margrave {
namespace {

constexpr double own_allowed = 1e-11;    ///< of the account's gross notional
constexpr double share_allowed = 1e-10;  ///< of the account, where a share is expected

/// What the story of one vector is told with.
struct Setting {
  Cursor vector;
  bool second;  ///< the second portfolio margin
  Isa isa;
};

/// An account somewhere in the story.
struct Moment {
  Cursor place;  ///< the map that has its market and portfolio
  Cursor when;   ///< where the time was read
  std::int64_t seconds{0};
  Book amounts;
};

/// Balances are equity above the requirement.
struct Margins {
  Number equity, initial, maintenance;
  double gross{1};
};

enum class Losses : std::uint8_t { of_all_scenarios, of_the_auctions_scenario };

/// An error of a copy of the account, under the path that its field has in the file.
Error in_file(const Setting& setting, const Cursor& place, Error found) {
  const bool held = found.field.starts_with("market") || found.field.starts_with("portfolio");
  const std::string path = (held ? place : setting.vector).path();
  found.field = found.field.empty() ? path : path + "." + found.field;
  return found;
}

Result<Node> scenarios_of(const Setting& setting, Losses losses) {
  const Cursor scenarios = TRY(setting.vector.get("scenarios"));
  if (losses == Losses::of_all_scenarios) return scenarios.node();
  const std::vector<Cursor> all = TRY(list_at(setting.vector, "scenarios"));
  const Cursor at = TRY(setting.vector.get("scenario_index"));
  const std::int64_t index = TRY(at.integer(0, static_cast<std::int64_t>(all.size()) - 1));
  return NodeMaker(scenarios).list({all[static_cast<std::size_t>(index)].node()});
}

/// The account as a vector of its margin model.
Result<Document> margin_vector(const Setting& setting, const Moment& moment, Losses losses) {
  const Cursor market = TRY(moment.place.get("market")), portfolio = TRY(moment.place.get("portfolio"));
  const Cursor params = TRY(setting.vector.get("params"));
  Node scenarios = TRY(scenarios_of(setting, losses));
  Changes changes;
  TRY_VOID(add_amounts(portfolio, moment.amounts, changes));
  if (moment.seconds != 0) TRY_VOID(add_time(market, portfolio, moment.when, moment.seconds, changes));
  Document document = {.file = setting.vector.document().file, .format = setting.vector.document().format};
  document.root = NodeMaker(setting.vector)
                      .map({{"market", changed(market.node(), changes)},
                            {"portfolio", changed(portfolio.node(), changes)},
                            {"params", params.node()},
                            {"scenarios", std::move(scenarios)}});
  return document;
}

Result<Margins> margins_of(const Setting& setting, const Moment& moment, Losses losses) {
  const Document document = TRY(margin_vector(setting, moment, losses));
  const auto prepared = prepare_portfolio(Cursor(document), setting.second);
  if (!prepared) return fail(in_file(setting, moment.place, prepared.error()));
  const auto assessed = assess_vector(prepared->recipe, prepared->account, RowWidth::wide, setting.isa);
  if (!assessed) return fail(moment.place.located(assessed.error()));
  return Margins{.equity = Number::from_units(assessed->report.equity.raw, Usd::decimals),
                 .initial = balance_of(*assessed, "initial_requirement"),
                 .maintenance = balance_of(*assessed, "maintenance_requirement"),
                 .gross = prepared->gross};
}

Result<AuctionValues> auction_values(const Auction& auction, const Margins& margins, const Cursor& when,
                                     std::int64_t seconds, const Number& wanted) {
  auto values =
      unwind_values(auction.rule, auction.state(margins.equity, margins.maintenance, Number(seconds), wanted));
  if (!values) return fail(when.located(std::move(values).error()));
  return values;
}

Result<i128> units_of(const Cursor& at, const Number& amount, Round round) {
  i128 units = 0;
  if (amount.abs() <= Number(1'000'000'000'000'000) && amount.to_units(sold_decimals, round, units)) return units;
  return fail(at.error("an amount of " + amount.to_string() + " dollars is too large", "correct the vector"));
}

Number cash_of(const Book& amounts) {
  if (amounts.balances.empty() || amounts.balances[0].asset != sold_cash) return {};
  return Number::from_units(amounts.balances[0].units, sold_decimals);
}

/// Cash that goes from one account to another, and nothing else.
Result<SaleBooks> pay(const Book& from, const Book& to, i128 units) {
  return sell_share(from, to, {.share = {}, .cash = sold_cash, .reserved = 0, .payment = -units});
}

/// Both accounts after a bid. Of an account that is worth less than nothing the security module pays, not the account.
Result<SaleBooks> after_bid(const Auction& auction, const AuctionValues& values, const Cursor& at, const Book& seller,
                            const Book& buyer) {
  Sale sale{.share = values.at("share"), .cash = sold_cash};
  const i128 payment = TRY(units_of(at, values.at("payment"), Round::down));
  sale.reserved = TRY(units_of(at, auction.reserved, Round::down));
  if (!auction.insolvent) sale.payment = payment;
  auto books = sell_share(seller, buyer, sale);
  if (!books) return fail(at.located(std::move(books).error()));
  if (!auction.insolvent) return books;
  const SaleBooks paid = TRY(pay(Book{.account = "module", .balances = {}, .positions = {}}, books->buyer, -payment));
  books->buyer = paid.buyer;
  return books;
}

/// Compares numbers of one vector, and keeps the largest error of dollars over the file.
class Comparison {
 public:
  Comparison(Tally& tally, const Cursor& tolerance) : tally_(tally), tolerance_(tolerance) {}

  Result<void> begin(const Cursor& vector) {
    const Cursor id = TRY(vector.get("id"));
    id_ = TRY(id.text());
    tally_.begin(id_);
    return {};
  }
  void end() { tally_.end(); }

  /// Dollars of the account, whose gross notional is as given, and of one with `others` more.
  Result<void> set_scale(double gross, double others) {
    gross_ = gross;
    if (tolerance_.find("abs")) {
      own_ = buyer_ = TRY(real_at(tolerance_, "abs"));
      return {};
    }
    buyer_ = TRY(real_at(tolerance_, "rel_of_gross_notional")) * (gross + others);
    own_ = std::min(buyer_, own_allowed * gross);
    return {};
  }
  void at(std::string when) { when_ = std::move(when); }

  Result<void> dollars(const Cursor& expected, std::string_view key, const Number& computed) {
    const double wanted = TRY(real_at(expected, key)), error = std::fabs(computed.to_double() - wanted);
    if (error / gross_ > worst_ / worst_gross_)
      worst_ = error, worst_gross_ = gross_, worst_at_ = id_ + " " + name(key);
    tally_.check(name(key), wanted, computed.to_double(), own_);
    return {};
  }
  Result<void> buyers_dollars(const Cursor& expected, std::string_view key, const Number& computed) {
    tally_.check(name(key), TRY(real_at(expected, key)), computed.to_double(), buyer_);
    return {};
  }
  Result<void> share(const Cursor& expected, std::string_view key, const Number& computed) {
    const double wanted = TRY(real_at(expected, key));
    worst_share_ = std::max(worst_share_, std::fabs(computed.to_double() - wanted));
    tally_.check(name(key), wanted, computed.to_double(), share_allowed);
    return {};
  }
  Result<void> flag(const Cursor& expected, std::string_view key, bool computed) {
    const Cursor at = TRY(expected.get(key));
    tally_.check(name(key), TRY(at.boolean()), computed, 0);
    return {};
  }
  void same(std::string_view what, const Number& expected, const Number& computed) {
    tally_.check(name(what), expected.to_double(), computed.to_double(), own_);
  }
  void note() {
    tally_.note(fmt::format("the account's dollars: at worst {:.2g} off, {:.2g} of gross notional ({}); shares {:.2g}",
                            worst_, worst_ / worst_gross_, worst_at_, worst_share_));
  }

 private:
  std::string name(std::string_view what) const { return fmt::format("{} {}", when_, what); }

  Tally& tally_;
  Cursor tolerance_;
  std::string id_, when_, worst_at_;
  double own_{0}, buyer_{0}, gross_{1};
  double worst_{0}, worst_gross_{1}, worst_share_{0};
};

/// May anybody end the auction: the buffer is met, or it has to start again as that of a worthless account.
bool can_end(const Auction& auction, const AuctionValues& values, const Margins& margins) {
  if (auction.insolvent) return margins.maintenance.sign() >= 0;
  return values.at("buffer_excess").sign() >= 0 || margins.equity.sign() < 0 || auction.reserved >= margins.equity;
}

// --- Stories that the venue's contracts were run through.

struct Story {
  Auction auction;
  Moment account;
};

Result<Story> begin_story(const Setting& setting, Comparison& compare) {
  const Cursor& vector = setting.vector;
  const Cursor portfolio = TRY(vector.get("portfolio")), expected = TRY(vector.get("expected"));
  const Cursor params = TRY(vector.get("auction"));
  const Book held = TRY(amounts_of(portfolio));
  Moment account{.place = vector, .when = vector, .seconds = 0, .amounts = held};
  const Margins margins = TRY(margins_of(setting, account, Losses::of_the_auctions_scenario));
  const Decimal others = TRY(decimal_at(vector, "liquidator_cash_before", Bounds::money()));
  TRY_VOID(compare.set_scale(margins.gross, std::fabs(others.to_double())));
  compare.at("start");
  Auction auction = TRY(auction_of(params, margins.equity));
  const AuctionValues values = TRY(auction_values(auction, margins, vector, 0, {}));
  const i128 fee = TRY(units_of(vector, values.at("fee"), Round::up));
  const SaleBooks paid = TRY(pay(account.amounts, Book{.account = "module", .balances = {}, .positions = {}}, fee));
  account.amounts = paid.seller;
  TRY_VOID(compare.dollars(expected, "mark_to_market_before_fee", margins.equity));
  TRY_VOID(compare.dollars(expected, "cash_after_fee", cash_of(account.amounts)));
  return Story{std::move(auction), std::move(account)};
}

Result<void> compare_before(const Cursor& expected, const Auction& auction, const Margins& margins,
                            const AuctionValues& values, Comparison& compare) {
  TRY_VOID(compare.dollars(expected, "preMtM", margins.equity));
  TRY_VOID(compare.dollars(expected, "preMM", margins.maintenance));
  TRY_VOID(compare.dollars(expected, "preBM", values.at("buffer_excess")));
  if (!auction.insolvent) TRY_VOID(compare.share(expected, "maxProportion", values.at("largest_share")));
  TRY_VOID(compare.dollars(expected, "bidPrice", values.at("price")));
  TRY_VOID(compare.share(expected, "finalPct", values.at("share")));
  TRY_VOID(compare.dollars(expected, "cashFromBidder", auction.insolvent ? Number{} : values.at("payment")));
  return compare.flag(expected, "can_terminate", can_end(auction, values, margins));
}

Result<void> compare_after(const Setting& setting, const Cursor& expected, const Moment& seller, const Moment& buyer,
                           Comparison& compare) {
  const Margins all = TRY(margins_of(setting, seller, Losses::of_all_scenarios));
  const Margins one = TRY(margins_of(setting, seller, Losses::of_the_auctions_scenario));
  TRY_VOID(compare.dollars(expected, "postIM", all.initial));
  TRY_VOID(compare.dollars(expected, "postMM", all.maintenance));
  TRY_VOID(compare.dollars(expected, "postMMscen", one.maintenance));
  TRY_VOID(compare.dollars(expected, "postMtM", all.equity));
  TRY_VOID(compare.dollars(expected, "postCash", cash_of(seller.amounts)));
  const Margins buyer_all = TRY(margins_of(setting, buyer, Losses::of_all_scenarios));
  const Margins buyer_one = TRY(margins_of(setting, buyer, Losses::of_the_auctions_scenario));
  TRY_VOID(compare.buyers_dollars(expected, "liqIM", buyer_all.initial));
  TRY_VOID(compare.buyers_dollars(expected, "liqMM", buyer_all.maintenance));
  TRY_VOID(compare.buyers_dollars(expected, "liqMMscen", buyer_one.maintenance));
  TRY_VOID(compare.buyers_dollars(expected, "liqMtM", buyer_all.equity));
  return compare.buyers_dollars(expected, "liqCash", cash_of(buyer.amounts));
}

/// A liquidator, who has cash only.
Result<Book> liquidator_of(const Cursor& vector) {
  const Decimal cash = TRY(decimal_at(vector, "liquidator_cash_before", Bounds::money()));
  const i128 units = TRY(cash.scaled(sold_decimals, Round::half_even));
  return Book{.account = "liquidator", .balances = {{sold_cash, units}}, .positions = {}};
}

Result<void> check_step(const Setting& setting, const Cursor& step, Story& story, Comparison& compare) {
  const Cursor expected = TRY(step.get("expected")), when = TRY(step.get("t"));
  story.account.when = when;
  story.account.seconds = TRY(when.integer(0, 36'500 * seconds_per_day));
  compare.at(fmt::format("at {} s", story.account.seconds));
  if (expected.find("auction_ended")) return compare.flag(expected, "auction_ended", !story.auction.live);
  const Number wanted = Number::from_decimal(TRY(decimal_at(step, "bid_pct_wanted", Bounds::share())));
  const Margins margins = TRY(margins_of(setting, story.account, Losses::of_the_auctions_scenario));
  const AuctionValues values = TRY(auction_values(story.auction, margins, step, story.account.seconds, wanted));
  TRY_VOID(compare_before(expected, story.auction, margins, values, compare));
  const bool refused = !values.at("refused").is_zero();
  if (refused || expected.find("bidReverts")) return compare.flag(expected, "bidReverts", refused);
  const Book liquidator = TRY(liquidator_of(setting.vector));
  const SaleBooks books = TRY(after_bid(story.auction, values, step, story.account.amounts, liquidator));
  story.account.amounts = books.seller;
  story.auction.accept(values, wanted);
  TRY_VOID(compare.flag(expected, "live_after", story.auction.live));
  Moment buyer = story.account;
  buyer.amounts = books.buyer;
  return compare_after(setting, expected, story.account, buyer, compare);
}

Result<void> check_story(const Setting& setting, Comparison& compare) {
  TRY_VOID(compare.begin(setting.vector));
  Story story = TRY(begin_story(setting, compare));
  for (const Cursor& step : TRY(list_at(setting.vector, "steps"))) TRY_VOID(check_step(setting, step, story, compare));
  compare.end();
  return {};
}

// --- Stories of the venue's own tests, which give the account anew at each bid.

/// The account is where the last bid, or the fee, left it.
void compare_amounts(const Book& given, const Book& carried, Comparison& compare) {
  const auto amounts = [](const Book& book) {
    std::map<AssetId, i128> all;
    for (const Balance& balance : book.balances) all[balance.asset] = balance.units;
    return all;
  };
  std::map<AssetId, i128> expected = amounts(given), computed = amounts(carried);
  for (const auto& [asset, units] : computed) expected.try_emplace(asset, 0);
  for (const auto& [asset, units] : expected) {
    compare.same(fmt::format("amount {} before", asset.index()), Number::from_units(units, sold_decimals),
                 Number::from_units(computed[asset], sold_decimals));
  }
}

/// The auction, and the account after the fee.
Result<Story> begin_test(const Setting& setting, Comparison& compare) {
  const Cursor initial = TRY(setting.vector.get("initial")), params = TRY(setting.vector.get("auction"));
  const Cursor portfolio = TRY(initial.get("portfolio"));
  const Book held = TRY(amounts_of(portfolio));
  Moment account{.place = initial, .when = initial, .seconds = 0, .amounts = held};
  const Margins margins = TRY(margins_of(setting, account, Losses::of_all_scenarios));
  TRY_VOID(compare.set_scale(margins.gross, 0));
  compare.at("start");
  Auction auction = TRY(auction_of(params, margins.equity));
  const AuctionValues values = TRY(auction_values(auction, margins, setting.vector, 0, {}));
  TRY_VOID(compare.dollars(setting.vector, "liquidation_fee", values.at("fee")));
  const i128 fee = TRY(units_of(setting.vector, values.at("fee"), Round::up));
  const SaleBooks paid = TRY(pay(account.amounts, Book{.account = "module", .balances = {}, .positions = {}}, fee));
  account.amounts = paid.seller;
  return Story{std::move(auction), std::move(account)};
}

Result<void> compare_bid(const Cursor& expected, const Auction& auction, const AuctionValues& values,
                         Comparison& compare) {
  TRY_VOID(compare.share(expected, "PreFMax", values.at("largest_share")));
  TRY_VOID(compare.dollars(expected, "ExpectedBidPrice", auction.insolvent ? Number{} : values.at("payment")));
  TRY_VOID(compare.share(expected, "FinalPercentageReceived", values.at("share")));
  TRY_VOID(compare.share(expected, "fLiquidatedOfOriginal", values.at("share")));
  return compare.dollars(expected, "SMPayout", auction.insolvent ? values.at("payment") : Number{});
}

Result<void> check_action(const Setting& setting, const Cursor& action, bool active, Story& story,
                          Comparison& compare) {
  const Cursor expected = TRY(action.get("expected")), when = TRY(action.get("t"));
  const Cursor portfolio = TRY(action.get("portfolio"));
  const std::int64_t seconds = TRY(when.integer(0, 36'500 * seconds_per_day));
  compare.at(fmt::format("at {} s", seconds));
  const Book held = TRY(amounts_of(portfolio));
  Moment account{.place = action, .when = when, .seconds = 0, .amounts = held};
  const Number wanted = Number::from_decimal(TRY(decimal_at(action, "bid_pct_wanted", Bounds::share())));
  const Margins before = TRY(margins_of(setting, account, Losses::of_all_scenarios));
  const AuctionValues values = TRY(auction_values(story.auction, before, action, seconds, wanted));
  TRY_VOID(compare.dollars(expected, "PreMtM", before.equity));
  TRY_VOID(compare.dollars(expected, "PreMM", before.maintenance));
  TRY_VOID(compare.dollars(expected, "PreBM", values.at("buffer_excess")));
  if (!active) return {};  // the rest is of a contract that is no longer run
  compare_amounts(account.amounts, story.account.amounts, compare);
  TRY_VOID(compare_bid(expected, story.auction, values, compare));
  const Book nobody{.account = "bidder", .balances = {}, .positions = {}};
  const SaleBooks books = TRY(after_bid(story.auction, values, action, account.amounts, nobody));
  story.auction.accept(values, wanted);
  account.amounts = story.account.amounts = books.seller;
  const Margins after = TRY(margins_of(setting, account, Losses::of_all_scenarios));
  const AuctionValues left = TRY(auction_values(story.auction, after, action, seconds, {}));
  TRY_VOID(compare.dollars(expected, "PostMtM", after.equity));
  TRY_VOID(compare.dollars(expected, "PostMM", after.maintenance));
  TRY_VOID(compare.dollars(expected, "PostBM", left.at("buffer_excess")));
  return compare.share(expected, "PostFMax", left.at("largest_share"));
}

Result<void> check_test(const Setting& setting, Comparison& compare) {
  const Cursor suite = TRY(setting.vector.get("active_in_source_suite"));
  const bool active = TRY(suite.boolean());
  TRY_VOID(compare.begin(setting.vector));
  Story story = TRY(begin_test(setting, compare));
  for (const Cursor& action : TRY(list_at(setting.vector, "actions")))
    TRY_VOID(check_action(setting, action, active, story, compare));
  compare.end();
  return {};
}

constexpr std::string_view first_model = "Derive PMRM (v1) + Dutch auction",
                           second_model = "Derive PMRM_2 + Dutch auction, end to end";

}  // namespace

bool is_liquidation_vectors(std::string_view model) { return model == first_model || model == second_model; }

Result<void> check_liquidation_vectors(const Cursor& root, std::string_view model, const std::vector<Cursor>& vectors,
                                       Isa isa, Tally& tally) {
  const Cursor tolerance = TRY(root.get("tolerance"));
  const bool second = model == second_model;
  Comparison compare(tally, tolerance);
  for (const Cursor& vector : vectors) {
    const Setting setting{.vector = vector, .second = second, .isa = isa};
    TRY_VOID(second ? check_story(setting, compare) : check_test(setting, compare));
  }
  if (!vectors.empty()) compare.note();
  return {};
}

}  // namespace margrave
