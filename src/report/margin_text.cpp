#include "report/margin_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "margin/leverage.h"
#include "margin/scenario_charge.h"
#include "report/amount.h"
#include "report/diversification_text.h"

namespace margrave {
namespace {

std::string heading(const Paint& paint, const std::string& text) { return "\n" + paint(Ink::bold, text) + "\n"; }

std::string head(const MarginContext& context, const AccountReport& account, const Paint& paint) {
  const Recipe& recipe = context.recipe;
  const Money money = context.money();
  return paint(Ink::bold, account.report.account) +
         (money.is_usd() ? "" : fmt::format("  what settles in {}, counted in it,", money.unit)) +
         fmt::format("  under {} {} ({})  at {}\n", recipe.name, recipe.version, to_string(recipe.status),
                     to_string(context.market.state.as_of));
}

std::vector<Cell> level_row(const Money& money, const std::string& name, Usd requirement, Usd equity) {
  const Usd excess = equity - requirement;
  const bool met = excess.raw >= 0;
  return {{name},
          {money(requirement), Ink::bold},
          {"excess"},
          {money(excess), met ? Ink::green : Ink::red},
          {met ? "met" : "NOT MET", met ? Ink::green : Ink::red}};
}

std::string levels(const MarginContext& context, const MarginReport& report, const Paint& paint) {
  const Money money = context.money();
  TextTable table({Align::left, Align::right, Align::left, Align::right, Align::left});
  table.row({{"equity"}, {money(report.equity), Ink::bold}, {money.unit}});
  for (const Level& level : context.recipe.levels()) {
    table.row(level_row(money, std::string(level.name) + (level.name == "backstop" ? "" : " margin"),
                        report.requirement(level.component), report.equity));
    const auto linked = report.linked.find(level.component);
    if (linked != report.linked.end()) table.row({{"  of it for linked accounts"}, {money(linked->second)}});
    if (level.name == "initial" && report.orders) {
      table.row(level_row(money, "  with open orders", report.orders->amount, report.equity));
    }
  }
  const Usd initial = report.initial(context.recipe);
  const auto health = health_factor(report.equity, report.maintenance(context.recipe));
  table.row({{"health factor"}, {multiple(health, "no requirement")}});
  table.row({{"gross notional"}, {report.gross_notional ? money(*report.gross_notional) : "-"}, {money.unit}});
  table.row({{"effective leverage"}, {multiple(effective_leverage(report.gross_notional, report.equity), "-")}});
  table.row({{"maximum leverage"}, {multiple(maximum_leverage(report.gross_notional, initial), "-")}});
  return table.text(paint);
}

/// The orders, and what is known of the margin with them.
std::string orders(const MarginContext& context, const AccountReport& account, const Paint& paint) {
  if (!account.report.orders) return "";
  const OrderMargin& margin = *account.report.orders;
  std::string text = heading(paint, counted(account.book.orders.size(), "open order"));
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::left, Align::left});
  table.row({{"", Ink::dim}, {"size", Ink::dim}, {"limit", Ink::dim}, {"fee", Ink::dim}});
  for (std::size_t i = 0; i < account.book.orders.size(); ++i) {
    const Order& order = account.book.orders[i];
    const Instrument& instrument = context.market.registry[order.instrument];
    const auto size = to_size(instrument, order.lots);
    const bool worst = std::binary_search(margin.filled.begin(), margin.filled.end(), i);
    table.row({{instrument.name},
               {size ? size->to_string() : "-"},
               {order.limit_price.to_string()},
               {order.fee.is_zero() ? "" : order.fee.to_string()},
               {order.reduce_only ? "reduce only" : ""},
               {worst ? "fills in the worst case" : "", Ink::yellow}});
  }
  text += table.text(paint);
  const Money money = context.money();
  const std::string amount = money(margin.amount) + " " + money.unit;
  if (margin.exact) return text + fmt::format("  No fills ask for more than {}, and those named do.\n", amount);
  return text + fmt::format("  An upper bound: no fills ask for more than {}; those named ask for {} {}.\n", amount,
                            money(margin.at_least), money.unit);
}

