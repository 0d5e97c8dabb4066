#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/built_in.h"

namespace margrave {
namespace {

const char* const exit_codes =
    "Exit codes: 0 ok; 1 the answer is no (an account is below maintenance, a vector failed, a number is incomplete);\n"
    "2 usage; 3 bad input data; 4 bad recipe, market or setting; 5 file or device; 6 internal error.";

void add_common(CLI::App& app, CommonOptions& common) {
  app.add_flag("--json", common.json, "print one JSON document");
  app.add_flag("-q,--quiet", common.quiet, "no progress and no notes on standard error");
  app.add_flag("--no-color", common.no_color, "no colour (NO_COLOR does the same)");
  app.add_option("-o,--output", common.output, "write the result to FILE, whole or not at all")->type_name("FILE");
  app.add_option("--threads", common.threads, "threads; 0 is all cores. No result depends on it")->type_name("N");
  app.add_option("--isa", "force an instruction set. No result depends on it")
      ->type_name("portable|scalar|avx2|avx512")
      ->each([&common](const std::string& name) {
        common.isa = parse_isa(name);
        if (!common.isa) throw CLI::ValidationError("'" + name + "' is none of portable, scalar, avx2, avx512");
        for (const Isa isa : supported_isas()) {
          if (isa == *common.isa) return;
        }
        throw CLI::ValidationError("this machine cannot run " + name);
      });
}

void add_market(CLI::App& app, MarketOptions& market, bool required) {
  auto* option = app.add_option("-m,--market", market.market,
                                "market file (YAML, JSON), option chain (CSV, JSON; may be .gz) or folder of bars");
  option->type_name("PATH")->required(required);
  app.add_option("--at", market.at,
                 "snapshot of a recorded chain: first, last, #NUMBER, milliseconds, or whole (the file is one "
                 "snapshot, fetched over some time); time of a folder of bars: 2024-12-31T08:00:00Z")
      ->type_name("WHEN");
}

void add_bars(CLI::App& app, MarketOptions& market) {
  app.add_option("--bars", market.bars,
                 "folder of bar files for historical scenarios; may be repeated, earlier ones win")
      ->type_name("DIR");
}

/// As every other error it begins with who says it.
std::string usage_text(const CLI::App* app, const CLI::Error& error) {
  return "margrave: " + CLI::FailureMessage::simple(app, error);
}

void add_lenient(CLI::App& app, bool& lenient) {
  app.add_flag("--lenient", lenient,
               "leave out positions in instruments that are not understood; they are named and the exit code is 1");
}

/// The whole command line. Option structs live as long as the parser, which writes into them.
struct Parser {
  CLI::App app{"Margrave: how much collateral every portfolio needs, and why.", "margrave"};
  CommonOptions common;
  MarginOptions margin;
  CompareOptions compare;
  ExplainOptions explain;
  PriceOptions price;
  SurfaceOptions surface;
  BacktestOptions backtest;
  HaircutOptions haircut;
  FactorOptions factor;
  RecipeOptions recipe;
  ConformOptions conform;
  SchemaOptions schema;
  BenchOptionsCli bench;
  DoctorOptions doctor;
  CompletionOptions completion;

  Parser() {
    app.footer(exit_codes);
    app.require_subcommand(0, 1);
    app.failure_message(usage_text);
    app.set_version_flag("--version", std::string("margrave " MARGRAVE_VERSION));
    add_margin();
    add_compare();
    add_explain();
    add_price();
    add_surface();
    add_backtest();
    add_haircut();
    add_factor();
    add_recipe();
    add_small();
  }

  CLI::App* verb(const std::string& name, const std::string& text) {
    CLI::App* sub = app.add_subcommand(name, text);
    sub->footer(exit_codes);
    add_common(*sub, common);
    return sub;
  }

