#include "margin/linked.h"

#include <algorithm>

#include "margin/apportion.h"
#include "margin/group.h"

namespace margrave {
namespace {

/// All of the books as one account.
Book joined(const std::string& name, const std::vector<Book>& books, const std::vector<std::size_t>& members) {
  Book all{.account = name, .balances = {}, .positions = {}};
  std::map<AssetId, i128> units;
  for (const std::size_t member : members) {
    const Book& book = books[member];
    all.positions.insert(all.positions.end(), book.positions.begin(), book.positions.end());
    for (const Balance& balance : book.balances) units[balance.asset] += balance.units;
  }
  for (const auto& [asset, amount] : units) all.balances.push_back({asset, amount});
  return all;
}

/// Adds what the accounts as one are asked for beyond their sum.
Result<void> raise(std::size_t level, Usd together, const std::vector<std::size_t>& members,
                   const std::vector<MarginReport*>& reports) {
  Usd missing = together;
  std::vector<i128> own;
  for (const std::size_t member : members) {
    own.push_back(reports[member]->components[level].amount.raw);
    TRY_VOID(accumulate(missing, Usd{-own.back()}));
  }
  if (missing.raw <= 0) return {};
  const std::vector<i128> shares = TRY(share_in_proportion(own, missing.raw));
  for (std::size_t i = 0; i < members.size(); ++i) reports[members[i]]->linked[level] = Usd{shares[i]};
  return {};
}

}  // namespace

Result<void> raise_linked(const MarginInputs& inputs, const std::vector<Book>& books,
                          const std::vector<MarginReport*>& reports) {
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < books.size(); ++i) {
    if (!books[i].linked.empty() && reports[i] != nullptr) groups[books[i].linked].push_back(i);
  }
  for (const auto& [name, members] : groups) {
    if (members.size() < 2) continue;
    const MarginReport whole = TRY(assess_brief(inputs, joined(name, books, members)));
    for (const Level& level : inputs.recipe.levels()) {
      TRY_VOID(raise(level.component, whole.components[level.component].amount, members, reports));
    }
  }
  return {};
}

}  // namespace margrave
