#include "scenario/episodes_spec.h"

#include "scenario/spec_field.h"

namespace margrave {

Result<EpisodesSpec> read_episodes(const Cursor& at, std::int64_t horizon_seconds) {
  TRY_VOID(at.only({"kind", "horizon", "value_at", "source", "files", "own", "vol_term"}));
  EpisodesSpec spec;
  if (const auto files = at.find("files")) {
    if (horizon_seconds == 0) return fail(at.error("episodes from files need a horizon", "write horizon: 8h or 24h"));
    const std::vector<Cursor> names = TRY(files->list());
    if (names.size() > 100) return fail(files->error("more than 100 files", "name each once"));
    for (const Cursor& name : names) {
      for (Episode& episode : TRY(built_in_episodes(name, horizon_seconds)))
        spec.episodes.push_back(std::move(episode));
    }
  }
  if (const auto own = at.find("own")) {
    for (const Cursor& each : TRY(own->list())) spec.episodes.push_back(TRY(read_episode(each)));
  }
  if (const auto term = at.find("vol_term")) spec.vol_term = TRY(read_vol_term(*term));
  if (spec.episodes.empty()) return fail(at.error("the set has no episode", "write files: [2020-03-12], or own moves"));
  return spec;
}

}  // namespace margrave