  void add_margin() {
    CLI::App* sub = verb("margin", "Margin a book: requirement, equity, worst scenarios, contributions, Greeks");
    sub->add_option("BOOK", margin.book, "book (YAML, JSON, CSV); one account or many; - is standard input")
        ->type_name("PATH")
        ->required();
    add_market(*sub, margin.market, true);
    add_bars(*sub, margin.market);
    sub->add_option("-r,--recipe", margin.recipes, "margin model: a file or the name of a preset; may be repeated")
        ->type_name("RECIPE")
        ->required();
    sub->add_option("--account", margin.account, "only this account of the book")->type_name("NAME");
    CLI::Option* brief = sub->add_flag("--brief", margin.brief, "one line per account, closest to maintenance first");
    sub->add_flag("--full", margin.full, "full reports of all accounts; without it, of three at most")->excludes(brief);
    add_lenient(*sub, margin.lenient);
    sub->add_option("--top", margin.top, "lines of that table; 0 is all")->type_name("N");
  }

  void add_compare() {
    CLI::App* sub = verb("compare", "One account under several margin models side by side, and what makes them differ");
    sub->add_option("BOOK", compare.book, "book (YAML, JSON, CSV); - is standard input")->type_name("PATH")->required();
    add_market(*sub, compare.market, true);
    add_bars(*sub, compare.market);
    sub->add_option("-r,--recipe", compare.recipes,
                    "margin model: a file or the name of a preset; two at least, the first is what others are held to")
        ->type_name("RECIPE")
        ->required();
    sub->add_option("--account", compare.account, "account, when the book has several")->type_name("NAME");
    add_lenient(*sub, compare.lenient);
    sub->callback([this] {
      if (compare.recipes.size() < 2)
        throw CLI::ValidationError("--recipe", "one recipe has nothing to be compared with; give a second -r");
    });
  }

  void add_explain() {
    CLI::App* sub = verb("explain", "Follow one position through its worst scenario and the rates that charge it");
    sub->add_option("BOOK", explain.book, "book (YAML, JSON, CSV)")->type_name("PATH")->required();
    add_market(*sub, explain.market, true);
    add_bars(*sub, explain.market);
    sub->add_option("-r,--recipe", explain.recipe, "margin model: a file or the name of a preset")
        ->type_name("RECIPE")
        ->required();
    sub->add_option("--account", explain.account, "account, when the book has several")->type_name("NAME");
    sub->add_option("--position", explain.position, "instrument; default: the largest contribution")->type_name("NAME");
    sub->add_option("--scenario", explain.scenario,
                    "scenario by name or SET:NUMBER; default: the worst of the measure that charges it")
        ->type_name("NAME");
    add_lenient(*sub, explain.lenient);
  }

  void add_price() {
    CLI::App* sub = verb("price", "Price an option and its Greeks, from a market or from numbers");
    sub->add_option("INSTRUMENT", price.instrument, "an instrument of the market");
    add_market(*sub, price.market, false);
    sub->add_option("--forward", price.forward, "forward, per unit of underlying")->type_name("PRICE");
    sub->add_option("--strike", price.strike, "strike")->type_name("PRICE");
    sub->add_option("--vol", price.vol, "annualised vol, 0.65 is 65 %")->type_name("VOL");
    sub->add_option("--price", price.price, "instead of --vol: a price, whose implied vol is found")
        ->type_name("PRICE");
    sub->add_option("--years", price.years, "time to expiry, ACT/365")->type_name("YEARS");
    sub->add_option("--rate", price.rate, "continuous rate, default 0")->type_name("RATE");
    sub->add_flag("--put", price.put, "a put; default is a call");
    sub->add_flag("--inverse", price.inverse, "settled in coin: price is undiscounted and divided by the forward");
  }

  void add_backtest() {
    CLI::App* sub = verb(
        "backtest", "Walk margins over the bars of a folder: coverage, cost, rises, of a recipe or of five models");
    sub->add_option("--data", backtest.data, "folder of bar files; may be repeated, earlier ones win")
        ->type_name("DIR");
    sub->add_option("--from", backtest.from, "test only windows that end after this time")->type_name("TIME");
    sub->add_option("--to", backtest.to, "test only windows that end by this time")->type_name("TIME");
    sub->add_option("--step", backtest.step, "length of a window: 8h, 1d")->type_name("DURATION");
    sub->add_option("--first", backtest.first, "windows of an asset's own history before its first margin")
        ->type_name("N")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    sub->add_flag("--assets", backtest.assets, "a line for every asset and side, or every book");
    add_backtest_books(*sub);
    add_backtest_chains(*sub);
  }

