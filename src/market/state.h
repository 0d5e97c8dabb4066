#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/fields.h"
#include "base/timestamp.h"
#include "depth/depth_curve.h"
#include "pricing/svi_slice.h"
#include "product/registry.h"

namespace margrave {

inline constexpr double absent = std::numeric_limits<double>::quiet_NaN();  ///< a number the market does not give

/// Where an option's vol comes from. Venues margin on their mark vol, so mark is the default; each falls back on the
/// other where it has nothing.
enum class VolSource : std::uint8_t { mark, surface };

/// One expiry of one underlying. Years and seconds are counted from the state's as_of, ACT/365.
struct ExpiryState {
  Timestamp expiry{};
  double forward{absent};           ///< USD per coin, > 0
  double rate{0};                   ///< continuous, per year; discounts linear options
  std::optional<SviSlice> smile{};  ///< total variance at this expiry
  double fit_error{absent};         ///< RMS of the fit on quoted out-of-the-money vols, in vol (0.01 = one point)
  bool last_resort{false};          ///< the smile is a flat or borrowed one because the fit failed
  double fixed{0};                  ///< USD, 0..forward: what a settlement average has fixed; only the rest moves
  double confidence{1};             ///< 0..1: the lowest of its forward, rate and surface
};

struct UnderlyingState {
  double index{absent};               ///< USD per coin, > 0
  std::vector<ExpiryState> expiries;  ///< ascending
  double confidence{1};               ///< of the index, 0..1
};

/// What is known of the book of one instrument; absent where nothing is.
struct DepthSlot {
  double bid{absent}, bid_size{absent}, ask{absent}, ask_size{absent};  ///< in the instrument's price and size units
  DepthCurve curve{};  ///< contracts that rest within distances from the mid; empty where it is not known
};

struct InstrumentState {
  double mark{absent};           ///< mark price in the instrument's price unit
  double vol{absent};            ///< options: mark vol, annualised, 0.65 = 65 %
  double funding_rate{0};        ///< perpetuals: expected fraction of notional paid by longs per 8 hours
  double open_interest{absent};  ///< contracts
  double volume{absent};         ///< contracts traded in the last day
  DepthSlot depth{};
  double confidence{1};  ///< of the mark or vol, 0..1
};

/// Something about the market that a reader of any number made from it must know.
struct Finding {
  enum class Kind : std::uint8_t { missing, stale, crossed, arbitrage, last_resort, assumed };
  Kind kind{Kind::missing};
  std::string subject;  ///< instrument, expiry or asset
  std::string text;     ///< one sentence
};
std::string_view to_string(Finding::Kind kind);

/// All that is known of the market at one instant: immutable once built, versioned, and the only input of revaluation.
/// Doubles are kept as IEEE bits: this is what is journaled, hashed and replayed, not the quotes it came from.
/// A confidence says how far a price is trusted: 1 fully, 0 not at all.
struct MarketState {
  std::uint64_t version{0};
  Timestamp as_of{};
  VolSource prefer{VolSource::mark};
  double peg{1};                             ///< USD per unit of the dollar token in which numbers are quoted, > 0
  std::vector<double> asset_usd;             ///< by AssetId: USD per unit
  std::vector<double> asset_confidence{};    ///< by AssetId, 0..1; where it is shorter 1. Read it by confidence_of()
  std::vector<UnderlyingState> underlyings;  ///< by UnderlyingId
  std::vector<InstrumentState> instruments;  ///< by InstrumentId
  std::vector<Finding> findings;
};

struct Market {
  Registry registry;
  MarketState state;
};

/// How far an asset's price is trusted, 0..1.
double confidence_of(const MarketState& state, AssetId asset);

/// Digest of everything in the state but the findings, and of what is listed: equal digests mean equal arrays. Volumes
/// and depth curves count where there are any.
Digest digest_of(const Market& market);

/// The expiry of an instrument in its underlying's state, or nullptr when the market does not have it.
const ExpiryState* expiry_of(const Market& market, const Instrument& instrument);

}  // namespace margrave