std::string omissions(const MarginReport& report, const Paint& paint) {
  if (report.complete()) return "";
  std::string text =
      heading(paint, "INCOMPLETE: the requirement leaves out " + counted(report.omissions.size(), "holding"));
  for (const Omission& omission : report.omissions) {
    text += "  " + paint(Ink::red, omission.subject) + "  " + omission.reason + "\n";
  }
  return text;
}

/// What a reader of the numbers must know of the market and the scenarios; at most eight, JSON has them all.
std::string findings(const MarginContext& context, const Paint& paint) {
  std::vector<Finding> all = context.market.state.findings;
  for (const ScenarioSet& set : context.sets) all.insert(all.end(), set.findings.begin(), set.findings.end());
  if (all.empty()) return "";
  TextTable table({Align::left, Align::left, Align::left});
  const std::size_t shown = std::min<std::size_t>(all.size(), 8);
  for (std::size_t i = 0; i < shown; ++i) {
    table.row({{std::string(to_string(all[i].kind)), Ink::yellow}, {all[i].subject}, {all[i].text, Ink::dim}});
  }
  std::string text = heading(paint, "Findings about market and scenarios") + table.text(paint);
  if (shown < all.size()) text += fmt::format("  ... and {} more; --json has them all\n", all.size() - shown);
  return text;
}

/// The component tree from one level down. Parts add up to the line above them.
class Tree {
 public:
  Tree(const MarginContext& context, const MarginReport& report)
      : context_(context), report_(report), money_(context.money()) {}

  std::string text(const Paint& paint) {
    add(context_.recipe.initial, 0, "initial margin = ");
    if (context_.recipe.maintenance != context_.recipe.initial) add(context_.recipe.maintenance, 0, "maintenance = ");
    return table_.text(paint);
  }

 private:
  void add(std::size_t at, std::size_t depth, const std::string& prefix) {
    const Component& component = context_.recipe.components[at];
    const ComponentAmount& amount = report_.components[at];
    const std::string indent(2 * depth, ' ');
    const bool named = component.name != "initial" && component.name != "maintenance";
    const std::string name = indent + (depth == 0 ? prefix + (named ? component.name : "") : component.name);
    table_.row({{name, depth == 0 ? Ink::bold : Ink::plain},
                {money_(amount.amount)},
                {describe(context_.recipe, component), Ink::dim}});
    if (std::find(shown_.begin(), shown_.end(), at) != shown_.end()) return;  // its parts stand above already
    shown_.push_back(at);
    for (const GroupAmount& group : amount.groups) {
      const bool whole = amount.groups.size() == 1 && group.name == "all";
      if (group.tail.empty() && (whole || amount.groups.size() > 12 || group.amount.raw == 0)) continue;
      table_.row({{indent + "  " + group.name}, {money_(group.amount)}, {tail_text(group), Ink::yellow}});
    }
    if (const auto* sum = std::get_if<Sum>(&component.rule)) {
      for (const std::size_t of : sum->of) add(of, depth + 1, "");
    } else if (const auto* max = std::get_if<Max>(&component.rule)) {
      add(max->of[amount.chosen], depth + 1, "");
      for (std::size_t i = 0; i < max->of.size(); ++i) {
        if (i != amount.chosen) add_smaller(max->of[i], depth + 1);
      }
    } else if (const auto* scale = std::get_if<Scale>(&component.rule)) {
      add(scale->of, depth + 1, "");
    } else if (const auto* formula = std::get_if<Formula>(&component.rule)) {
      for (const std::size_t of : formula->of) add_read(of, depth + 1);
    }
  }

