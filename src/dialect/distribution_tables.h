#pragma once

#include "dialect/golden_numbers.h"

namespace margrave {

/// Value at risk and expected shortfall of Student's t, plain and of variance 1; nu of inf is the normal distribution,
/// which is left out. To 1e-8 and 2e-8 of the value: the published quantiles were solved to that.
bool is_tail_table(const CsvReader& csv);
Result<void> check_tail_table(CsvReader& csv, Tally& tally);

/// Tail dependence (1e-11), Kendall's tau (1e-11) and joint probabilities (1e-8, 2e-8) of the bivariate t.
bool is_bivariate_table(const CsvReader& csv);
Result<void> check_bivariate_table(CsvReader& csv, Tally& tally);

/// Kupiec's ratio, its asymptotic and its exact p-value, to the digits printed.
bool is_coverage_table(const CsvReader& csv);
Result<void> check_coverage_table(CsvReader& csv, Tally& tally);

}  // namespace margrave
