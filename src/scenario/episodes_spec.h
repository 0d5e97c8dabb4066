#pragma once

#include <vector>

#include "scenario/episode.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// Named times of history, as data, and a recipe's own moves after them.
struct EpisodesSpec {
  std::vector<Episode> episodes;
  VolTerm vol_term;
};

/// The keys of a set of kind episodes: `files`, names of scenarios/ without its ending, and `own`, one of them at
/// least. Errors name file, line, field and remedy.
Result<EpisodesSpec> read_episodes(const Cursor& at, std::int64_t horizon_seconds);

}  // namespace margrave
