#include "volatility/tail_index.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "math/elementary.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

/// Nodes z > 0 of the double exponential rule, z = e^(pi/2 sinh u), with ln A on both sides and the log of the weight
/// times density; the factor does not depend on kappa.
struct Node {
  double log_rise, log_fall, log_weight;
};

double log_density(double z, double nu) {
  constexpr double log_root_two_pi = 0.91893853320467274178;
  if (std::isinf(nu)) return -0.5 * z * z - log_root_two_pi;
  return log_unit_t_constant(nu) - 0.5 * (nu + 1) * stable_log(1 + z * z / (nu - 2));
}

std::vector<Node> nodes_of(const GarchParameters& p) {
  constexpr double half_pi = 1.5707963267948966192, step = 1.0 / 128;
  std::vector<Node> nodes;
  for (int i = -5 * 128; i <= 5 * 128; ++i) {
    const double u = i * step, up = stable_exp(u), down = 1 / up;
    const double log_z = half_pi * 0.5 * (up - down), z = stable_exp(log_z);
    const double weight = step * half_pi * 0.5 * (up + down);
    const double log_weight = stable_log(weight) + log_z + log_density(z, p.nu);
    if (!(log_weight > -1e4)) continue;
    nodes.push_back({.log_rise = stable_log(p.alpha * z * z + p.beta),
                     .log_fall = stable_log((p.alpha + p.leverage) * z * z + p.beta),
                     .log_weight = log_weight});
  }
  return nodes;
}

/// E[A^(kappa/2)] - 1.
double excess(const std::vector<Node>& nodes, double kappa) {
  double sum = 0;
  for (const Node& node : nodes) {
    sum += stable_exp(node.log_weight + 0.5 * kappa * node.log_rise);
    sum += stable_exp(node.log_weight + 0.5 * kappa * node.log_fall);
  }
  return sum - 1;
}

/// The positive root of a convex function that starts at 0 with a fall; bisection, as it may jump to infinity.
double positive_root(const std::vector<Node>& nodes, double low, double high) {
  for (int i = 0; i < 200 && high - low > 1e-13 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (excess(nodes, middle) < 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

Result<double> garch_tail_index(const GarchParameters& parameters) {
  TRY_VOID(check_parameters(parameters));
  constexpr double small = 1e-4, infinite = std::numeric_limits<double>::infinity();
  const bool constant = parameters.alpha == 0 && parameters.leverage == 0;
  if (constant && parameters.beta < 1) return infinite;
  const std::vector<Node> nodes = nodes_of(parameters);
  if (constant || !(excess(nodes, small) < 0)) {
    return fail({.message = "the variance has no stationary distribution", .remedy = "use a smaller alpha or beta"});
  }
  double high = 4;
  while (high < 4096 && high < parameters.nu && excess(nodes, high) < 0) high *= 2;
  if (high >= 4096) return infinite;
  return positive_root(nodes, small, std::min(high, parameters.nu));
}

}  // namespace margrave
