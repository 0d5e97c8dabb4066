#include "margin/open_account.h"

#include <algorithm>

#include "margin/value_now.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const std::string& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account + ": what its orders may come to leaves its numbers",
               .remedy = "correct the sizes of its orders"});
}

/// The line that a fill nets into: as with_fills() has it, the first of its instrument.
OpenLine& line_of(OpenAccount& account, InstrumentId instrument) {
  for (std::size_t i = 0; i < account.lines.size(); ++i) {
    if (account.units.lines[i].instrument == instrument) return account.lines[i];
  }
  return account.lines.emplace_back();
}

void add_unit(OpenAccount& account, const Line& line) {
  Line unit = line;
  unit.lots = Lots{1};
  unit.position.quantity = 1;
  unit.leg.reset();
  account.units.lines.push_back(unit);
}

OpenBalance& balance_of(OpenAccount& account, std::uint32_t row) {
  for (OpenBalance& balance : account.balances) {
    if (balance.held.row == row) return balance;
  }
  account.units.balances.push_back({row, 1});
  return account.balances.emplace_back(OpenBalance{{row, 0}, {}});
}

Result<Number> pnl_of(const RiskArray& array, const Line& line) {
  if (!line.leg) return Number{};
  const Holding holdings[] = {line.position, *line.leg};
  return exact_value(array, holdings);
}

Result<void> add_held(const MarginInputs& inputs, OpenAccount& account) {
  for (std::size_t i = 0; i < account.portfolio.lines.size(); ++i) {
    const Line& line = account.portfolio.lines[i];
    const Number pnl = TRY(pnl_of(inputs.array, line));
    account.lines.push_back({i, {}, line.lots.raw, line.lots.raw, pnl});
    add_unit(account, line);
  }
  for (const Holding& balance : account.portfolio.balances) balance_of(account, balance.row).held = balance;
  return {};
}

Result<void> add_fill(const MarginInputs& inputs, OpenAccount& account, std::size_t number) {
  const Fill& fill = account.fills[number];
  const std::vector<Holding> all = holdings_of(fill);
  const Number gain = TRY(exact_value(inputs.array, all)), pnl = TRY(pnl_of(inputs.array, fill.line));
  OpenLine& line = line_of(account, fill.line.instrument);
  if (account.lines.size() > account.units.lines.size()) add_unit(account, fill.line);
  line.fills.push_back(number);
  std::int64_t& end = fill.line.lots.raw < 0 ? line.low : line.high;
  if (__builtin_add_overflow(end, fill.line.lots.raw, &end) || !add_open(line.pnl, pnl) ||
      !add_open(account.equity, gain)) {
    return overflow(account.portfolio.account);
  }
  account.gains.push_back(gain);
  for (const Holding& paid : fill.paid) balance_of(account, paid.row).changes.push_back(paid);
  return {};
}

/// Where a line may be closed its leg may move into the balance.
void add_realised(OpenAccount& account) {
  for (const OpenLine& line : account.lines) {
    if (line.is_certain() || line.fills.empty()) continue;
    const auto may_move = [&](const Line& part) {
      if (part.leg) balance_of(account, part.leg->row).changes.push_back(*part.leg);
    };
    if (line.held) may_move(account.portfolio.lines[*line.held]);
    for (const std::size_t fill : line.fills) may_move(account.fills[fill].line);
  }
}

Result<Bounds> of_balance(const MarginInputs& inputs, const OpenAccount& account, PositionField field,
                          std::size_t number) {
  const auto read = [&](std::size_t at, const Portfolio& portfolio) {
    return read_field(inputs, portfolio, Usd{}, field, Grouping::asset, at);
  };
  if (!position_fields()[static_cast<std::size_t>(field)].extensive) return TRY(read(number, account.units));
  const OpenBalance& balance = account.balances[number];
  Portfolio parts{.account = account.portfolio.account, .lines = {}, .balances = {balance.held}};
  parts.balances.insert(parts.balances.end(), balance.changes.begin(), balance.changes.end());
  Bounds bounds = TRY(read(0, parts));
  for (std::size_t i = 1; i < parts.balances.size(); ++i) {
    if (!add_open(bounds, TRY(read(i, parts)))) return overflow(account.portfolio.account);
  }
  return bounds;
}

}  // namespace

bool add_open(Bounds& total, const Number& open) { return add(total, either(Bounds{}, open), total); }

Result<OpenAccount> open_account(const MarginInputs& inputs, const Portfolio& portfolio, std::vector<Fill> fills,
                                 Usd equity) {
  OpenAccount account;
  account.portfolio = portfolio;
  account.fills = std::move(fills);
  account.equity = Number::from_units(equity.raw, Usd::decimals);
  account.units.account = portfolio.account;
  TRY_VOID(add_held(inputs, account));
  for (std::size_t i = 0; i < account.fills.size(); ++i) TRY_VOID(add_fill(inputs, account, i));
  add_realised(account);
  return account;
}

Bounds lots_on(const OpenLine& line, Side side) {
  std::int64_t low = line.low, high = line.high;
  if (side == Side::longs) low = std::max<std::int64_t>(low, 0), high = std::max<std::int64_t>(high, 0);
  if (side == Side::shorts) low = std::min<std::int64_t>(low, 0), high = std::min<std::int64_t>(high, 0);
  return {Number(low), Number(high)};
}

bool may_be_on(const OpenLine& line, Side side) {
  return side == Side::both || (side == Side::longs ? line.high > 0 : line.low < 0);
}

bool is_certain_on(const OpenLine& line, Side side) {
  return line.is_certain() && (side == Side::both || (side == Side::longs ? line.low > 0 : line.high < 0));
}

Result<Bounds> read_bounds(const MarginInputs& inputs, const OpenAccount& account, PositionField field,
                           Grouping grouping, Side side, std::size_t line) {
  if (field == PositionField::equity) return account.equity;
  if (grouping == Grouping::asset) return of_balance(inputs, account, field, line);
  if (field == PositionField::pnl) return account.lines[line].pnl;
  const Bounds one = TRY(read_field(inputs, account.units, Usd{}, field, grouping, line));
  if (!position_fields()[static_cast<std::size_t>(field)].extensive) return one;
  Bounds all;
  if (!multiply(one, lots_on(account.lines[line], side), all)) return overflow(account.portfolio.account);
  return all;
}

}  // namespace margrave
