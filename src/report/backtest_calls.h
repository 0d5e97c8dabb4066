#pragma once

#include <string>
#include <vector>

#include "report/table.h"
#include "walk/walk_calls.h"

namespace margrave {

/// Accounts under one recipe that were opened at one instant and held: when each met which level.
struct CallsReport {
  struct Of {
    std::string book;
    HeldPath path;
    std::vector<HeldAccount> accounts;  ///< by leverage
  };
  std::string recipe, recipe_version;
  std::int64_t from_ms{0}, to_ms{0}, every_ms{0}, delay_ms{0};
  std::vector<Of> accounts{};
};

/// A line per book and leverage: what it was asked for at the opening, when it was below warning, maintenance, backstop
/// and nothing, the minutes between, and the worst loss.
std::string calls_text(const CallsReport& report, const Paint& paint);
std::string calls_json(const CallsReport& report);
std::string calls_csv(const CallsReport& report);
/// One book: the maintenance margin and each account's equity over time, its calls as marks.
std::string calls_svg(const CallsReport& report, std::size_t book);

}  // namespace margrave
