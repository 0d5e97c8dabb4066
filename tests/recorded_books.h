#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace margrave {

/// The files of one recorded order book, in the folder of reference data.
struct RecordedBookFiles {
  std::string name, snapshot;
  std::vector<std::string> updates, tops;
};

inline const std::string recorded_books_folder = MARGRAVE_SHARED_DIR "/data/orderbook/";

inline RecordedBookFiles recorded_book(const std::string& name, const std::vector<std::string>& days) {
  RecordedBookFiles files;
  files.name = name;
  const std::string stem = recorded_books_folder + "binance_" + name + "_";
  files.snapshot = stem + days.front() + "_depth_snapshot.csv.gz";
  for (const std::string& day : days) {
    files.updates.push_back(stem + day + "_depth_updates.csv.gz");
    files.tops.push_back(stem + day + "_top_of_book.csv.gz");
  }
  return files;
}

inline std::vector<RecordedBookFiles> recorded_books() {
  return {recorded_book("coinm_BTCUSD_PERP", {"2024-08-08"}), recorded_book("usdm_BTCUSDT", {"2024-08-08"}),
          recorded_book("usdm_ETHUSDT", {"2024-08-08"}), recorded_book("spot_BTCUSDT", {"2024-08-08", "2024-08-09"}),
          recorded_book("spot_ETHUSDT", {"2024-08-08"})};
}

}  // namespace margrave

/// A visible skip without the reference data, a failure where CI promises it.
#define NEEDS_RECORDED_BOOKS()                                                   \
  if (!std::filesystem::exists(margrave::recorded_books_folder)) {               \
    if (std::getenv("CI") != nullptr) FAIL() << "the reference data is missing"; \
    GTEST_SKIP() << "the reference data is missing";                             \
  }                                                                              \
  static_assert(true)
