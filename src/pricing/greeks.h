#pragma once

#include <span>

#include "base/isa.h"
#include "pricing/black76.h"

namespace margrave {

/// Price and Greeks of one option with value D(T) Black(F, K, vol, T), D = exp(-rate T). The forward is held fixed
/// where time or the rate moves.
struct Greeks {
  double price;  ///< quote currency per unit of underlying
  double delta;  ///< dV/dF
  double gamma;  ///< d2V/dF2, per unit of quote
  double vega;   ///< dV/dvol, per 1.00 of vol
  double theta;  ///< dV/dt, per year: -dV/dT
  double rho;    ///< dV/drate, per 1.00 of rate: -T V
  double vanna;  ///< d delta/dvol, per 1.00 of vol
  double volga;  ///< d2V/dvol2, per 1.00 of vol squared
  double charm;  ///< d delta/dt, per year

  constexpr double vega_usd_per_point() const { return vega / 100; }  ///< per 0.01 of vol, as venues report it
  constexpr double theta_per_day() const { return theta / 365; }
};

/// Where the batch form writes: one array for each Greek, all of the same length.
struct GreekArrays {
  std::span<double> price, delta, gamma, vega, theta, rho, vanna, volga, charm;
};

/// Greeks of n options on one forward.
///
/// Shapes:  in.strikes[n], in.vols[n] -> out.*[n].
/// Units:   as in Greeks.
/// Edges:   without vol or time the price is the discounted intrinsic value, delta 0, D or -D (D/2 in size at the
/// money) and
///          gamma, vega, vanna and volga are 0.
/// Errors:  delta, gamma and vega relative 1e-12 where they exceed 1e-290; price as black76_calls.
/// Source:  derivatives of Black (1976), eq. (16); docs/methods/black76.md
void black76_call_greeks(Isa isa, const Black76Batch& in, double rate, const GreekArrays& out);
void black76_put_greeks(Isa isa, const Black76Batch& in, double rate, const GreekArrays& out);

/// One option; the same bits as the batch form.
Greeks black76_greeks(const Black76Option& option, double rate);

/// The same option settled in coin (inverse): its value in coin is Black/F, and these are derivatives of that value.
/// net_delta is the delta in coin of the position as venues of inverse options report it: dV/dF - V/F.
struct InverseGreeks {
  double price;  ///< coin per unit of underlying
  double delta;  ///< d price/dF, coin per unit of quote
  double gamma;  ///< d2 price/dF2
  double vega;   ///< coin per 1.00 of vol
  double theta;  ///< coin per year
  double rho;    ///< coin per 1.00 of rate
  double vanna;  ///< d delta/dvol
  double volga;  ///< coin per 1.00 of vol squared
  double charm;  ///< d delta/dt, per year
  double net_delta;
};

/// From the Greeks of the linear option at the same forward, > 0, by the quotient rule.
InverseGreeks inverse_greeks(const Greeks& linear, double forward);

}  // namespace margrave