  /// What an expression reads, in its own unit, and what that was made of.
  void add_read(std::size_t at, std::size_t depth) {
    const Component& component = context_.recipe.components[at];
    const bool charge = context_.recipe.is_charge(component);
    const std::string indent(2 * depth, ' ');
    table_.row({{indent + component.name},
                {charge ? "[" + money_(report_.components[at].amount) + "]" : "", Ink::dim},
                {"read: " + describe(context_.recipe, component), Ink::dim}});
    if (std::find(shown_.begin(), shown_.end(), at) != shown_.end()) return;
    shown_.push_back(at);
    const auto& groups = report_.components[at].groups;
    for (std::size_t g = 0; g < groups.size() && g < 12; ++g) {
      if (groups.size() == 1 && groups[g].name == "all" && groups[g].tail.empty() && charge) continue;
      const std::string amount = charge ? money_(groups[g].amount) : groups[g].quantity;
      table_.row({{indent + "  " + groups[g].name, Ink::dim}, {amount, Ink::dim}, {tail_text(groups[g]), Ink::yellow}});
    }
    for (const std::size_t of : read_by(component.rule)) add_read(of, depth + 1);
  }

  /// A branch that did not win is part of the answer, but of no sum.
  void add_smaller(std::size_t at, std::size_t depth) {
    const Component& component = context_.recipe.components[at];
    table_.row({{std::string(2 * depth, ' ') + component.name, Ink::dim},
                {"(" + money_(report_.components[at].amount) + ")", Ink::dim},
                {"not larger: " + describe(context_.recipe, component), Ink::dim}});
  }

  std::string tail_text(const GroupAmount& group) const {
    if (group.tail.empty()) return "";
    const std::string& worst = context_.array.scenario(group.tail.front());
    return group.tail.size() == 1 ? worst : fmt::format("mean of {} scenarios, the worst {}", group.tail.size(), worst);
  }

  const MarginContext& context_;
  const MarginReport& report_;
  Money money_;
  TextTable table_{{Align::left, Align::right, Align::left}};
  std::vector<std::size_t> shown_;
};

const ScenarioSet* set_named(const MarginContext& context, const std::string& name) {
  for (const ScenarioSet& set : context.sets) {
    if (set.name == name) return &set;
  }
  return nullptr;
}

/// Profit and loss of one group: spot moves down, vol moves across, the worst cell in brackets; then the far tails.
std::string matrix(const Money& money, const ScenarioSet& set, const std::string& group,
                   const std::vector<Usd>& profits, std::size_t worst, const Paint& paint) {
  std::string text =
      heading(paint, fmt::format("{}: profit and loss by scenario, {} (worst in brackets)", group, money.unit));
  std::vector<Align> columns{Align::left};
  columns.insert(columns.end(), set.vol_moves, Align::right);
  TextTable table(columns);
  const auto cell = [&](std::size_t s) {
    const std::string amount = money(profits[s]);
    return s == worst ? Cell{"[" + amount + "]", Ink::red} : Cell{amount + " "};
  };
  std::vector<Cell> header{{""}};
  for (std::size_t v = 0; v < set.vol_moves; ++v) {
    const std::string& name = set.names[v];
    const std::size_t comma = name.find(", ");
    header.push_back({comma == std::string::npos ? "vol as it is " : name.substr(comma + 2) + " ", Ink::dim});
  }
  table.row(std::move(header));
  for (std::size_t s = 0; s < set.spot_moves; ++s) {
    const std::string& name = set.names[s * set.vol_moves];
    std::vector<Cell> cells{{name.substr(0, name.find(", ")), Ink::dim}};
    for (std::size_t v = 0; v < set.vol_moves; ++v) cells.push_back(cell(s * set.vol_moves + v));
    table.row(std::move(cells));
  }
  text += table.text(paint);
  TextTable tails({Align::left, Align::right, Align::left});
  for (std::size_t s = set.spot_moves * set.vol_moves; s < set.size(); ++s) {
    tails.row({{set.names[s], Ink::dim}, cell(s), {fmt::format("counted at {:g}", set.dampening[s]), Ink::dim}});
  }
  return text + tails.text(paint);
}

