#pragma once

#include <cstddef>

#include "study/breaches.h"

namespace margrave {

/// Numbers of neighbours: after_covered.breach counts a covered observation followed by a breach.
struct Transitions {
  struct Next {
    std::size_t covered{0}, breach{0};
  };
  Next after_covered{}, after_breach{};  ///< N00, N01 and N10, N11
};

/// The n - 1 transitions of a path; none for n <= 1.
Transitions transitions_of(const BreachPath& path);

/// Christoffersen's likelihood ratio of independence against a first-order chain, >= 0, with 0 ln 0 = 0:
/// 2 [sum N_ij ln(N_ij) - sum N_i. ln N_i. - sum N_.j ln N_.j + N ln N]. Empty cells are no obstacle; no transitions
/// give 0. Absolute error about 1e-11 at n = 5500. Source: Christoffersen (1998), International Economic Review 39(4),
/// eq. 2-4.
double independence_ratio(const Transitions& transitions);

/// P(at least as many breaches directly follow a breach | n, x): exact and free of any assumption about the rate.
/// With x breaches in r runs x - r follow a breach, and P(r runs) = C(x-1, r-1) C(n-x+1, r) / C(n, x).
/// Edges:  x <= 1 gives 1, and so does x == n.
/// Errors: more breaches than observations; runs that x breaches in n observations cannot form.
/// Source: Stevens (1939), Annals of Eugenics 9; measurement rule M5. docs/methods/coverage_tests.md
Result<double> runs_test(const BreachPath& path);

/// Errors: as runs_test.
Result<void> check_path(const BreachPath& path);

}  // namespace margrave
