// Which names are those of files that were at one path.
#include "sources/follow/series.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>

using slipring::Series;

TEST_CASE("a series has the name itself, and it with a number, a date or .old behind") {
  const Series series("app.log");
  for (const std::string_view name : {"app.log", "app.log.1", "app.log-20261130", "app.log.2026-11-30T10:00:00Z",
                                      "app.log_7", "app.log.old", "app.log-1764500000"}) {
    CAPTURE(name);
    CHECK(series.has(name));
    CHECK_FALSE(series.has_compressed(name));
  }
}

TEST_CASE("a series has names with a number or a date before the ending") {
  const Series series("app.log");
  for (const std::string_view name : {"app.1.log", "app-2026-11-30.log", "app_2.log"}) {
    CAPTURE(name);
    CHECK(series.has(name));
  }
  CHECK(Series("syslog").has("syslog.1"));
  CHECK(Series(".log").has(".log.1"));
}

TEST_CASE("a name with a date has others in its series, and one with a number alone does not") {
  CHECK(Series("app-2026-11-30.log").has("app-2026-11-29.log"));
  CHECK_FALSE(Series("app-2026-11-30.log").has("web-2026-11-29.log"));
  CHECK_FALSE(Series("web01.log").has("web02.log"));
}

TEST_CASE("strangers are in no series") {
  const Series series("app.log");
  for (const std::string_view name :
       {"", "app", "app.logs", "app.log1", "app.log.", "app.log.lock", "app.log.1.lock", "app-error.log", "app..log",
        "my-app.log", ".1.log", "app.log.bak", ".log", "p.log", "app.lo", "ap.log"}) {
    CAPTURE(name);
    CHECK_FALSE(series.has(name));
  }
  CHECK_FALSE(Series("syslog").has(".1syslog"));
}

TEST_CASE("what was compressed is of the series that it was of") {
  const Series series("app.log");
  for (const std::string_view name :
       {"app.log.1.gz", "app.log.bz2", "app.1.log.xz", "app.log-20261130.zst", "app.log.3.Z"}) {
    CAPTURE(name);
    CHECK(series.has_compressed(name));
    CHECK_FALSE(series.has(name));
  }
  CHECK_FALSE(series.has_compressed("other.log.1.gz"));
  CHECK_FALSE(series.has_compressed(".gz"));
}

TEST_CASE("a number is what a rotation has put behind the name, and no date") {
  const Series series("app.log");
  CHECK(series.number_of("app.log.1") == 1);
  CHECK(series.number_of("app.log-02") == 2);
  CHECK(series.number_of("app.log.99999") == 99999);
  for (const std::string_view name : {"app.log", "app.log.", "app.log.20261130", "app.log.1.2", "app.1.log",
                                      "app.log.old", "app.log5", "other.1", ""}) {
    CAPTURE(name);
    CHECK_FALSE(series.number_of(name));
  }
}
