#pragma once

#include <string>
#include <vector>

#include "report/table.h"
#include "study/factor_path.h"

namespace margrave {

/// The bounded factor of one asset, its last steps.
struct FactorLine {
  std::string asset;
  std::vector<FactorStep> steps;  ///< ascending, at least one
};

/// The bounded factors of a folder of bars.
struct FactorReport {
  std::vector<std::string> folders;
  std::int64_t at_ms{0}, step_ms{0}, notice_ms{0};
  std::vector<FactorLine> lines;  ///< by asset
  std::vector<std::string> none;  ///< assets of too short a history, or without a bar that ends in the last step
};

/// The larger factors of all assets: what a recipe of whole accounts asks with. 1 without any.
FactorStep largest_factor(const FactorReport& report);

/// A factor as it is published: to six decimals, rounded up.
std::string published_factor(double factor);

/// Each asset's factor now, and what is announced.
std::string factor_text(const FactorReport& report, const Paint& paint);
/// The whole of it as JSON text (schemas/factor.schema.json).
std::string factor_json(const FactorReport& report);
/// A recipe (YAML) that extends `base` with the largest factors as its parameters `factor` and `maintenance_factor`.
std::string factor_recipe(const FactorReport& report, const std::string& base);

}  // namespace margrave