/// The worst scenarios of a tail, by name, with what the group loses in them.
std::string tail_list(const Money& money, const ScenarioSet& set, std::uint32_t first_column, const GroupAmount& group,
                      const std::vector<Usd>& profits, const Paint& paint) {
  std::string text = heading(paint, fmt::format("{}: the tail of {}, {} of {} scenarios, {}", group.name, set.name,
                                                group.tail.size(), set.size(), money.unit));
  TextTable table({Align::left, Align::right});
  const std::size_t shown = std::min<std::size_t>(group.tail.size(), 8);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t s = group.tail[i] - first_column;
    table.row({{set.names[s], Ink::dim}, {money(profits[s]), i == 0 ? Ink::red : Ink::plain}});
  }
  text += table.text(paint);
  if (shown < group.tail.size()) text += fmt::format("  ... and {} more\n", group.tail.size() - shown);
  return text;
}

Result<std::string> scenarios(const MarginContext& context, const AccountReport& account, const Paint& paint) {
  std::string text;
  const RowIndex& index = context.index;
  const Portfolio portfolio = TRY(make_portfolio(context.market.registry, index, context.array, account.book));
  for (std::size_t c = 0; c < context.recipe.components.size(); ++c) {
    const auto* rule = std::get_if<ScenarioMeasure>(&context.recipe.components[c].rule);
    if (rule == nullptr) continue;
    const ScenarioSet* set = set_named(context, rule->set);
    const ScenarioRange* range = context.array.find_range(rule->set);
    if (set == nullptr || range == nullptr) continue;
    const auto& groups = account.report.components[c].groups;
    for (std::size_t g = 0; g < groups.size() && g < 6; ++g) {
      const std::vector<Usd> profits = TRY(scenario_profits(context.inputs(), portfolio, *rule, g, account.report));
      if (set->spot_moves > 0) {
        text += matrix(context.money(), *set, groups[g].name, profits, groups[g].tail.front() - range->begin, paint);
      } else {
        text += tail_list(context.money(), *set, range->begin, groups[g], profits, paint);
      }
    }
  }
  return text;
}

std::string positions(const MarginContext& context, const AccountReport& account, const Paint& paint) {
  const Registry& registry = context.market.registry;
  const Money money = context.money();
  std::string text = heading(paint, "Positions and what they contribute to initial margin, " + money.unit);
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.row({{"", Ink::dim},
             {"size", Ink::dim},
             {"value", Ink::dim},
             {"unrealised", Ink::dim},
             {"contribution", Ink::dim},
             {"delta, coins", Ink::dim},
             {"vega per point", Ink::dim}});
  const ComponentAmount& initial = account.report.components[context.recipe.initial];
  for (std::size_t i = 0; i < account.book.positions.size(); ++i) {
    const Position& position = account.book.positions[i];
    const Instrument& instrument = registry[position.instrument];
    const LineAmount& line = account.report.lines[i];
    const LotGreeks greeks =
        lot_greeks(context.market, position.instrument).times(static_cast<double>(position.lots.raw));
    const auto size = to_size(instrument, position.lots);
    const bool forward = instrument.is_forward();
    table.row({{instrument.name + (position.accrued == 0 ? "" : " *")},
               {size ? size->to_string() : "-"},
               {forward ? "" : money(line.value)},
               {!forward               ? ""
                : line.entered_at_mark ? "at mark"
                                       : money(line.unrealised_pnl)},
               {money(initial.by_line[i]), Ink::bold},
               {grouped(greeks.delta_coins, 4)},
               {forward ? "" : grouped(greeks.vega_usd_per_point, 2)}});
  }
  for (std::size_t b = 0; b < account.book.balances.size(); ++b) {
    const Balance& balance = account.book.balances[b];
    const Asset& asset = registry[balance.asset];
    const auto amount = [&](i128 units) { return Decimal{units, asset.decimals}.to_string(); };
    table.row({{"balance " + asset.name}, {amount(balance.units)}, {money(account.report.balance_values[b])}});
    if (balance.unsettled != 0) table.row({{"  of it unsettled", Ink::dim}, {amount(balance.unsettled), Ink::dim}});
    if (balance.borrowed != 0) table.row({{"  less borrowed", Ink::dim}, {amount(balance.borrowed), Ink::dim}});
  }
  if (initial.by_line.back().raw != 0) {
    table.row({{"balances in the scenarios"}, {""}, {""}, {""}, {money(initial.by_line.back()), Ink::bold}});
  }
  table.row({{"initial margin", Ink::bold}, {""}, {""}, {""}, {money(initial.amount), Ink::bold}});
  const bool accrued = std::any_of(account.book.positions.begin(), account.book.positions.end(),
                                   [](const Position& position) { return position.accrued != 0; });
  return text + table.text(paint) +
         (accrued ? paint(Ink::dim, "  * unrealised holds funding that is accrued and not paid.\n") : "") +
         paint(Ink::dim,
               "  Equity is the sum of values, unrealised gains and balances. A contribution below zero lowers "
               "the margin.\n");
}

