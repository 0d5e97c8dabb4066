#pragma once

namespace margrave::bench {

struct WorstError {
  double relative;  ///< of prices above 1e-7 of the forward
  double absolute;  ///< of the forward, all prices
};

/// Worst error of the batch kernel against 34 digits, by random points and local search in each octave of total vol.
WorstError search_worst_error();

/// Share of results (prices, rows, implied vols of hostile inputs) with the same bits from every instruction set.
double equal_share();

}  // namespace margrave::bench