  void add_backtest_books(CLI::App& sub) {
    CLI::Option* model = sub.add_option("-r,--recipe", backtest.recipe,
                                        "margin model to walk: a file or the name of a preset; without it the five");
    model->type_name("RECIPE");
    const auto with_recipe = [&](CLI::Option* option) { option->needs(model); };
    sub.add_option(
           "--books", backtest.books,
           "what is margined: singles (the default), spreads, random:N:SEED, accounts:FILE with recorded "
           "positions, or a book file whose accounts are held; of chains standard (the default) or random:N:SEED")
        ->type_name("PATH")
        ->needs(model);
    with_recipe(
        sub.add_option("--every", backtest.every,
                       "between updates of the margins: 1h; default: the step, or an hour with a delay or --calls")
            ->type_name("DURATION"));
    with_recipe(sub.add_option("--delay", backtest.delay, "age of what an update knows of the market: 0s to 10m")
                    ->type_name("DURATION"));
    with_recipe(
        sub.add_option("--notional", backtest.notional, "USD of every generated book, anew at every update; 1000000")
            ->type_name("USD"));
    with_recipe(sub.add_flag("--maintenance", backtest.maintenance,
                             "hold losses against the maintenance margin, not the initial"));
    with_recipe(sub.add_option("--rate", backtest.rate, "of breaches that the tests ask about, 0.01")
                    ->type_name("SHARE")
                    ->check(CLI::Range(1e-6, 0.5)));
    with_recipe(sub.add_flag("--cadence", backtest.cadence,
                             "also what other update intervals and delays leave uncovered and cost"));
    with_recipe(sub.add_option("--calls", backtest.calls,
                               "instead: when accounts of these leverages, opened at --from and held until --to, are "
                               "warned, called and handed over: 2,3,5,10")
                    ->type_name("LEVERAGES")
                    ->delimiter(',')
                    ->check(CLI::Range(0.01, 1000.0))
                    ->needs(sub.get_option("--from"), sub.get_option("--to"))
                    ->excludes(sub.get_option("--cadence")));
    with_recipe(sub.add_option("--out", backtest.out,
                               "folder for report.html, the tables and the journal from which a stopped walk goes on")
                    ->type_name("DIR"));
  }

  void add_backtest_chains(CLI::App& sub) {
    CLI::Option* chains =
        sub.add_option("--chains", backtest.chains,
                       "recorded option chain, or folder of them; may be repeated: walks books of options");
    chains->type_name("PATH")->needs(sub.get_option("--recipe"));
    CLI::Option* own = sub.add_flag(
        "--own-moves", backtest.own_moves,
        "hold the margin against full revaluation of the recipe's own moves, as greeks has, at the same instant");
    own->needs(chains);
    CLI::Option* vol =
        sub.add_flag("--vol-moves", backtest.vol_moves,
                     "beside the returns of a history move the vol surface (level, skew, wings, slope over "
                     "time) as the chains before did")
            ->needs(chains)
            ->excludes(own);
    sub.add_option("--dvol", backtest.dvol,
                   "daily vol index of an underlying: walks modelled chains of its level, the mean shape of --chains "
                   "and the index of --data, every 8 h; may be repeated")
        ->type_name("COIN=FILE")
        ->needs(chains, sub.get_option("--data"))
        ->excludes(own, vol);
    sub.callback([this] {
      if (backtest.data.empty() && backtest.chains.empty())
        throw CLI::ValidationError("--data", "there is nothing to walk over; name a folder of bars, or --chains");
    });
  }

