// SPDX-License-Identifier: Apache-2.0
#pragma once
// SEC EDGAR: a company's filings, and from them when its results were out.

#include <optional>
#include <string>
#include <vector>

#include <alaris/market/results_filing.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::edgar {

inline constexpr std::string_view feed = "edgar";
inline constexpr std::chrono::seconds block_length{600};  // asking again within it prolongs it

struct Filing {
  std::string accession{}, form{}, items{};
  Date filed{};
  FilingStamp accepted{};  // the digits as they stand
};

struct OlderPage {
  std::string name{};
  Date from{}, to{};
};

struct Submissions {
  std::string cik{}, company{};
  std::vector<std::string> symbols{};  // canonical
  std::vector<Filing> filings{};       // newest first, as the SEC lists them
  std::vector<OlderPage> older{};
};

/// The company page or, without header, an older page of the same arrays.
[[nodiscard]] FeedResult<Submissions> parse_submissions(const HttpAnswer& answer);

struct ResultsEvent {
  std::string accession{};
  ResultsKind kind = ResultsKind::report;
  ReleaseSession release{};
  FilingStamp stamp{};
  StampClock clock = StampClock::unknown;  // how the stamp was read
};
/// The filings that announce results, oldest first. `clock` overrides what the filer's own stamps tell.
[[nodiscard]] std::vector<ResultsEvent> results_events(const Submissions& company, const TradingCalendar& calendar,
                                                       std::optional<StampClock> clock = std::nullopt);

/// The acceptance instant of a filing's own header, which is always New York time.
[[nodiscard]] FeedResult<Instant> parse_filing_header(const HttpAnswer& answer);

struct Filer {
  std::int64_t cik = 0;
  std::string symbol{};  // canonical
  std::string company{};
};
[[nodiscard]] FeedResult<FeedTable<Filer>> parse_filers(const HttpAnswer& answer);

}  // namespace alaris::host::edgar
