#include "chains/moves_at.h"

#include "chains/margins_at.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

/// The books that the market has contracts for, and their rules.
struct Placed {
  std::vector<Book> books;
  std::vector<const OptionBookRule*> rules;
};

void remember(MovesAtChain& found, const Error& error) {
  ++found.failed;
  if (found.first_error.empty()) found.first_error = to_string(error);
}

}  // namespace

Result<MovesAtChain> moves_at(const Chain& chain, const ChainBooks& books, const OwnMoves& moves) {
  const ChainMarket built = TRY(build_market(chain));
  const Market& market = built.market;
  std::vector<ScenarioSet> sets;
  for (const ScenarioSpec& spec : books.scenarios) sets.push_back(TRY(make_scenarios(spec, market, {})));
  MovesAtChain found;
  Placed placed;
  const auto candidates = place_option_books(books.rules, market, books.notional);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i]) {
      ++found.unplaced;
      continue;
    }
    placed.books.push_back(*candidates[i]);
    placed.rules.push_back(&books.rules[i]);
  }
  const auto reports = TRY(margins_at(market, sets, books.recipe, placed.books, books.isa));
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Book& book = placed.books[i];
    const Result<double> loss = worst_of_own_moves(market, book, moves);
    if (!reports[i] || !loss) {
      remember(found, reports[i] ? loss.error() : reports[i].error());
      continue;
    }
    const Usd margin = books.maintenance ? reports[i]->maintenance(books.recipe) : reports[i]->initial(books.recipe);
    found.cases.push_back({.kind = placed.rules[i]->kind(),
                           .book = book.account,
                           .at_ms = chain.time.ns / 1'000'000,
                           .requirement = static_cast<double>(margin.raw) / 1e9,
                           .loss = *loss,
                           .gross = gross_of(market, book)});
  }
  return found;
}

}  // namespace margrave