  void add_haircut() {
    CLI::App* sub = verb("haircut", "Haircuts of assets as collateral, from their bars: every part, tiers by amount");
    sub->add_option("--data", haircut.data, "folder of bar files; may be repeated, earlier ones win")
        ->type_name("DIR")
        ->required();
    sub->add_option("--at", haircut.at, "use only bars that ended by this time; default: all")->type_name("TIME");
    sub->add_option("--facts", haircut.facts, "what is known besides bars: pegs, caps, custody, chain, bridge, issuer")
        ->type_name("FILE");
    sub->add_option("--amount", haircut.amount, "amount whose mean parts are shown; default 1000000")
        ->type_name("USD")
        ->check(CLI::Range(0.0, 1e12));
    sub->add_option("--exposure", haircut.exposures,
                    "net long exposure of the account's positions, for the wrong-way part: BTC=250000; may be repeated")
        ->type_name("ASSET=USD");
    CLI::Option* table = sub->add_flag("--recipe-table", haircut.recipe_table,
                                       "print a recipe (YAML) whose table of haircuts has these tiers");
    sub->add_flag("--existing", haircut.existing, "with --recipe-table: rates under speed limits and after notice")
        ->needs(table);
  }

  void add_factor() {
    CLI::App* sub =
        verb("factor", "The bounded factor of dynamic margin now, from bars; rises announced for maintenance");
    sub->add_option("--data", factor.data, "folder of bar files; may be repeated, earlier ones win")
        ->type_name("DIR")
        ->required();
    sub->add_option("--at", factor.at, "use only bars that ended by this time; default: all")->type_name("TIME");
    sub->add_option("--notice", factor.notice, "after which a rise counts for maintenance; default 8h")
        ->type_name("LENGTH");
    sub->add_option("--first", factor.first, "steps of own history before the first factor; default 1000")
        ->type_name("N")
        ->check(CLI::Range(100, 1000000));
    sub->add_option("--steps", factor.steps, "how many of the last steps are shown; default 1")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
    sub->add_flag("--as-recipe", factor.as_recipe,
                  "print a recipe (YAML) that extends dynamic-es with the largest factors");
  }

  void add_surface() {
    CLI::App* sub = verb("surface", "Show the fitted smiles of a chain or market: errors, arbitrage, plot");
    add_market(*sub, surface.market, true);
    sub->add_option("--underlying", surface.underlying, "only this underlying")->type_name("NAME");
    sub->add_option("--expiry", surface.expiry, "only this expiry, drawn large: 2026-03-27")->type_name("DATE");
    sub->add_option("--svg", surface.svg, "draw the smiles into FILE (with --all: the ten worst)")->type_name("FILE");
    sub->add_option("--save", surface.save, "write the fitted market into FILE, to be read as --market")
        ->type_name("FILE");
    sub->add_flag("--all", surface.all,
                  "fit every snapshot of a recorded chain: errors over all, the worst ten slices");
    sub->add_flag("--arbitrage", surface.arbitrage, "exit 1 when a slice has butterfly or calendar arbitrage");
  }

  void add_recipe() {
    verb("recipes", "List the margin models that are built in");
    CLI::App* sub = verb("recipe", "Check a margin model, compare two, or print one with what it extends merged in");
    sub->require_subcommand(1);
    add_action(*sub, RecipeOptions::Action::check, "check", "Read a recipe wholly and say what it is");
    CLI::App* diff = add_action(*sub, RecipeOptions::Action::diff, "diff",
                                "Say where the merged content of two recipes differs; exit 1 when it does");
    diff->add_option("OTHER", recipe.other, "the recipe to compare with")->type_name("RECIPE")->required();
    add_action(*sub, RecipeOptions::Action::show, "show", "Print a recipe as YAML, with what it extends merged in");
  }

  CLI::App* add_action(CLI::App& of, RecipeOptions::Action action, const std::string& name, const std::string& text) {
    CLI::App* sub = of.add_subcommand(name, text);
    sub->footer(exit_codes);
    sub->fallthrough();  // flags of the verb may follow
    sub->callback([this, action] { recipe.action = action; });
    sub->add_option("RECIPE", recipe.recipe, "a file or the name of a preset")->type_name("RECIPE")->required();
    return sub;
  }

