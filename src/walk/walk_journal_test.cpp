#include "walk/walk_journal.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "document/file.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

class Journal : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "walk_journal_" + std::to_string(getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/walk.journal"; }

  static WalkChunk chunk_of(double number) {
    WalkChunk chunk;
    chunk.updates.push_back({CellState::good, number, number / 2, 7});
    chunk.windows.push_back({CellState::stale, -number, 0});
    chunk.first_error = "of " + std::to_string(number);
    return chunk;
  }
  std::string folder_;
};

constexpr Digest one{1, 2}, other{1, 3};

TEST_F(Journal, KeepsWhatWasAdded) {
  {
    const auto journal = *WalkJournal::open(path(), one);
    EXPECT_EQ(journal->size(), 0u);
    for (const std::size_t chunk : {4u, 0u, 9u}) journal->add(chunk, chunk_of(0.1 * static_cast<double>(chunk)));
    EXPECT_TRUE(journal->close());
  }
  const auto journal = *WalkJournal::open(path(), one);
  EXPECT_EQ(journal->size(), 3u);
  for (const std::size_t chunk : {4u, 0u, 9u}) {
    ASSERT_NE(journal->find(chunk), nullptr);
    EXPECT_EQ(encode(*journal->find(chunk)), encode(chunk_of(0.1 * static_cast<double>(chunk))));
  }
  EXPECT_EQ(journal->find(1), nullptr);
}

TEST_F(Journal, OfOtherInputsBeginsAnew) {
  { (*WalkJournal::open(path(), one))->add(0, chunk_of(1)); }
  { EXPECT_EQ((*WalkJournal::open(path(), other))->size(), 0u); }
  EXPECT_EQ((*WalkJournal::open(path(), one))->size(), 0u);  // which the other has replaced
}

// At whatever byte a crash cut it, the records before stay, and the next one is written behind them.
TEST_F(Journal, IsWholeUpToWhereACrashCutIt) {
  {
    const auto journal = *WalkJournal::open(path(), one);
    for (std::size_t chunk = 0; chunk < 3; ++chunk) journal->add(chunk, chunk_of(static_cast<double>(chunk)));
  }
  const std::string text = *read_file(path());
  const std::size_t record = (text.size() - 40) / 3;
  ASSERT_EQ(40 + 3 * record, text.size());
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    ASSERT_TRUE(write_file_atomically(path(), text.substr(0, cut)));
    const std::size_t expected = cut < 40 ? 0 : (cut - 40) / record;
    {
      const auto journal = *WalkJournal::open(path(), one);
      ASSERT_EQ(journal->size(), expected) << cut;
      journal->add(7, chunk_of(7));
    }
    ASSERT_EQ((*WalkJournal::open(path(), one))->size(), expected + 1) << cut;
  }
}

TEST_F(Journal, ABitThatTurnedEndsIt) {
  {
    const auto journal = *WalkJournal::open(path(), one);
    for (std::size_t chunk = 0; chunk < 3; ++chunk) journal->add(chunk, chunk_of(static_cast<double>(chunk)));
  }
  const std::string text = *read_file(path());
  for (std::size_t at = 40; at < text.size(); at += 3) {
    std::string spoiled = text;
    spoiled[at] = static_cast<char>(spoiled[at] ^ 4);
    ASSERT_TRUE(write_file_atomically(path(), spoiled));
    const std::size_t record = (text.size() - 40) / 3;
    EXPECT_EQ((*WalkJournal::open(path(), one))->size(), (at - 40) / record) << at;
  }
}

/// A walk that is long enough to be killed in.
struct LongWalk {
  std::vector<Bars> bars;
  ReadRecipe read{read_preset_recipe("dynamic-es")};
  std::vector<Listing> contracts;
  std::vector<WalkBook> books;
  BookWalkSpec spec;
  LongWalk() {
    for (const char* coin : {"AAA", "BBB", "CCC"})
      bars.push_back(draw_bars({.coin = coin, .hours = 24 * 400, .seed = static_cast<std::uint64_t>(coin[0])}));
    contracts = bar_perpetuals(bars);
    books = single_books(coins_of(bars));
    spec.first = 200;
    spec.to_ms = 400LL * 24 * hour_ms;
  }
  BookWalkInputs inputs() const { return {read.recipe, read.scenarios, bars, contracts, books}; }
  Result<BookWalk> walk(WalkJournal* journal) const {
    WalkKeeper keeper;
    if (journal != nullptr) {
      keeper.kept = [journal](std::size_t chunk) { return journal->find(chunk); };
      keeper.keep = [journal](std::size_t chunk, const WalkChunk& value) { journal->add(chunk, value); };
    }
    return walk_books(inputs(), spec, {2, best_isa()}, keeper);
  }
};

// Killed without notice again and again, a walk comes to its end, and to the numbers of one that was left alone.
TEST_F(Journal, AWalkThatIsKilledGoesOn) {
  const LongWalk walk;
  const Digest inputs = digest_of(walk.inputs(), walk.spec);
  std::size_t kept = 0, kills = 0;
  for (int run = 0; run < 3; ++run) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto journal = WalkJournal::open(path(), inputs);
      if (journal && walk.walk(journal->get())) _exit(0);
      _exit(1);
    }
    // Until it has kept another stretch, however slow the machine.
    for (int wait = 0; wait < 20'000; ++wait) {
      std::error_code code;
      const auto size = std::filesystem::file_size(path(), code);
      if (!code && size > 40 + kept) break;
      usleep(2000);
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    kills += WIFSIGNALED(status) ? 1u : 0u;
    kept = std::filesystem::file_size(path()) - 40;
  }
  EXPECT_GE(kills, 1u);
  const auto journal = *WalkJournal::open(path(), inputs);
  const std::size_t there = journal->size();
  EXPECT_GE(there, 1u);
  const BookWalk resumed = *walk.walk(journal.get());
  const BookWalk alone = *walk.walk(nullptr);
  EXPECT_EQ(encode(resumed.updates), encode(alone.updates));
  EXPECT_EQ(encode(resumed.windows), encode(alone.windows));
  EXPECT_EQ(resumed.first_error, alone.first_error);
  EXPECT_LE(resumed.computed_updates + 64 * (there - 1), alone.computed_updates);
}

TEST_F(Journal, TheDigestNamesEveryInput) {
  LongWalk walk;
  const Digest before = digest_of(walk.inputs(), walk.spec);
  EXPECT_EQ(digest_of(walk.inputs(), walk.spec), before);
  BookWalkSpec spec = walk.spec;
  spec.delay_ms = 1000;
  EXPECT_NE(digest_of(walk.inputs(), spec), before);
  walk.bars[1].close[500] *= 1.0000001;
  EXPECT_NE(digest_of(walk.inputs(), walk.spec), before);
  walk = LongWalk();
  walk.books[0].shares[0].millionths -= 1;
  EXPECT_NE(digest_of(walk.inputs(), walk.spec), before);
  walk = LongWalk();
  walk.read = read_preset_recipe("hs-es");
  EXPECT_NE(digest_of(walk.inputs(), walk.spec), before);
}

}  // namespace
}  // namespace margrave
