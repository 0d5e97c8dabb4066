#include "market/chain_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace margrave {
namespace {

/// What one kind of contradiction amounts to over an expiry.
struct Tally {
  int count{0};
  double worst{0};
  std::string where;

  void add(double excess, const std::string& name) {
    ++count;
    if (excess <= worst) return;
    worst = excess;
    where = name;
  }
};

struct StrikeMarks {
  const ChainQuote* call{nullptr};
  const ChainQuote* put{nullptr};
};
using MarksByStrike = std::map<double, StrikeMarks>;

MarksByStrike marks_of(const ExpirySlice& slice, Style style) {
  MarksByStrike marks;
  for (const ChainQuote* quote : slice.options) {
    const Instrument& terms = quote->instrument.terms;
    if (terms.style != style || !(quote->mark >= 0)) continue;
    StrikeMarks& at = marks[terms.strike.to_double()];
    (terms.is_call ? at.call : at.put) = quote;
  }
  return marks;
}

void check_style(const ExpirySlice& slice, Style style, double tolerance, Tally& parity, Tally& vertical,
                 Tally& butterfly) {
  // Undiscounted, in units of the forward: an inverse premium is that already.
  const double scale = style == Style::inverse ? 1 : std::exp(slice.rate * slice.years) / slice.forward;
  struct Call {
    double strike, price;
    const std::string* name;
  };
  std::vector<Call> calls;
  for (const auto& [strike, marks] : marks_of(slice, style)) {
    const double k = strike / slice.forward;
    if (marks.call && marks.put) {
      const double gap = std::abs(scale * (marks.call->mark - marks.put->mark) - (1 - k));
      // Forward and marks are taken at slightly different moments; a deep put moves with the strike over the forward.
      if (gap > tolerance * std::max(1.0, k)) parity.add(gap, marks.call->instrument.terms.name);
    }
    if (marks.call) calls.push_back({k, scale * marks.call->mark, &marks.call->instrument.terms.name});
  }
  for (std::size_t i = 1; i < calls.size(); ++i) {
    const double step = calls[i].strike - calls[i - 1].strike, fall = calls[i - 1].price - calls[i].price;
    const double excess = std::max(-fall, fall - step);
    if (excess > tolerance) vertical.add(excess, *calls[i].name);
  }
  for (std::size_t i = 1; i + 1 < calls.size(); ++i) {
    const Call &low = calls[i - 1], &mid = calls[i], &high = calls[i + 1];
    const double share = (mid.strike - low.strike) / (high.strike - low.strike);
    const double excess = mid.price - (low.price + share * (high.price - low.price));
    if (excess > tolerance) butterfly.add(excess, *mid.name);
  }
}

}  // namespace

std::vector<Finding> contradictions(const ExpirySlice& slice, double tolerance) {
  Tally parity, vertical, butterfly;
  for (const Style style : {Style::linear, Style::inverse})
    check_style(slice, style, tolerance, parity, vertical, butterfly);
  std::vector<Finding> findings;
  const auto report = [&](const Tally& tally, const char* what) {
    if (tally.count == 0) return;
    findings.push_back({.kind = Finding::Kind::arbitrage,
                        .subject = slice.subject,
                        .text = fmt::format("{} marks {}, the worst at {} by {:.2f} % of the forward", tally.count,
                                            what, tally.where, 100 * tally.worst)});
  };
  report(parity, "break put-call parity");
  report(vertical, "give a vertical spread a negative or too large value");
  report(butterfly, "give a butterfly a negative value");
  return findings;
}

bool has_nothing(const ChainQuote& quote) {
  const bool bid = quote.bid == quote.bid, ask = quote.ask == quote.ask, vol = quote.mark_vol == quote.mark_vol;
  return quote.instrument.terms.kind == Kind::option && !bid && !ask && !vol;
}

bool is_crossed(const ChainQuote& quote) { return quote.bid > quote.ask; }

bool is_stale(const ChainQuote& quote, Timestamp as_of, std::int64_t stale_seconds) {
  return quote.time.ns > 0 && seconds_between(quote.time, as_of) > stale_seconds;
}

void report_quote(const ChainQuote& quote, Timestamp as_of, std::int64_t stale_seconds,
                  std::vector<Finding>& findings) {
  const std::string& name = quote.instrument.terms.name;
  if (is_crossed(quote)) {
    findings.push_back({.kind = Finding::Kind::crossed,
                        .subject = name,
                        .text = fmt::format("its bid {} is above its ask {}; neither is used", quote.bid, quote.ask)});
  }
  if (is_stale(quote, as_of, stale_seconds)) {
    findings.push_back({.kind = Finding::Kind::stale,
                        .subject = name,
                        .text = fmt::format("its quote is {} seconds old; bid and ask are not used",
                                            seconds_between(quote.time, as_of))});
  }
  if (has_nothing(quote)) {
    findings.push_back({.kind = Finding::Kind::missing,
                        .subject = name,
                        .text = "it has no bid, no ask and no mark vol; its vol comes from the surface"});
  }
}

}  // namespace margrave
