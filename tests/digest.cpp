// Prints the digest of one risk array, made from a seed: the same line from every instruction set, compiler and number
// of threads. Usage: margrave_digest [--isa NAME] [--threads N]
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenario/revalue.h"
#include "scenario/sample_market.h"

int main(int argc, char** argv) {
  using namespace margrave;
  RevalueOptions options{.isa = best_isa(), .threads = 1};
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--isa") == 0) {
      const auto isa = parse_isa(argv[i + 1]);
      if (!isa || *isa > best_isa()) {
        std::fprintf(stderr, "this machine has no %s\n", argv[i + 1]);
        return 2;
      }
      options.isa = *isa;
    } else if (std::strcmp(argv[i], "--threads") == 0) {
      options.threads = static_cast<unsigned>(std::atoi(argv[i + 1]));
    }
  }
  const Market market = sample_market({.coins = 3, .expiries = 6, .strikes = 16}, 20260301);
  const std::vector<ScenarioSet> sets{sample_scenarios(market, 150, 1, false), sample_scenarios(market, 150, 2, true)};
  for (const RowWidth width : {RowWidth::narrow, RowWidth::wide}) {
    options.width = width;
    const auto revaluation = revalue(market, sets, options);
    if (!revaluation) {
      std::fprintf(stderr, "%s\n", to_string(revaluation.error()).c_str());
      return 1;
    }
    std::printf("%s%s", to_string(revaluation->array.digest()).c_str(), width == RowWidth::narrow ? " " : "\n");
  }
  return 0;
}
