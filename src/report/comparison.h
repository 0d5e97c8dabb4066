#pragma once

#include "report/margin_context.h"
#include "report/table.h"

namespace margrave {

/// One account under one of several recipes. The contexts' owners outlive it.
struct ComparedRecipe {
  std::string given;  ///< how the recipe was asked for: a file, or the name of a preset
  MarginContext context;
  AccountReport account;
};

/// One component of a level as the recipes have it, in one row.
struct ComparedComponent {
  std::vector<std::string> path;            ///< names from the level down
  std::vector<std::optional<Usd>> amounts;  ///< by recipe; nothing where it has no such component there
  std::vector<bool> counted;                ///< by recipe; false for what lost a maximum, and for what is below it
};

/// What the recipes ask of the account, in the order in which they were named; the first is what the others are
/// compared with.
struct Comparison {
  std::vector<ComparedRecipe> recipes;
  std::vector<ComparedComponent> initial, maintenance;  ///< the level itself first, then its parts, depth first
  /// By recipe, the first included: its contributions to initial margin less those of the first, per position and last
  /// the balances. They sum to the difference of the initial margins exactly.
  std::vector<std::vector<Usd>> differences;

  bool same_equity() const;
  /// Nobody below maintenance, and no number incomplete.
  bool all_well() const;
};

/// Parts of two recipes are one row where they have the same name below the same parent. A component that a recipe uses
/// twice has its parts the first time only.
/// Error: a difference of contributions leaves 128 bits.
Result<Comparison> compare(std::vector<ComparedRecipe> recipes);

std::string comparison_text(const Comparison& comparison, const Paint& paint);
/// schemas/comparison.schema.json
std::string comparison_json(const Comparison& comparison);

}  // namespace margrave
