#pragma once

#include "haircut/haircut_walk.h"
#include "haircut/wrong_way.h"
#include "report/table.h"

namespace margrave {

/// The account's stake in one factor, as it counts against one asset.
struct HaircutStake {
  std::string factor;
  WrongWay stake;
  double part{0};
};

/// One asset's haircut.
struct HaircutLine {
  std::string asset;
  std::int64_t price_ms{0};  ///< when its price was
  double close{0};
  HaircutNow haircut;
  std::vector<HaircutStake> stakes;
};

/// The haircuts of a folder of bars.
struct HaircutReport {
  std::vector<std::string> folders;
  std::string facts;  ///< name of the facts; empty without
  std::int64_t at_ms{0};
  double amount_usd{0};
  std::vector<HaircutLine> lines;
  std::vector<std::string>
      none;  ///< assets of too short a history or without a price in the day before: nothing counts
};

/// The parts of each asset's haircut of the amount, and its tiers.
std::string haircut_text(const HaircutReport& report, const Paint& paint);
/// The whole of it as JSON text (schemas/haircut.schema.json).
std::string haircut_json(const HaircutReport& report);
/// A recipe (YAML) that extends `base` with the tiers as its table `haircut`; what has no haircut counts for nothing.
/// existing: the rates under speed limits and after notice, else those for new holdings.
std::string haircut_recipe(const HaircutReport& report, const std::string& base, bool existing);

}  // namespace margrave
