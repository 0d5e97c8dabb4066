#include "report/comparison.h"

#include <algorithm>

#include "margin/group.h"

namespace margrave {
namespace {

/// The trees of one level, laid over each other.
class Overlay {
 public:
  explicit Overlay(std::size_t recipes) : recipes_(recipes) {}

  /// Adds the tree of the next recipe.
  void add(const ComparedRecipe& compared, std::size_t number, std::size_t level, const std::string& name) {
    compared_ = &compared;
    number_ = number;
    shown_.assign(compared.context.recipe.components.size(), false);
    Node& root = child(top_, name);
    fill(root, level, true);
    if (compared.context.recipe.components[level].name == name)
      add_parts(root, level, true);
    else
      add(root, level, true);
  }

  std::vector<ComparedComponent> rows() const {
    std::vector<ComparedComponent> rows;
    for (const Node& node : top_.children) list(node, {}, rows);
    return rows;
  }

 private:
  struct Node {
    std::string name;
    std::vector<std::optional<Usd>> amounts;
    std::vector<bool> counted;
    std::vector<Node> children;
  };

  /// The child of that name which this recipe has not filled yet.
  Node& child(Node& parent, const std::string& name) {
    for (Node& node : parent.children) {
      if (node.name == name && !node.amounts[number_]) return node;
    }
    parent.children.push_back(
        {name, std::vector<std::optional<Usd>>(recipes_), std::vector<bool>(recipes_, false), {}});
    return parent.children.back();
  }

  void fill(Node& node, std::size_t at, bool counted) {
    node.amounts[number_] = compared_->account.report.components[at].amount;
    node.counted[number_] = counted;
  }

  void add(Node& parent, std::size_t at, bool counted) {
    Node& node = child(parent, compared_->context.recipe.components[at].name);
    fill(node, at, counted);
    add_parts(node, at, counted);
  }

  void add_parts(Node& node, std::size_t at, bool counted) {
    if (shown_[at]) return;  // else a recipe of sums of sums could ask for more rows than there is memory
    shown_[at] = true;
    const Rule& rule = compared_->context.recipe.components[at].rule;
    if (const auto* sum = std::get_if<Sum>(&rule)) {
      for (const std::size_t of : sum->of) add(node, of, counted);
    } else if (const auto* max = std::get_if<Max>(&rule)) {
      const std::size_t chosen = compared_->account.report.components[at].chosen;
      for (std::size_t i = 0; i < max->of.size(); ++i) add(node, max->of[i], counted && i == chosen);
    } else if (const auto* scale = std::get_if<Scale>(&rule)) {
      add(node, scale->of, counted);
    } else if (const auto* formula = std::get_if<Formula>(&rule)) {
      for (const std::size_t of : formula->of) {
        if (compared_->context.recipe.is_charge(compared_->context.recipe.components[of])) add(node, of, false);
      }
    }
  }

  static void list(const Node& node, std::vector<std::string> path, std::vector<ComparedComponent>& rows) {
    path.push_back(node.name);
    rows.push_back({path, node.amounts, node.counted});
    for (const Node& child : node.children) list(child, path, rows);
  }

  std::size_t recipes_, number_{0};
  const ComparedRecipe* compared_{nullptr};
  std::vector<bool> shown_;
  Node top_;
};

std::vector<ComparedComponent> align(const std::vector<ComparedRecipe>& recipes, const std::string& level,
                                     std::size_t Recipe::*component) {
  Overlay overlay(recipes.size());
  for (std::size_t r = 0; r < recipes.size(); ++r)
    overlay.add(recipes[r], r, recipes[r].context.recipe.*component, level);
  return overlay.rows();
}

const std::vector<Usd>& contributions(const ComparedRecipe& compared) {
  return compared.account.report.components[compared.context.recipe.initial].by_line;
}

Result<std::vector<Usd>> difference(const std::vector<Usd>& of, const std::vector<Usd>& from) {
  std::vector<Usd> parts = of;
  for (std::size_t i = 0; i < parts.size(); ++i) TRY_VOID(accumulate(parts[i], -from[i]));
  return parts;
}

}  // namespace

bool Comparison::same_equity() const {
  return std::all_of(recipes.begin(), recipes.end(), [&](const ComparedRecipe& compared) {
    return compared.account.report.equity == recipes.front().account.report.equity;
  });
}

bool Comparison::all_well() const {
  return std::all_of(recipes.begin(), recipes.end(), [](const ComparedRecipe& compared) {
    const MarginReport& report = compared.account.report;
    return report.complete() && report.equity >= report.maintenance(compared.context.recipe);
  });
}

Result<Comparison> compare(std::vector<ComparedRecipe> recipes) {
  CHECK(!recipes.empty());
  Comparison comparison;
  for (const ComparedRecipe& compared : recipes) {
    comparison.differences.push_back(TRY(difference(contributions(compared), contributions(recipes.front()))));
  }
  comparison.initial = align(recipes, "initial", &Recipe::initial);
  comparison.maintenance = align(recipes, "maintenance", &Recipe::maintenance);
  comparison.recipes = std::move(recipes);
  return comparison;
}

}  // namespace margrave
