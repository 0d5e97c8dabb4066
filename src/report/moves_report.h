#pragma once

#include <string>
#include <vector>

#include "chains/moves_study.h"
#include "report/table.h"

namespace margrave {

/// A recipe's requirement beside full revaluation of its own moves, over recorded chains.
struct MovesReport {
  std::vector<std::string> files;
  std::string recipe, recipe_version, recipe_digest, level;
  std::string books;  ///< as they were asked for
  double notional{0};
  MovesStudy study;
};

std::string moves_text(const MovesReport& report, const Paint& paint);
/// The whole of it as JSON text (schemas/backtest_moves.schema.json).
std::string moves_json(const MovesReport& report);

}  // namespace margrave
