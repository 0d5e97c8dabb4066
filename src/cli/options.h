#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/isa.h"

namespace margrave {

/// What every verb understands.
struct CommonOptions {
  bool json{false};
  bool quiet{false};
  bool no_color{false};
  std::string output;      ///< file for the result; empty is standard output
  unsigned threads{0};     ///< 0: all cores
  std::optional<Isa> isa;  ///< none: the best the CPU has
};

/// Where market, recipe and history come from; shared by the verbs that revalue.
struct MarketOptions {
  std::string market;             ///< market YAML or JSON, or a recorded option chain
  std::string at;                 ///< which snapshot of a chain file: first, last, a number or a time
  std::vector<std::string> bars;  ///< folders or files of bars, earlier ones win
};

struct MarginOptions {
  std::string book;
  MarketOptions market;
  std::vector<std::string> recipes;
  std::string account;  ///< only this account of the book
  bool brief{false};    ///< the table of accounts only, however few there are
  bool full{false};     ///< every account's full report, however many there are
  bool lenient{false};  ///< leave out, by name, what is not understood
  std::size_t top{20};  ///< rows of that table in text
};
struct ExplainOptions {
  std::string book;
  MarketOptions market;
  std::string recipe, account, position, scenario;
  bool lenient{false};
};
struct CompareOptions {
  std::string book;
  MarketOptions market;
  std::vector<std::string> recipes;  ///< two at least; the others are compared with the first
  std::string account;
  bool lenient{false};
};
struct PriceOptions {
  std::string instrument;  ///< with a market, or
  MarketOptions market;
  std::string forward, strike, vol, years, rate{"0"}, price;
  bool put{false}, inverse{false};
};
struct SurfaceOptions {
  MarketOptions market;
  std::string underlying, expiry, svg, save;
  bool arbitrage{false};
  bool all{false};  ///< every snapshot of a recorded file: how well smiles fit, and the worst
};
struct BacktestOptions {
  std::vector<std::string> data;    ///< folders of bar files; earlier ones win
  std::vector<std::string> chains;  ///< recorded option chains, or folders of them: option books instead of linear ones
  bool own_moves{false};            ///< of chains: the margin against full revaluation of the recipe's own moves
  bool vol_moves{false};            ///< of chains: level moves of vol beside the returns of histories
  std::vector<std::string> dvol;    ///< COIN=FILE of daily vol indices: modelled chains, of the recorded ones' shape
  std::string from, to;             ///< of the tested windows; empty: all there are
  std::string step{"8h"};
  std::size_t first{1000};  ///< windows of own history before the first margin
  bool assets{false};       ///< a line for every asset and side, or every book
  // With a recipe, books under it are walked instead of the five models.
  std::string recipe;
  std::string books;  ///< singles, spreads, random:N:SEED, accounts:FILE, or a file of accounts; of chains standard
  std::string every;  ///< between updates; empty: the step, or an hour
  std::string delay{"0s"};     ///< of the data that an update knows
  double notional{1'000'000};  ///< USD, of books that are sized anew
  bool maintenance{false};     ///< the maintenance margin is held against losses, not the initial
  double rate{0.01};           ///< of breaches that the tests ask about
  bool cadence{false};         ///< a table over update intervals and delays too
  std::vector<double> calls;   ///< leverages of accounts that are opened at `from` and held, instead of a backtest
  std::string out;             ///< folder of the journal, the page and the tables
};
struct HaircutOptions {
  std::vector<std::string> data;  ///< folders of bar files; earlier ones win
  std::string at;                 ///< empty: the end of the last bar
  std::string facts;              ///< what is known of the assets besides their bars
  double amount{1'000'000};       ///< USD, whose mean parts are shown
  std::vector<std::string> exposures;
  bool recipe_table{false};
  bool existing{false};  ///< with recipe_table: the rates after notice
};
struct FactorOptions {
  std::vector<std::string> data;  ///< folders of bar files; earlier ones win
  std::string at;                 ///< empty: the end of the last bar
  std::string notice{"8h"};
  std::size_t first{1000};  ///< steps of own history before the first factor
  std::size_t steps{1};     ///< how many of the last ones are shown
  bool as_recipe{false};
};
struct RecipesOptions {};
struct RecipeOptions {
  enum class Action : std::uint8_t { check, diff, show } action{Action::check};
  std::string recipe, other;
};
struct ConformOptions {
  std::vector<std::string> paths;
  bool wide{true};
};
struct SchemaOptions {
  std::string name;
};
struct BenchOptionsCli {
  std::string only;
};
struct DoctorOptions {};
struct CompletionOptions {
  std::string shell;
};

using Verb = std::variant<MarginOptions, CompareOptions, ExplainOptions, PriceOptions, SurfaceOptions, BacktestOptions,
                          HaircutOptions, FactorOptions, RecipesOptions, RecipeOptions, ConformOptions, SchemaOptions,
                          BenchOptionsCli, DoctorOptions, CompletionOptions>;

struct Options {
  CommonOptions common;
  Verb verb;
};

/// What the command line asks for, or the exit code with which to leave (0 after --help, 2 after a mistake, which has
/// then been printed to standard error).
std::variant<Options, int> parse_options(int argc, const char* const* argv);

/// A verb as a shell completes it: its flags, and the words that may stand after a flag or as its argument.
struct VerbWords {
  struct Flag {
    std::vector<std::string> names;  ///< "-r", "--recipe"
    bool takes_value{false};
    bool takes_file{false};           ///< or may; where false only `values` can follow
    std::vector<std::string> values;  ///< known ones; a file's name may also do
  };
  std::string name, description;
  std::vector<Flag> flags;
  std::vector<std::string> arguments;  ///< known ones
  bool takes_file{false};              ///< as its argument
};

/// The verbs that parse_options() knows.
std::vector<VerbWords> verb_words();

}  // namespace margrave
