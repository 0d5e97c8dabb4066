#pragma once

#include <string>

#include "base/result.h"
#include "haircut/exit_cost.h"
#include "haircut/soft_cap.h"

namespace margrave {

/// The parts of what does not count of one more dollar of an asset, each in [0, 1]. Of the first three the largest
/// counts; the others are added.
struct HaircutParts {
  double volatility{0};     ///< expected fall over 24 hours in the worst 1 %, at today's volatility
  double exit{0};           ///< cost of selling
  double drawdown{0};       ///< what the price has already done within half a year
  double wrong_way{0};      ///< the account's positions fall with it
  double concentration{0};  ///< share of what the venue takes of it
  double depeg{0};          ///< below what it promises to be worth, or not to be trusted
  double custody{0}, chain{0}, bridge{0}, issuer{0};

  double base() const;  ///< the largest of the first three
  double all() const;   ///< of all, not above 1
};

/// The parts in the order in which reports show them.
struct HaircutPartName {
  const char* name;
  double HaircutParts::*part;
};
inline constexpr HaircutPartName haircut_part_names[] = {{"volatility", &HaircutParts::volatility},
                                                         {"exit", &HaircutParts::exit},
                                                         {"drawdown", &HaircutParts::drawdown},
                                                         {"wrong_way", &HaircutParts::wrong_way},
                                                         {"concentration", &HaircutParts::concentration},
                                                         {"depeg", &HaircutParts::depeg},
                                                         {"custody", &HaircutParts::custody},
                                                         {"chain", &HaircutParts::chain},
                                                         {"bridge", &HaircutParts::bridge},
                                                         {"issuer", &HaircutParts::issuer}};
inline constexpr std::size_t base_parts = 3;  ///< the first so many, of which the largest counts

/// A part that is judged by people, not measured: who holds it, on what chain, over what bridge, whose promise it is.
struct GivenPart {
  std::string name;          ///< of the custodian, chain, bridge or issuer; empty where there is none
  double rate{0};            ///< in [0, 1], of every dollar
  std::string source, date;  ///< who says so, and when
  SoftCap cap{};             ///< of all that hangs on the same name
};

/// What the parts are made of at one moment.
struct HaircutInputs {
  double volatility{0}, drawdown{0};
  ExitCost exit;
  double sold_first_usd{0};  ///< of linked accounts, sold in the same market before the amount asked about
  double wrong_way{0};
  SoftCap concentration{};
  double depeg{0};
  GivenPart custody, chain, bridge, issuer;

  /// Errors: a rate outside [0, 1], a cap that is none, what ExitCost::check() says.
  Result<void> check() const;
};

/// The parts of the next dollar after x >= 0 dollars. None falls with x.
HaircutParts marginal_parts(const HaircutInputs& inputs, double x_usd);

}  // namespace margrave
