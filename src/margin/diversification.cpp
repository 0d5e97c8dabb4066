#include "margin/diversification.h"

#include <algorithm>
#include <map>

#include "margin/group.h"

namespace margrave {
namespace {

/// total += part, or total -= part.
Result<void> increase(LevelAmounts& total, const LevelAmounts& part) {
  TRY_VOID(accumulate(total.initial, part.initial));
  return accumulate(total.maintenance, part.maintenance);
}
Result<void> decrease(LevelAmounts& total, const LevelAmounts& part) {
  return increase(total, {-part.initial, -part.maintenance});
}

LevelAmounts levels_of(const Recipe& recipe, const MarginReport& report) {
  return {report.initial(recipe), report.maintenance(recipe)};
}

/// The requirements of books, in their order; the first error of one.
Result<std::vector<LevelAmounts>> require(const MarginInputs& inputs, const std::vector<Book>& books,
                                          unsigned threads) {
  std::vector<LevelAmounts> amounts;
  for (const Result<MarginReport>& report : assess_all(inputs, books, threads)) {
    if (!report) return fail(report.error());
    amounts.push_back(levels_of(inputs.recipe, *report));
  }
  return amounts;
}

/// A part of a book: no balances, and no position yet.
Book part_of(const Book& book) {
  Book part;
  part.account = book.account;
  return part;
}

std::vector<Book> each_position(const Book& book) {
  std::vector<Book> parts;
  for (const Position& position : book.positions) {
    parts.push_back(part_of(book));
    parts.back().positions.push_back(position);
  }
  return parts;
}

/// The positions on each underlying that the book holds, in the registry's order.
std::vector<std::pair<UnderlyingId, Book>> each_underlying(const Registry& registry, const Book& book) {
  std::map<std::uint32_t, Book> parts;
  for (const Position& position : book.positions) {
    const UnderlyingId id = registry[position.instrument].underlying;
    parts.try_emplace(id.value, part_of(book)).first->second.positions.push_back(position);
  }
  std::vector<std::pair<UnderlyingId, Book>> list;
  for (auto& [id, part] : parts) list.emplace_back(UnderlyingId{id}, std::move(part));
  return list;
}

bool holds_balances(const Recipe& recipe) {
  return std::any_of(recipe.components.begin(), recipe.components.end(), [](const Component& component) {
    const auto* measure = std::get_if<ScenarioMeasure>(&component.rule);
    return measure != nullptr && measure->with_balances;
  });
}

/// One underlying's positions and what they need.
struct Alone {
  UnderlyingId id;
  Book book;
  LevelAmounts requirement;
};

Result<std::vector<Alone>> underlyings_alone(const MarginInputs& inputs, const Book& book, unsigned threads) {
  std::vector<Alone> list;
  std::vector<Book> books;
  for (auto& [id, part] : each_underlying(inputs.registry, book)) {
    books.push_back(part);
    list.push_back({id, std::move(part), {}});
  }
  const std::vector<LevelAmounts> amounts = TRY(require(inputs, books, threads));
  for (std::size_t i = 0; i < list.size(); ++i) list[i].requirement = amounts[i];
  std::stable_sort(list.begin(), list.end(),
                   [](const Alone& a, const Alone& b) { return a.requirement.initial > b.requirement.initial; });
  return list;
}

/// R(a) + R(b) - R(a and b) for every two of the first `count` underlyings.
Result<std::vector<PairCredit>> credit_pairs(const MarginInputs& inputs, const std::vector<Alone>& list,
                                             std::size_t count, unsigned threads) {
  std::vector<PairCredit> pairs;
  std::vector<Book> books;
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = a + 1; b < count; ++b) {
      pairs.push_back({a, b, list[a].requirement});
      TRY_VOID(increase(pairs.back().credit, list[b].requirement));
      books.push_back(list[a].book);
      const std::vector<Position>& more = list[b].book.positions;
      books.back().positions.insert(books.back().positions.end(), more.begin(), more.end());
    }
  }
  const std::vector<LevelAmounts> together = TRY(require(inputs, books, threads));
  for (std::size_t i = 0; i < pairs.size(); ++i) TRY_VOID(decrease(pairs[i].credit, together[i]));
  return pairs;
}

/// The sum over what stands alone.
Result<void> sum_parts(const MarginInputs& inputs, const Book& book, const std::vector<Alone>& underlyings,
                       unsigned threads, Diversification& out) {
  std::vector<LevelAmounts> parts;
  if (out.by_underlying) {
    for (const Alone& alone : underlyings) parts.push_back(alone.requirement);
  } else {
    parts = TRY(require(inputs, each_position(book), threads));
  }
  out.parts = parts.size();
  for (const LevelAmounts& part : parts) TRY_VOID(increase(out.parts_alone, part));
  return {};
}

Result<void> add_balances(const MarginInputs& inputs, const Book& book, Diversification& out) {
  if (book.balances.empty() || !holds_balances(inputs.recipe)) return {};
  Book balances = part_of(book);
  balances.balances = book.balances;
  out.balances_alone = levels_of(inputs.recipe, TRY(assess_brief(inputs, balances)));
  return {};
}

}  // namespace

Result<Diversification> diversification(const MarginInputs& inputs, const Book& book, const MarginReport& report,
                                        unsigned threads) {
  Diversification out;
  out.by_underlying = book.positions.size() > Diversification::most_positions;
  out.together = levels_of(inputs.recipe, report);
  const std::vector<Alone> list = TRY(underlyings_alone(inputs, book, threads));
  TRY_VOID(sum_parts(inputs, book, list, threads, out));
  TRY_VOID(add_balances(inputs, book, out));
  out.credit = out.parts_alone;
  if (out.balances_alone) TRY_VOID(increase(out.credit, *out.balances_alone));
  TRY_VOID(decrease(out.credit, out.together));
  const std::size_t listed = std::min(list.size(), Diversification::most_underlyings);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string& name = inputs.registry[list[i].id].name;
    if (i < listed)
      out.underlyings.push_back({name, list[i].requirement});
    else
      out.left_out.push_back(name);
  }
  if (!out.by_underlying) out.pairs = TRY(credit_pairs(inputs, list, listed, threads));
  return out;
}

}  // namespace margrave
