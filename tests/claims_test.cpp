#include <cstdio>

#include "base/embedded.h"
#include "document/file.h"
#include "document/read.h"
#include "example_venue.h"
#include "margin/book_reader.h"
#include "margin/linked.h"
#include "market/market_reader.h"

// What every preset claims of all books holds on random ones, and what it does not claim fails on a book of its own:
// docs/methods/recipes.md#claims, cases/claims/. New presets are found by themselves.

namespace margrave {
namespace {

const std::string root = MARGRAVE_SOURCE_DIR "/";
constexpr std::uint64_t books_per_claim = 1000;
constexpr Claim all_claims[] = {Claim::collateral_helps, Claim::homogeneous, Claim::subadditive};

/// Books that a claim compares: before and after more collateral; once and twice; the whole and its two parts.
struct Trial {
  Claim claim{};
  std::vector<Book> books;
};

bool is_claimed(const Recipe& recipe, Claim claim) {
  return std::find(recipe.claims.begin(), recipe.claims.end(), claim) != recipe.claims.end();
}

void add_balance(Book& book, AssetId asset, i128 units) {
  for (Balance& balance : book.balances) {
    if (balance.asset == asset) {
      balance.units += units;
      return;
    }
  }
  book.balances.push_back({asset, units});
  std::sort(book.balances.begin(), book.balances.end(),
            [](const Balance& a, const Balance& b) { return a.asset < b.asset; });
}

/// From one smallest unit to 10^13 of them, every power of ten as likely.
i128 any_amount(Dice& dice) {
  i128 amount = dice.between(1, 9);
  for (std::int64_t n = dice.between(0, 12); n > 0; --n) amount = amount * 10 + dice.between(0, 9);
  return amount;
}

/// Up to 30 positions, a third of the time options alone, half of the time few.
Book any_book(Dice& dice) {
  Book book = dice.book(dice.between(0, 2) == 0);
  const auto most = static_cast<std::size_t>(dice.between(1, 12));
  if (dice.between(0, 1) == 0 && book.positions.size() > most) book.positions.resize(most);
  return book;
}

Book doubled(Book book) {
  for (Position& position : book.positions) position.lots.raw *= 2;
  for (Balance& balance : book.balances) balance.units *= 2;
  return book;
}

/// How many of a position's lots go left: none, all, some, or more than there are of the other side.
std::int64_t lots_to_the_left(Dice& dice, std::int64_t lots) {
  const std::int64_t kind = dice.between(0, 3);
  if (kind == 0) return 0;
  if (kind == 1) return lots;
  const std::int64_t some = dice.between(std::min<std::int64_t>(0, lots), std::max<std::int64_t>(0, lots));
  return kind == 2 ? some : -2 * some;
}

/// Two books that together hold what the whole does, with shorts against longs and debts against balances too.
std::pair<Book, Book> split(const Book& whole, Dice& dice) {
  Book left{"left", {}, {}}, right{"right", {}, {}};
  const auto put = [](Book& book, Position position, std::int64_t lots) {
    position.lots.raw = lots;
    if (lots != 0) book.positions.push_back(position);
  };
  for (const Position& position : whole.positions) {
    const std::int64_t part = lots_to_the_left(dice, position.lots.raw);
    put(left, position, part);
    put(right, position, position.lots.raw - part);
  }
  for (const Balance& balance : whole.balances) {
    const i128 part = dice.between(-1'000'000'000, 1'000'000'000);
    left.balances.push_back({balance.asset, part});
    right.balances.push_back({balance.asset, balance.units - part});
  }
  return {left, right};
}

Trial any_trial(Claim claim, std::uint64_t seed) {
  Dice dice(seed);
  const Book book = any_book(dice);
  if (claim == Claim::homogeneous) return {claim, {book, doubled(book)}};
  if (claim == Claim::subadditive) {
    const auto [left, right] = split(book, dice);
    return {claim, {book, left, right}};
  }
  Book richer = book;
  add_balance(richer, AssetId{static_cast<std::uint32_t>(dice.between(0, 3))}, any_amount(dice));
  return {claim, {book, richer}};
}

/// What the claim is about, by book: equity less the level for collateral, else the level.
std::vector<Usd> amounts_of(const std::vector<MarginReport>& reports, Claim claim, std::size_t level) {
  std::vector<Usd> amounts;
  for (const MarginReport& report : reports) {
    const Usd asked = report.requirement(level);
    amounts.push_back(claim == Claim::collateral_helps ? report.equity - asked : asked);
  }
  return amounts;
}

std::vector<MarginReport> assess_each(const MarginInputs& inputs, const std::vector<Book>& books) {
  std::vector<MarginReport> reports;
  for (const Book& book : books) {
    auto report = assess_brief(inputs, book);
    EXPECT_TRUE(report) << to_string(report.error());
    if (report) reports.push_back(*std::move(report));
  }
  return reports;
}

/// By how much the claim fails; 0 or less where it holds.
i128 broken_by(Claim claim, const std::vector<Usd>& amounts) {
  const i128 first = amounts[0].raw, second = amounts[1].raw;
  if (claim == Claim::collateral_helps) return first - second;
  if (claim == Claim::homogeneous) return abs128(2 * first - second);
  return first - second - amounts[2].raw;
}

/// In 10^-9 USD: two millionths of a dollar a line, to which some venues round; and 0.004 USD for each forward whose
/// lots change, since its cost leg is rounded to its asset's unit (10^-8 coin).
i128 rounding_of(const Registry& registry, const Trial& trial) {
  i128 forwards = 0, lines = 32;
  for (const Book& book : trial.books) {
    lines += static_cast<i128>(book.positions.size() + book.balances.size());
    forwards += std::count_if(book.positions.begin(), book.positions.end(),
                              [&](const Position& p) { return registry[p.instrument].is_forward(); });
  }
  return lines * 2000 + (trial.claim == Claim::collateral_helps ? 0 : forwards * 2'000'000);
}

std::string name_of(const testing::TestParamInfo<std::string>& preset) {
  std::string name = preset.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class Claims : public testing::TestWithParam<std::string> {
 protected:
  const MarginInputs& inputs() const { return ExampleVenue::get().under(GetParam()).inputs; }
  const Recipe& recipe() const { return inputs().recipe; }

  void expect_holds(Claim claim, std::uint64_t seed) const {
    const Trial trial = any_trial(claim, seed);
    const std::vector<MarginReport> reports = assess_each(inputs(), trial.books);
    ASSERT_EQ(reports.size(), trial.books.size());
    for (const Level& level : recipe().levels()) {
      EXPECT_LE(broken_by(claim, amounts_of(reports, claim, level.component)), rounding_of(inputs().registry, trial))
          << to_string(claim) << ", " << level.name << ", seed " << seed;
    }
  }
};

TEST_P(Claims, HoldOnRandomBooks) {
  for (const Claim claim : recipe().claims) {
    for (std::uint64_t seed = 1; seed <= books_per_claim && !HasFailure(); ++seed) expect_holds(claim, seed);
  }
}

TEST_P(Claims, ContributionsSumExactlyToEveryCharge) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Dice dice(seed);
    const auto report = assess(inputs(), any_book(dice));
    ASSERT_TRUE(report) << to_string(report.error());
    for (std::size_t c = 0; c < report->components.size(); ++c) {
      if (!recipe().is_charge(recipe().components[c])) continue;
      Usd sum;
      for (const Usd part : report->components[c].by_line) sum += part;
      EXPECT_EQ(sum, report->components[c].amount) << recipe().components[c].name << ", seed " << seed;
    }
  }
}

// Also where size makes a charge grow faster than the position.
TEST_P(Claims, SplittingABookOverLinkedAccountsNeverLowersTheSum) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Trial trial = any_trial(Claim::subadditive, seed);
    trial.books[1].linked = trial.books[2].linked = "one owner";
    std::vector<MarginReport> reports = assess_each(inputs(), trial.books);
    ASSERT_EQ(reports.size(), 3u);
    ASSERT_TRUE(raise_linked(inputs(), {trial.books[1], trial.books[2]}, {&reports[1], &reports[2]}));
    for (const Level& level : recipe().levels()) {
      const std::vector<Usd> amounts = amounts_of(reports, Claim::subadditive, level.component);
      EXPECT_LE(broken_by(Claim::subadditive, amounts), rounding_of(inputs().registry, trial))
          << level.name << ", seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, Claims, testing::ValuesIn(embedded_names("recipes/", ".yaml")), name_of);

std::string text_of(const Cursor& map, std::string_view key) { return std::string(*map.get(key)->text()); }

/// A book on which a recipe breaks a claim that it does not make, from cases/claims/CLAIM.yaml under the recipe's name.
/// Keys: `level`; `market` (a market of its own; otherwise the example's); `book`; `more` {asset: balance added} or
/// `parts` (two books); `amounts`, what the claim compares, to a cent; `says`, the line of the documentation.
class Counterexample {
 public:
  Counterexample(const Document& file, const Cursor& at, std::string recipe, Claim claim)
      : file_(file), at_(at), recipe_(std::move(recipe)), claim_(claim) {}

  void check() {
    ASSERT_NO_FATAL_FAILURE(load());
    const Trial trial = read();
    const std::vector<MarginReport> reports = assess_each(made_->inputs, trial.books);
    ASSERT_EQ(reports.size(), trial.books.size());
    const auto levels = made_->inputs.recipe.levels();
    const auto level =
        std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.name == text_of(at_, "level"); });
    ASSERT_NE(level, levels.end());
    const std::vector<Usd> amounts = amounts_of(reports, claim_, level->component);
    EXPECT_GT(broken_by(claim_, amounts), rounding_of(market_.registry, trial));
    compare(amounts);
  }

