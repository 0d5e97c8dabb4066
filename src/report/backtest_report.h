#pragma once

#include "report/table.h"
#include "study/linear_study.h"

namespace margrave {

/// A walk over recorded bars, judged.
struct Backtest {
  std::vector<std::string> folders;
  std::int64_t step_ms{0};
  std::size_t assets{0};               ///< with bars
  std::vector<std::string> too_short;  ///< assets without enough windows of their own
  StudySpan span;
  std::size_t windows{0};  ///< tested, over all series
  std::vector<ModelJudgement> models;
};

/// Coverage, cost, tail and rises by model; with `assets` a line for every series too.
std::string backtest_text(const Backtest& backtest, bool assets, const Paint& paint);
/// The whole of it as JSON text (schemas/backtest.schema.json).
std::string backtest_json(const Backtest& backtest);

}  // namespace margrave
