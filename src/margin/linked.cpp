#include "margin/linked.h"

#include <algorithm>

#include "margin/apportion.h"
#include "margin/fill.h"
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

/// The portfolio with lots of one instrument in one line: a rule that looks at a position sees the whole of it.
Result<Portfolio> netted(const Portfolio& all) {
  const Portfolio balances{.account = all.account, .lines = {}, .balances = all.balances};
  std::vector<Fill> fills;
  for (const Line& line : all.lines) fills.push_back({.order = 0, .line = line});
  return with_fills(balances, fills, std::vector<bool>(fills.size(), true));
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
    const Book together = joined(name, books, members);
    const Portfolio lines = TRY(make_portfolio(inputs.registry, inputs.index, inputs.array, together));
    const Portfolio positions = TRY(netted(lines));
    const MarginReport by_line = TRY(assess_portfolio(inputs, lines)), whole = TRY(assess_portfolio(inputs, positions));
    for (const Level& level : inputs.recipe.levels()) {
      const Usd asked = std::max(by_line.components[level.component].amount, whole.components[level.component].amount);
      TRY_VOID(raise(level.component, asked, members, reports));
    }
  }
  return {};
}

}  // namespace margrave