/// Gamma for a move people think in: coins of delta per percent of the index.
std::vector<Cell> greeks_row(const Market& market, const std::string& underlying, const std::string& expiry,
                             const LotGreeks& greeks, Ink ink) {
  const auto id = market.registry.underlying(underlying);
  const double percent = id ? market.state.underlyings[id->index()].index / 100 : absent;
  return {{underlying, ink},
          {expiry, ink},
          {grouped(greeks.delta_coins, 4), ink},
          {grouped(greeks.gamma_coins_per_usd * percent, 4), ink},
          {grouped(greeks.vega_usd_per_point, 2), ink},
          {grouped(greeks.theta_usd_per_day, 2), ink},
          {grouped(greeks.rho_usd_per_percent, 2), ink}};
}

std::string greeks(const MarginContext& context, const AccountReport& account, const Paint& paint) {
  const std::vector<GreeksLine> lines = portfolio_greeks(context.market, account.book);
  if (lines.empty()) return "";
  std::string text = heading(paint, "Greeks by underlying and expiry");
  TextTable table({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.row({{"", Ink::dim},
             {"expiry", Ink::dim},
             {"delta, coins", Ink::dim},
             {"gamma, coins per %", Ink::dim},
             {"vega, USD per point", Ink::dim},
             {"theta, USD per day", Ink::dim},
             {"rho, USD per %", Ink::dim}});
  LotGreeks sum;
  std::size_t of_underlying = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const GreeksLine& line = lines[i];
    const bool first = i == 0 || lines[i - 1].underlying != line.underlying;
    const bool last = i + 1 == lines.size() || lines[i + 1].underlying != line.underlying;
    sum = first ? line.greeks : sum += line.greeks;
    of_underlying = first ? 1 : of_underlying + 1;
    const std::string expiry = line.expiry.empty() ? "none" : line.expiry;
    table.row(greeks_row(context.market, line.underlying, expiry, line.greeks, Ink::plain));
    if (last && of_underlying > 1) table.row(greeks_row(context.market, line.underlying, "all", sum, Ink::bold));
  }
  return text + table.text(paint) +
         paint(Ink::dim,
               "  Of the contracts' value in USD, the coin an inverse option pays in included; without balances.\n");
}

std::string rounding_text(const Money& money, const MarginReport& report, const Paint& paint) {
  return paint(Ink::dim, fmt::format("  rounding of rows moves the value in a scenario by at most {} {}\n",
                                     grouped(report.row_rounding, money.is_usd() ? 6 : Usd::decimals), money.unit));
}

std::string set_text(const ScenarioSet& set) {
  std::string text = fmt::format("{}: {} scenarios", set.name, set.size());
  if (set.spot_moves == 0) text += fmt::format(" from {} to {}", set.names.front(), set.names.back());
  if (set.horizon_seconds > 0) text += fmt::format(", {:g} hours", static_cast<double>(set.horizon_seconds) / 3600);
  return text + (set.at_horizon ? ", valued at the horizon" : ", valued now");
}

/// Digests of everything a number was made from; of many accounts JSON has the books'.
std::string inputs(const MarginContext& context, const Book* book, const Paint& paint) {
  TextTable table({Align::left, Align::left, Align::left});
  table.row({{"market", Ink::dim}, {to_string(digest_of(context.market)), Ink::dim}, {context.market_file, Ink::dim}});
  table.row({{"recipe", Ink::dim},
             {to_string(context.recipe.digest), Ink::dim},
             {context.recipe.name + " " + context.recipe.version + ", " + context.recipe.reference, Ink::dim}});
  if (book != nullptr) {
    table.row({{"book", Ink::dim}, {to_string(digest_of(context.market.registry, *book)), Ink::dim}});
  }
  table.row({{"risk array", Ink::dim},
             {to_string(context.array.digest()), Ink::dim},
             {fmt::format("{} rows x {} columns, {} rows", context.array.rows(), context.array.columns(),
                          to_string(context.array.width())),
              Ink::dim}});
  std::string text = heading(paint, "Inputs") + table.text(paint);
  if (context.recipe.sets.empty()) return text;
  for (const ScenarioSet& set : context.sets) text += paint(Ink::dim, "  " + set_text(set)) + "\n";
  return text;
}

}  // namespace

