#include "dialect/auction_vectors.h"

#include <algorithm>
#include <cmath>

#include "base/embedded.h"
#include "dialect/account_vector.h"
#include "document/merge.h"
#include "document/read.h"

namespace margrave {
namespace {

using Values = AuctionValues;

Number minus(const Number& a, const Number& b) {
  Number out;
  CHECK(Number::subtract(a, b, out));  // amounts of a document have at most 37 digits
  return out;
}

Number plus(const Number& a, const Number& b) { return minus(a, -b); }

/// |computed - expected| against the file's relative tolerance.
void compare(Tally& tally, std::string_view what, double expected, const Number& computed, double relative) {
  const double value = computed.to_double();
  tally.check(what, expected, value, relative * std::max({1.0, std::fabs(expected), std::fabs(value)}));
}

Result<bool> flag_at(const Cursor& map, std::string_view key) {
  const Cursor at = TRY(map.get(key));
  return at.boolean();
}

/// What one bid is expected to come to; the auction goes on from there.
class Step {
 public:
  Step(Auction& auction, const Cursor& step, double relative, Tally& tally)
      : auction_(auction), step_(step), relative_(relative), tally_(tally) {}

  Result<void> run() {
    const Cursor expected = TRY(step_.get("expected"));
    if (expected.find("auction_ended")) {
      tally_.check("ended", 1, auction_.live ? 0 : 1, 0);
      return {};
    }
    const Number excess = TRY(number_at(step_, "mm")), equity = TRY(number_at(step_, "mtm"));
    const Number seconds = TRY(number_at(step_, "t")), wanted = TRY(number_at(step_, "bid_pct"));
    const Values values = TRY(unwind_values(auction_.rule, auction_.state(equity, excess, seconds, wanted)));
    TRY_VOID(compare_read(expected, values));
    if (wanted.is_zero()) return {};
    return compare_bid(expected, values, wanted);
  }

 private:
  Result<void> check(const Cursor& expected, std::string_view key, const Number& computed) {
    if (!expected.find(key)) return {};
    compare(tally_, key, TRY(real_at(expected, key)), computed, relative_);
    return {};
  }

  Result<void> compare_read(const Cursor& expected, const Values& values) {
    TRY_VOID(check(expected, "discount", values.at("discount")));
    TRY_VOID(check(expected, "bidPrice", values.at("price")));
    if (!auction_.insolvent) TRY_VOID(check(expected, "maxProportion", values.at("largest_share")));
    TRY_VOID(check(expected, "bm", values.at("buffer_excess")));
    TRY_VOID(check(expected, "reservedCash", auction_.reserved));
    tally_.check("insolvent", TRY(flag_at(expected, "insolvent")), auction_.insolvent, 0);
    return {};
  }

  Result<void> compare_bid(const Cursor& expected, const Values& values, const Number& wanted) {
    const bool refused = !values.at("refused").is_zero();
    if (const auto reverts = expected.find("bidReverts")) {
      tally_.check("refused", TRY(reverts->boolean()), refused, 0);
    } else {
      tally_.check("refused", 0, refused, 0);
    }
    if (refused) return {};
    const Number& share = values.at("share");
    const Number& payment = values.at("payment");
    TRY_VOID(check(expected, "finalPct", share));
    TRY_VOID(check(expected, "cashFromBidder", auction_.insolvent ? Number{} : payment));
    TRY_VOID(check(expected, "cashToBidder", auction_.insolvent ? -payment : Number{}));
    auction_.accept(values, wanted);
    tally_.check("live after", TRY(flag_at(expected, "live_after")), auction_.live, 0);
    return {};
  }

  Auction& auction_;
  const Cursor& step_;
  double relative_;
  Tally& tally_;
};

/// Appends "name: {value: text}" of a parameter that the vector gives.
Result<void> put(const Cursor& params, std::string_view key, std::string_view name, std::string& patch) {
  const auto at = params.find(key);
  if (!at) return {};
  const Decimal value = TRY(at->decimal(Cursor::BareNumber::allowed));
  patch += "  " + std::string(name) + ": {value: '" + value.to_string() + "'}\n";
  return {};
}

Result<void> check_vector(const Cursor& vector, double relative, Tally& tally) {
  const Cursor id = TRY(vector.get("id")), start = TRY(vector.get("start")), params = TRY(vector.get("params"));
  tally.begin(std::string(TRY(id.text())));
  const Number equity = TRY(number_at(start, "mtm")), excess = TRY(number_at(start, "mm"));
  Auction auction = TRY(auction_of(params, equity));
  const Values at_start = TRY(unwind_values(auction.rule, auction.state(equity, excess, {}, {})));
  compare(tally, "fee", TRY(real_at(vector, "expected_fee")), at_start.at("fee"), relative);
  const Cursor steps = TRY(vector.get("steps"));
  for (const Cursor& step : TRY(steps.list())) TRY_VOID(Step(auction, step, relative, tally).run());
  tally.end();
  return {};
}

}  // namespace

Result<Number> number_at(const Cursor& map, std::string_view key) {
  const Cursor at = TRY(map.get(key));
  return Number::from_decimal(TRY(at.decimal(Cursor::BareNumber::allowed)));
}

UnwindState Auction::state(const Number& equity, const Number& excess, const Number& seconds,
                           const Number& wanted) const {
  return {equity, minus(equity, excess), seconds, reserved, wanted, Number(insolvent ? 1 : 0)};
}

void Auction::accept(const AuctionValues& values, const Number& wanted) {
  if (insolvent) {
    live = values.at("share") < Number(1);
    return;
  }
  reserved = plus(reserved, values.at("payment"));
  live = wanted < values.at("largest_share");
}

Result<Auction> auction_of(const Cursor& params, const Number& equity) {
  std::string patch = "parameters:\n";
  for (const auto& [key, name] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"starting_mtm_pct", "start"},
                                                                            {"fast_cutoff_pct", "cutoff"},
                                                                            {"fast_seconds", "fast_seconds"},
                                                                            {"slow_seconds", "slow_seconds"},
                                                                            {"insolvent_seconds", "insolvent_seconds"},
                                                                            {"fee_rate", "fee_rate"},
                                                                            {"buffer_pct", "buffer"}}) {
    TRY_VOID(put(params, key, name, patch));
  }
  const std::string_view text = *embedded_file("unwind/derive-auction.yaml");
  const Document rule = TRY(parse_document(text, "unwind/derive-auction.yaml"));
  const Document overlay = TRY(parse_document(patch, params.document().file));
  const Document merged = TRY(merge(rule, overlay));
  Result<Unwind> unwind = read_unwind(merged);
  if (!unwind) return fail(params.located(std::move(unwind).error()));
  Auction auction;
  auction.rule = *std::move(unwind);
  auction.insolvent = equity.sign() < 0;
  return auction;
}

bool is_auction_vectors(std::string_view model) {
  return model.ends_with("Dutch auction") && !model.starts_with("Derive PMRM");
}

Result<void> check_auction_vectors(const Cursor& root, const std::vector<Cursor>& vectors, Tally& tally) {
  const Cursor tolerance = TRY(root.get("tolerance"));
  const double relative = TRY(real_at(tolerance, "rel"));
  for (const Cursor& vector : vectors) TRY_VOID(check_vector(vector, relative, tally));
  return {};
}

}  // namespace margrave
