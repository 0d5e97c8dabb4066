#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "market/bars.h"
#include "scenario/price_windows.h"
#include "study/linear_study.h"

// The recorded series of docs/evidence/linear-books.md: which file an asset's windows come from, and the spans.
namespace margrave {

inline const std::string recorded_data = MARGRAVE_SHARED_DIR "/data/";
inline constexpr std::int64_t hour_ms = 3'600'000, eight_hours = 8 * hour_ms, one_day = 24 * hour_ms;
inline constexpr double recorded_wick_cap = 0.15;

inline std::int64_t ms_of(int year, int month, int day) {
  return Timestamp::from_civil(year, month, day).ns / 1'000'000;
}

/// Files of bars, each up to an instant; the next goes on from there.
struct FilePart {
  std::string folder;
  std::int64_t until{0};
};
struct RecordedAsset {
  std::string name;
  std::vector<FilePart> parts;
};

inline const std::string spot = "spot_ohlcv/binance_spot_1h/", perpetual = "perp/binance_usdm_1h/",
                         further_spot = "spot_ohlcv/binance_spot_1h_2021_2023/",
                         later_spot = "spot_ohlcv/binance_spot_1h_2023_2026/";
inline std::int64_t record_end() { return ms_of(2025, 1, 1); }

/// The thirteen assets with the longest record.
inline std::vector<RecordedAsset> first_assets() {
  std::vector<RecordedAsset> all;
  const auto switched = [&](const char* name, std::int64_t from) {
    all.push_back({name, {{spot, from}, {perpetual, record_end()}}});
  };
  switched("BTC", ms_of(2019, 10, 8));
  switched("ETH", ms_of(2019, 12, 27));
  switched("XRP", ms_of(2020, 2, 6));
  switched("LTC", ms_of(2020, 2, 9));
  switched("ADA", ms_of(2020, 3, 1));
  for (const char* name : {"TRX", "XLM", "LINK", "DOGE", "BCH", "SOL", "DOT", "AVAX"})
    all.push_back({name, {{spot, record_end()}}});
  return all;
}

/// The further assets.
inline std::vector<RecordedAsset> further_assets() {
  std::vector<RecordedAsset> all;
  const std::int64_t change = ms_of(2023, 1, 31);
  for (const char* name : {"BNB", "ATOM", "FIL", "ICP", "THETA"})
    all.push_back({name, {{further_spot, change}, {perpetual, record_end()}}});
  all.push_back({"SHIB", {{further_spot, change}, {later_spot, record_end()}}});
  for (const char* name : {"AAVE", "ALGO", "EOS", "ETC", "FTM", "MANA", "MATIC", "SAND", "SUSHI", "XMR", "ZEC", "GALA"})
    all.push_back({name, {{further_spot, record_end()}}});
  for (const char* name : {"APT", "AR", "FET", "INJ", "NEAR", "OP"}) all.push_back({name, {{perpetual, record_end()}}});
  return all;
}

inline Bars recorded_bars(const std::string& folder, const std::string& name) {
  return *read_bars(recorded_data + folder + name + "USDT_1h.csv.gz");
}

/// Windows that end at multiples of their length (UTC), each within one file.
inline PriceWindows recorded_windows(const RecordedAsset& asset, std::int64_t length_ms) {
  PriceWindows windows;
  std::int64_t from = 0;
  for (const FilePart& part : asset.parts) {
    const Bars bars = recorded_bars(part.folder, asset.name);
    const PriceWindows next = price_windows({&bars}, length_ms, from, part.until, recorded_wick_cap);
    windows.end_ms.insert(windows.end_ms.end(), next.end_ms.begin(), next.end_ms.end());
    windows.log_return.insert(windows.log_return.end(), next.log_return.begin(), next.log_return.end());
    windows.variance.insert(windows.variance.end(), next.variance.begin(), next.variance.end());
    from = part.until;
  }
  return windows;
}

struct NamedSpan {
  std::string name;
  StudySpan span;
};
/// D1, on which everything was chosen; D2, V and F, which says nothing that D1 did not see.
inline const std::vector<NamedSpan>& recorded_spans() {
  static const std::vector<NamedSpan> all{{"D1", {ms_of(2020, 1, 1), ms_of(2022, 1, 1)}},
                                          {"D2", {ms_of(2022, 1, 1), ms_of(2024, 1, 1)}},
                                          {"V", {ms_of(2024, 1, 1), ms_of(2025, 1, 1)}},
                                          {"F", {ms_of(2020, 1, 1), ms_of(2025, 1, 1)}}};
  return all;
}

/// Both sides of a walk as the study wants them.
inline void add_sides(std::vector<StudiedSeries>& all, const std::string& name, const PriceWindows& windows,
                      Walk walk) {
  std::vector<std::int64_t> ends;
  for (const std::size_t t : walk.at) ends.push_back(windows.end_ms[t]);
  all.push_back({name, true, ends, std::move(walk.long_side)});
  all.push_back({name, false, std::move(ends), std::move(walk.short_side)});
}

/// Two assets on one grid: the windows that both have ends for, `absent` where one has no return.
struct JointWindows {
  std::vector<std::int64_t> end_ms;
  std::vector<double> first_return, first_variance, second_return, second_variance;
};
inline JointWindows joint_windows(const PriceWindows& first, const PriceWindows& second) {
  JointWindows joint;
  for (std::size_t i = 0, k = 0; i < first.end_ms.size() && k < second.end_ms.size();) {
    if (first.end_ms[i] < second.end_ms[k]) {
      ++i;
    } else if (second.end_ms[k] < first.end_ms[i]) {
      ++k;
    } else {
      joint.end_ms.push_back(first.end_ms[i]);
      joint.first_return.push_back(first.log_return[i]);
      joint.first_variance.push_back(first.variance[i]);
      joint.second_return.push_back(second.log_return[k]);
      joint.second_variance.push_back(second.variance[k]);
      ++i, ++k;
    }
  }
  return joint;
}

/// Whether the record is there. A continuous run must have it.
inline bool record_is_there() {
  if (std::filesystem::exists(recorded_data)) return true;
  const char* continuous = std::getenv("CI");
  if (continuous != nullptr && std::string(continuous) == "true") {
    std::fprintf(stderr, "%s is not there\n", recorded_data.c_str());
    std::abort();
  }
  return false;
}

}  // namespace margrave