 private:
  Document part(const Cursor& of) const { return {file_.file, file_.format, ErrorKind::input, of.node()}; }

  void load() {
    const auto own = at_.find("market");
    auto market = own ? read_market(part(*own), {}) : Result<Market>(ExampleVenue::get().market());
    ASSERT_TRUE(market) << to_string(market.error());
    market_ = *std::move(market);
    const auto bars = load_bars({root + "examples/bars"});
    LoadedRecipe loaded = *load_recipe(recipe_);
    const std::optional<AssetId> numeraire = ExampleVenue::numeraire_of(loaded.recipe, market_.registry);
    auto revalued = revalue_recipe(std::move(loaded), market_, *bars, CommonOptions{}, numeraire);
    ASSERT_TRUE(revalued) << to_string(revalued.error());
    made_ = std::make_unique<ExampleVenue::Made>(market_, std::move(**revalued));
  }

  Book book(const Cursor& of) const {
    const auto books = read_books(part(of), market_.registry);
    EXPECT_TRUE(books) << to_string(books.error());
    return books->front();
  }

  Trial read() const {
    const Book whole = book(*at_.get("book"));
    if (claim_ == Claim::homogeneous) return {claim_, {whole, doubled(whole)}};
    Trial trial{claim_, {whole}};
    if (claim_ == Claim::subadditive) {
      const std::vector<Cursor> parts = *at_.get("parts")->list();
      for (const Cursor& of : parts) trial.books.push_back(book(of));
      return trial;
    }
    trial.books.push_back(whole);
    const auto added = *at_.get("more")->entries();
    for (const auto& [name, amount] : added) {
      const AssetId asset = *market_.registry.asset(name);
      const int decimals = market_.registry[asset].decimals;
      add_balance(trial.books[1], asset, *Decimal::parse(std::string(*amount.text()))->scaled(decimals));
    }
    return trial;
  }