Result<std::string> margin_text(const MarginContext& context, const AccountReport& account, const Paint& paint) {
  std::string text = head(context, account, paint);
  text += levels(context, account.report, paint);
  text += omissions(account.report, paint);
  text += orders(context, account, paint);
  text += findings(context, paint);
  text += heading(paint, "Why") + Tree(context, account.report).text(paint);
  text += TRY(scenarios(context, account, paint));
  if (account.diversification) text += diversification_text(context.money(), *account.diversification, paint);
  text += positions(context, account, paint);
  text += greeks(context, account, paint);
  return text + inputs(context, &account.book, paint) + rounding_text(context.money(), account.report, paint);
}

namespace {

std::string with_orders(const Money& money, const MarginReport& report) {
  if (!report.orders) return "";
  return "initial with open orders " + money(report.orders->amount) + (report.orders->exact ? "" : ", a bound");
}

}  // namespace

std::string accounts_text(const MarginContext& context, const std::vector<Book>& books,
                          const std::vector<Result<MarginReport>>& reports, std::size_t top, const Paint& paint) {
  const std::vector<std::size_t> order = by_distance_to_maintenance(context.recipe, reports);
  const Money money = context.money();
  const std::size_t shown = top == 0 ? order.size() : std::min(top, order.size());
  std::string text =
      paint(Ink::bold, fmt::format("{} under {} {}, closest to maintenance first{}\n", counted(books.size(), "account"),
                                   context.recipe.name, context.recipe.version,
                                   money.is_usd() ? "" : "; what settles in " + money.unit + ", counted in it"));
  TextTable table(
      {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::left, Align::left});
  table.row({{"account", Ink::dim},
             {"positions", Ink::dim},
             {"equity", Ink::dim},
             {"initial", Ink::dim},
             {"maintenance", Ink::dim},
             {"health factor", Ink::dim}});
  for (std::size_t i = 0; i < shown; ++i) {
    const Book& book = books[order[i]];
    const auto& report = reports[order[i]];
    if (!report) {
      table.row({{book.account},
                 {std::to_string(book.positions.size())},
                 {""},
                 {""},
                 {""},
                 {""},
                 {report.error().message, Ink::red}});
      continue;
    }
    const Usd maintenance = report->maintenance(context.recipe);
    const bool below = report->equity < maintenance;
    table.row({{book.account},
               {std::to_string(book.positions.size())},
               {money(report->equity)},
               {money(report->initial(context.recipe))},
               {money(maintenance)},
               {multiple(health_factor(report->equity, maintenance), "no requirement"), below ? Ink::red : Ink::plain},
               {std::string(below ? "BELOW MAINTENANCE" : "") + (report->complete() ? "" : "  incomplete"), Ink::red},
               {with_orders(money, *report), Ink::dim}});
  }
  text += table.text(paint);
  if (shown < order.size()) text += fmt::format("  ... and {} more\n", order.size() - shown);
  return text + findings(context, paint) + inputs(context, nullptr, paint);
}

}  // namespace margrave