  void add_small() {
    CLI::App* sub = verb("conform", "Run golden-vector files; a line per file, exit 1 on a failure");
    sub->add_option("PATH", conform.paths, "vector files or folders")->type_name("PATH")->required();
    sub = verb("schema", "Print the JSON Schema of a document; without a name, their list");
    sub->add_option("NAME", schema.name, "which: " + joined(schema_names(), ", "))->type_name("SCHEMA");
    sub = verb("bench", "Run the paired benchmarks; exit 1 when a row is below its floor");
    sub->add_option("--only", bench.only, "ids, separated by commas")->type_name("IDS");
    verb("doctor", "Check this machine: instruction sets, rounding mode, one digest on all of them, files found");
    sub = verb("completion", "Print a completion script");
    sub->add_option("SHELL", completion.shell, "which shell's")->type_name("bash|zsh|fish")->required();
  }

  std::optional<Verb> chosen() const {
    if (app.got_subcommand("margin")) return margin;
    if (app.got_subcommand("compare")) return compare;
    if (app.got_subcommand("explain")) return explain;
    if (app.got_subcommand("price")) return price;
    if (app.got_subcommand("surface")) return surface;
    if (app.got_subcommand("backtest")) return backtest;
    if (app.got_subcommand("haircut")) return haircut;
    if (app.got_subcommand("factor")) return factor;
    if (app.got_subcommand("recipes")) return RecipesOptions{};
    if (app.got_subcommand("recipe")) return recipe;
    if (app.got_subcommand("conform")) return conform;
    if (app.got_subcommand("schema")) return schema;
    if (app.got_subcommand("bench")) return bench;
    if (app.got_subcommand("doctor")) return doctor;
    if (app.got_subcommand("completion")) return completion;
    return std::nullopt;
  }
};

/// "portable|scalar|avx2|avx512" is a type that is its list of values.
std::vector<std::string> split_type(const std::string& type) {
  std::vector<std::string> values;
  for (std::size_t from = 0; type.find('|') != std::string::npos && from <= type.size();) {
    const std::size_t bar = std::min(type.find('|', from), type.size());
    values.push_back(type.substr(from, bar - from));
    from = bar + 1;
  }
  return values;
}

std::vector<std::string> known_values(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (type == "RECIPE") return preset_names();
  if (type == "SCHEMA") return schema_names();
  return split_type(type);
}

bool takes_file(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type == "FILE" || type == "PATH" || type == "DIR" || type == "RECIPE";
}

VerbWords::Flag flag_words(const CLI::Option& option) {
  VerbWords::Flag flag;
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  flag.takes_value = option.get_items_expected_max() > 0;
  flag.takes_file = takes_file(option);
  flag.values = known_values(option);
  return flag;
}

/// What a verb does is one of its arguments, and so is what that takes.
void add_words(const CLI::App& action, VerbWords& words) {
  words.arguments.push_back(action.get_name());
  for (const CLI::Option* option : action.get_options()) {
    if (!option->get_positional()) continue;
    words.takes_file = words.takes_file || takes_file(*option);
    for (const std::string& value : known_values(*option)) {
      if (std::find(words.arguments.begin(), words.arguments.end(), value) == words.arguments.end()) {
        words.arguments.push_back(value);
      }
    }
  }
}

VerbWords words_of(const CLI::App& app) {
  VerbWords words{.name = app.get_name(), .description = app.get_description(), .flags = {}, .arguments = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      const std::vector<std::string> values = known_values(*option);
      words.arguments.insert(words.arguments.end(), values.begin(), values.end());
      words.takes_file = takes_file(*option);
    } else {
      words.flags.push_back(flag_words(*option));
    }
  }
  for (const CLI::App* action : app.get_subcommands({})) add_words(*action, words);
  return words;
}

}  // namespace

std::variant<Options, int> parse_options(int argc, const char* const* argv) {
  Parser parser;
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.app.exit(error) == 0 ? 0 : 2;
  }
  const std::optional<Verb> verb = parser.chosen();
  if (!verb) {
    std::cout << parser.app.help();
    return 0;
  }
  return Options{parser.common, *verb};
}

std::vector<VerbWords> verb_words() {
  const Parser parser;
  std::vector<VerbWords> verbs;
  for (const CLI::App* sub : parser.app.get_subcommands({})) verbs.push_back(words_of(*sub));
  return verbs;
}

}  // namespace margrave
