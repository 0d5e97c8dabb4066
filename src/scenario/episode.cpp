#include "scenario/episode.h"

#include "base/embedded.h"
#include "document/read.h"
#include "scenario/duration.h"

namespace margrave {
namespace {

Result<Decimal> read_move(const Cursor& at) {
  const Decimal move = TRY(at.decimal());
  if (1.0 + move.to_double() > 0 && !(move > Decimal{100, 0})) return move;
  return fail(
      at.error("a move of " + move.to_string() + " is out of range", "use a fraction above -1: -0.15 is minus 15 %"));
}

/// What a file's move and a recipe's own have in common.
Result<Episode> read_moves(const Cursor& at) {
  Episode episode;
  const Cursor returns = TRY(at.get("returns"));
  for (const auto& [asset, move] : TRY(returns.entries())) {
    episode.returns.emplace_back(std::string(asset), TRY(read_move(move)));
  }
  if (episode.returns.empty()) return fail(returns.error("nothing moves", "name at least one asset: {BTC: \"-0.3\"}"));
  if (const auto others = at.find("others")) episode.others = TRY(read_move(*others));
  if (const auto vol = at.find("vol")) {
    episode.vol = TRY(vol->decimal());
    if (episode.vol < Decimal{-1, 0} || episode.vol > Decimal{100, 0})
      return fail(vol->error("a vol move of " + episode.vol.to_string() + " is out of range", "0.5 is plus 50 %"));
  }
  return episode;
}

std::string known_names() {
  std::string names;
  for (const std::string& name : embedded_names("scenarios/", ".yaml")) names += (names.empty() ? "" : ", ") + name;
  return names;
}

}  // namespace

Result<Episode> read_episode(const Cursor& at) {
  TRY_VOID(at.only({"name", "returns", "vol", "others"}));
  const Cursor name = TRY(at.get("name"));
  const std::string text(TRY(name.text()));
  Episode episode = TRY(read_moves(at));
  episode.name = text;
  return episode;
}

Result<std::vector<Episode>> read_episode_file(const Cursor& root, std::int64_t horizon_seconds) {
  TRY_VOID(root.only({"episode", "description", "source", "moves"}));
  const Cursor title = TRY(root.get("episode")), source = TRY(root.get("source")), moves = TRY(root.get("moves"));
  const std::string name(TRY(title.text()));
  TRY_VOID(source.text());
  std::vector<Episode> episodes;
  for (const Cursor& move : TRY(moves.list())) {
    TRY_VOID(move.only({"horizon", "end", "returns", "vol", "others"}));
    const Cursor horizon = TRY(move.get("horizon")), end = TRY(move.get("end"));
    const std::int64_t seconds = TRY(read_duration(horizon));
    const Timestamp ends = TRY(end.timestamp());
    Episode episode = TRY(read_moves(move));
    episode.name = name + ", " + std::string(TRY(horizon.text())) + " to " + to_string(ends);
    if (seconds == horizon_seconds) episodes.push_back(std::move(episode));
  }
  if (!episodes.empty()) return episodes;
  return fail(moves.error("the episode has no moves over " + std::to_string(horizon_seconds) + " seconds",
                          "use a horizon that it has"));
}

Result<std::vector<Episode>> built_in_episodes(const Cursor& name, std::int64_t horizon_seconds) {
  const std::string text(TRY(name.text()));
  const auto file = embedded_file("scenarios/" + text + ".yaml");
  if (!file) return fail(name.error("there is no episode '" + text + "'", "use one of " + known_names()));
  const Document document = TRY(parse_document(*file, "scenarios/" + text + ".yaml", ErrorKind::config));
  auto episodes = read_episode_file(Cursor(document), horizon_seconds);
  if (episodes) return episodes;
  return fail(name.error(episodes.error().message, episodes.error().remedy));
}

}  // namespace margrave
