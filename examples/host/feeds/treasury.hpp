// SPDX-License-Identifier: Apache-2.0
#pragma once
// Par yields of the US Treasury: percent per year, bond-equivalent, one row per business day, as CSV and as XML.

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include <alaris/market/events.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::treasury {

inline constexpr std::string_view feed = "treasury";
inline constexpr std::size_t tenors = 14;

struct Tenor {
  std::string_view csv;  // header text
  std::string_view xml;  // element name behind "d:"
  double years;
};
inline constexpr std::array<Tenor, tenors> known_tenors{{{"1 Mo", "BC_1MONTH", 1.0 / 12},
                                                         {"1.5 Month", "BC_1_5MONTH", 1.5 / 12},
                                                         {"2 Mo", "BC_2MONTH", 2.0 / 12},
                                                         {"3 Mo", "BC_3MONTH", 0.25},
                                                         {"4 Mo", "BC_4MONTH", 4.0 / 12},
                                                         {"6 Mo", "BC_6MONTH", 0.5},
                                                         {"1 Yr", "BC_1YEAR", 1.0},
                                                         {"2 Yr", "BC_2YEAR", 2.0},
                                                         {"3 Yr", "BC_3YEAR", 3.0},
                                                         {"5 Yr", "BC_5YEAR", 5.0},
                                                         {"7 Yr", "BC_7YEAR", 7.0},
                                                         {"10 Yr", "BC_10YEAR", 10.0},
                                                         {"20 Yr", "BC_20YEAR", 20.0},
                                                         {"30 Yr", "BC_30YEAR", 30.0}}};

struct Curve {
  Date date{};
  std::array<std::optional<double>, tenors> percent{};  // in the order of known_tenors
  [[nodiscard]] std::size_t known() const noexcept;
  friend bool operator==(const Curve&, const Curve&) = default;
};

/// Read by header text, sorted by date. A year not yet published (status 200, no bytes) is an empty table.
[[nodiscard]] FeedResult<FeedTable<Curve>> parse_csv(const HttpAnswer& answer);
/// The Atom feed. Document types and entities are refused; rows without a single yield are left out.
[[nodiscard]] FeedResult<FeedTable<Curve>> parse_xml(const HttpAnswer& answer);

/// The points of a curve as continuous rates, 2 ln(1 + y/200): exact for bills up to six months, for longer tenors the
/// par yield read as a zero rate.
[[nodiscard]] std::vector<RatePoint> rate_points(const Curve& curve);

}  // namespace alaris::host::treasury