  void compare(const std::vector<Usd>& amounts) const {
    const auto expected = *at_.get("amounts")->list();
    ASSERT_EQ(expected.size(), amounts.size());
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      const std::string printed(*expected[i].text());
      EXPECT_LE(abs128(Usd::parse(printed)->raw - amounts[i].raw), 5'000'000) << to_string(amounts[i]);
      EXPECT_NE(text_of(at_, "says").find(printed), std::string::npos) << printed << " is not in what the case says";
    }
  }

  const Document& file_;
  Cursor at_;
  std::string recipe_;
  Claim claim_;
  Market market_;
  std::unique_ptr<ExampleVenue::Made> made_;
};

/// The cells of a recipe's row in the documentation's table, after its name: one for each claim.
std::vector<std::string> cells_of(const std::string& recipe) {
  static const std::string page = *read_text(root + "docs/methods/recipes.md");
  std::vector<std::string> cells;
  const std::string head = "\n| " + recipe + " | ";
  std::size_t at = page.find(head, std::min(page.size(), page.find("id=\"claims\"")));
  if (at == std::string::npos) return cells;
  at += head.size();
  const std::size_t end = page.find('\n', at);
  for (std::size_t next; (next = page.find(" |", at)) < end; at = next + 3) cells.push_back(page.substr(at, next - at));
  return cells;
}

const Document& cases_of(Claim claim) {
  static std::map<Claim, Document> files;
  const auto found = files.find(claim);
  if (found != files.end()) return found->second;
  std::string name(to_string(claim));
  std::replace(name.begin(), name.end(), ' ', '_');
  auto file = read_document(root + "cases/claims/" + name + ".yaml");
  EXPECT_TRUE(file) << to_string(file.error());
  return files.emplace(claim, *std::move(file)).first->second;
}

class ClaimsNotMade : public testing::TestWithParam<std::string> {};

TEST_P(ClaimsNotMade, FailOnTheBookThatTheDocumentationNames) {
  const LoadedRecipe loaded = *load_recipe(GetParam());
  const std::vector<std::string> cells = cells_of(GetParam());
  ASSERT_EQ(cells.size(), std::size(all_claims)) << "docs/methods/recipes.md#claims needs a row for it";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Claim claim = all_claims[i];
    SCOPED_TRACE(to_string(claim));
    const Document& file = cases_of(claim);
    const auto at = Cursor(file).find(GetParam());
    ASSERT_EQ(at.has_value(), !is_claimed(loaded.recipe, claim)) << "a claim is made, or fails on a case";
    if (at) Counterexample(file, *at, GetParam(), claim).check();
    EXPECT_EQ(cells[i], at ? "no: " + text_of(*at, "says") : "yes");
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, ClaimsNotMade, testing::ValuesIn(embedded_names("recipes/", ".yaml")), name_of);

}  // namespace
}  // namespace margrave
