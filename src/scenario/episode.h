#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "document/cursor.h"

namespace margrave {

/// Joint moves of one time in history, or of one that is feared.
struct Episode {
  std::string name;
  std::vector<std::pair<std::string, Decimal>> returns;  ///< by asset, each once, above -1
  std::optional<Decimal> others;  ///< of a coin that is not named; without it the median of those that are
  Decimal vol;                    ///< relative, of every option
};

/// The moves of a file of scenarios/ over one horizon. Errors: there is no such file (the remedy lists them), it says
/// nothing of this horizon, and what read_episode_file() refuses.
Result<std::vector<Episode>> built_in_episodes(const Cursor& name, std::int64_t horizon_seconds);

/// A file: {episode, description, source, moves: [{horizon, end, returns, vol, others}]}. Errors name file, line, field
/// and remedy: a move at or below -1 or above 100, an asset named twice, no returns, an end that is no time.
Result<std::vector<Episode>> read_episode_file(const Cursor& root, std::int64_t horizon_seconds);

/// One move of a recipe's own: {name, returns, vol, others}.
Result<Episode> read_episode(const Cursor& at);

}  // namespace margrave
