#include "base/timestamp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ctime>

namespace margrave {
namespace {

std::int64_t seconds_of(const char* text) { return Timestamp::parse(text).value().ns / 1'000'000'000; }

// POSIX: 86400 seconds a day; the values are those of `date -u -d ... +%s`.
TEST(Timestamp, ReadsKnownInstants) {
  EXPECT_EQ(seconds_of("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(seconds_of("2000-02-29"), 951'782'400);
  EXPECT_EQ(seconds_of("2001-09-09T01:46:40Z"), 1'000'000'000);
  EXPECT_EQ(seconds_of("2038-01-19T03:14:08Z"), 2'147'483'648);
  EXPECT_EQ(seconds_of("1969-12-31T23:59:59Z"), -1);
  EXPECT_EQ(Timestamp::parse("2001-09-09T01:46:40.000000001Z")->ns, 1'000'000'000'000'000'001);
  EXPECT_EQ(Timestamp::from_civil(2001, 9, 9, 1, 46, 40), Timestamp::from_seconds(1'000'000'000));
}

TEST(Timestamp, LeapDaysFollowTheGregorianRule) {
  for (const char* text : {"2024-02-29", "2000-02-29", "2400-02-28"}) {
    EXPECT_EQ(Timestamp::parse(text).has_value(), std::string_view(text) != "2400-02-28") << text;
  }
  for (const char* text : {"2023-02-29", "2100-02-29", "1900-02-29", "2024-02-30", "2024-04-31"}) {
    EXPECT_FALSE(Timestamp::parse(text)) << text;
  }
}

TEST(Timestamp, RefusesWhatIsNotUtcInThisForm) {
  for (const char* text : {"",
                           "2026",
                           "2026-3-27",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-01-00",
                           "2026-01-32",
                           "2026-03-27T08:00:00",
                           "2026-03-27 08:00:00Z",
                           "2026-03-27T08:00Z",
                           "2026-03-27T24:00:00Z",
                           "2026-03-27T08:60:00Z",
                           "2026-03-27T23:59:60Z",
                           "2026-03-27T08:00:00+00:00",
                           "2026-03-27T08:00:00.Z",
                           "2026-03-27T08:00:00.1234567890Z",
                           "2026-03-27T08:00:00.12x4Z",
                           "2026-03-27T08:00:00ZZ",
                           "-026-03-27",
                           "1678-01-01",
                           "2262-01-01",
                           "2026-03-27T",
                           "2026-03-27Z",
                           " 2026-03-27",
                           "٢٠٢٦-03-27",
                           "2026-03-27T08:00:00Z "}) {
    const auto value = Timestamp::parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().remedy, "write UTC as 2026-03-27T08:00:00Z");
  }
}

TEST(Timestamp, FractionIsShownInThreesAndOnlyWhenThereIsOne) {
  const auto again = [](const char* text) { return to_string(Timestamp::parse(text).value()); };
  EXPECT_EQ(again("2026-03-27T08:00:00.000Z"), "2026-03-27T08:00:00Z");
  EXPECT_EQ(again("2026-03-27T08:00:00.5Z"), "2026-03-27T08:00:00.500Z");
  EXPECT_EQ(again("2026-03-27T08:00:00.000001Z"), "2026-03-27T08:00:00.000001Z");
  EXPECT_EQ(again("2026-03-27T08:00:00.000000001Z"), "2026-03-27T08:00:00.000000001Z");
  EXPECT_EQ(again("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
}

RC_GTEST_PROP(Timestamp, TextComesBackAsTheSameInstant, ()) {
  const auto ns =
      *rc::gen::inRange<std::int64_t>(Timestamp::from_civil(1679, 1, 1).ns, Timestamp::from_civil(2261, 12, 31).ns);
  const Timestamp at{ns};
  RC_ASSERT(Timestamp::parse(to_string(at)).value() == at);
}

RC_GTEST_PROP(Timestamp, AgreesWithTheCLibrary, ()) {
  const auto s = *rc::gen::inRange<std::int64_t>(-9'000'000'000, 9'000'000'000);
  const std::time_t t = s;
  std::tm civil{};
  gmtime_r(&t, &civil);
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &civil);
  RC_ASSERT(to_string(Timestamp::from_seconds(s)) == text);
}

TEST(Years, AreWholeSecondsOver365DaysAndNeverNegative) {
  const Timestamp now = Timestamp::from_civil(2026, 3, 27, 8);
  EXPECT_EQ(years_between(now, Timestamp{now.ns + 365 * seconds_per_day * 1'000'000'000}), 1.0);
  EXPECT_EQ(years_between(now, Timestamp{now.ns - 1}), 0.0);
  EXPECT_EQ(seconds_between(now, Timestamp{now.ns + 1'999'999'999}), 1);
  EXPECT_EQ(seconds_between(now, Timestamp{now.ns - 1}), -1);
}

}  // namespace
}  // namespace margrave
