// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does an order reduce risk? A property that is checked on the projected positions, not a label that an order carries.
//   An order reduces risk iff for every partial fill no short option becomes less covered, the worst case over the
//   stress grid and the margin do not rise, and no position changes sign. Buying back a short always does.
// Orders still working or in flight may fill or not: both is assumed, whichever is worse.
//   partial fills   the uncovered number and the worst case are convex in the share of the order that fills, so that
//                   nothing rises in between when nothing rises at the whole

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace alaris::inline v0 {

enum class LineKind : std::uint8_t { call, put, shares };

/// One contract (or the shares) of one underlying: what is held, what may still come, what this order would trade.
struct PositionLine {
  int underlying = 0;  // any number that stands for its name
  LineKind kind = LineKind::call;
  std::int64_t expiry_day = 0;          // last trading day, days since 1970; not read for shares
  std::int64_t strike_thousandths = 0;  // not read for shares
  std::int64_t held = 0;                // contracts, or shares; negative: short
  std::int64_t working_buys = 0;        // still to fill, of other orders; never negative
  std::int64_t working_sells = 0;
  std::int64_t order = 0;  // of this order with all its units; positive buys
};

/// Dollars. `worst_case` is the loss in the worst scenario of the stress grid over the whole book, `margin` what the
/// broker's preview asks. NaN: not known.
struct RiskFigures {
  double worst_case_before;
  double worst_case_after;
  double margin_before;
  double margin_after;
};

enum class RiskChange : std::uint8_t {
  reduces,
  nothing,       // the order trades nothing
  not_readable,  // more than 128 lines, a contract on two lines, a negative working quantity
  opens_short,   // a short would be opened or grow
  changes_sign,  // more than what is held would be bought or sold, if what is working fills
  uncovers,      // a short would rely on less
  worst_case_rises,
  margin_rises
};

[[nodiscard]] constexpr std::string_view name(RiskChange change) noexcept {
  switch (change) {
    case RiskChange::reduces:
      return "reduces risk";
    case RiskChange::nothing:
      return "trades nothing";
    case RiskChange::not_readable:
      return "the positions cannot be read";
    case RiskChange::opens_short:
      return "opens or grows a short";
    case RiskChange::changes_sign:
      return "may turn a position round";
    case RiskChange::uncovers:
      return "leaves a short less covered";
    case RiskChange::worst_case_rises:
      return "the worst case rises or is not known";
    case RiskChange::margin_rises:
      return "the margin rises or is not known";
  }
  return "unknown";
}

namespace detail {

inline constexpr std::size_t max_lines = 128;
using Quantities = std::array<std::int64_t, max_lines>;

/// Can a long of line `cover` deliver for a short of line `sold`? The same right, at least as long, at no worse strike;
/// shares always can.
[[nodiscard]] constexpr bool covers(const PositionLine& cover, const PositionLine& sold) noexcept {
  if (cover.underlying != sold.underlying) return false;
  if (cover.kind == LineKind::shares) return true;
  if (cover.kind != sold.kind || cover.expiry_day < sold.expiry_day) return false;
  return sold.kind == LineKind::call ? cover.strike_thousandths <= sold.strike_thousandths
                                     : cover.strike_thousandths >= sold.strike_thousandths;
}

/// How many contracts of `sold` a quantity of `cover` can deliver for: shares by the hundred, long for calls, short for
/// puts.
[[nodiscard]] constexpr std::int64_t cover_of(const PositionLine& cover, std::int64_t quantity,
                                              const PositionLine& sold) noexcept {
  if (!covers(cover, sold)) return 0;
  const std::int64_t contracts = cover.kind != LineKind::shares ? quantity
                                 : sold.kind == LineKind::call  ? quantity / 100
                                                                : -quantity / 100;
  return contracts > 0 ? contracts : 0;
}

/// Contracts of the short line `sold` that nothing covers, if it came first.
[[nodiscard]] constexpr std::int64_t uncovered_alone(std::span<const PositionLine> lines, const Quantities& quantity,
                                                     std::size_t sold) noexcept {
  std::int64_t open = -quantity[sold];
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (i != sold) open -= cover_of(lines[i], quantity[i], lines[sold]);
  return open > 0 ? open : 0;
}

/// Short contracts that stay uncovered when the longs are spread over them as well as possible: the latest expiry
/// chooses first, and takes the cover whose strike helps fewest others; shares come last.
[[nodiscard]] constexpr std::int64_t uncovered_together(std::span<const PositionLine> lines,
                                                        Quantities quantity) noexcept {
  std::int64_t uncovered = 0;
  for (;;) {
    std::size_t sold = lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i].kind != LineKind::shares && quantity[i] < 0 &&
          (sold == lines.size() || lines[i].expiry_day > lines[sold].expiry_day))
        sold = i;
    if (sold == lines.size()) return uncovered;
    std::size_t best = lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (cover_of(lines[i], quantity[i], lines[sold]) == 0) continue;
      const auto helps_fewer = [&](const PositionLine& a, const PositionLine& b) {
        if (b.kind == LineKind::shares) return true;
        if (a.kind == LineKind::shares) return false;
        return a.kind == LineKind::call ? a.strike_thousandths > b.strike_thousandths
                                        : a.strike_thousandths < b.strike_thousandths;
      };
      if (best == lines.size() || helps_fewer(lines[i], lines[best])) best = i;
    }
    if (best == lines.size()) {
      uncovered -= quantity[sold];
      quantity[sold] = 0;
      continue;
    }
    const std::int64_t open = -quantity[sold], there = cover_of(lines[best], quantity[best], lines[sold]);
    const std::int64_t used = open < there ? open : there;
    quantity[sold] += used;
    const std::int64_t per = lines[best].kind == LineKind::shares ? 100 : 1;
    quantity[best] -= quantity[best] > 0 ? used * per : -used * per;
  }
}

[[nodiscard]] constexpr bool same_contract(const PositionLine& a, const PositionLine& b) noexcept {
  if (a.underlying != b.underlying || a.kind != b.kind) return false;
  return a.kind == LineKind::shares || (a.expiry_day == b.expiry_day && a.strike_thousandths == b.strike_thousandths);
}

[[nodiscard]] constexpr bool readable(std::span<const PositionLine> lines) noexcept {
  if (lines.size() > max_lines) return false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].working_buys < 0 || lines[i].working_sells < 0) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (same_contract(lines[i], lines[j])) return false;
  }
  return true;
}

/// One leg against its own position, whatever of the working orders fills.
[[nodiscard]] constexpr RiskChange leg_change(const PositionLine& line) noexcept {
  if (line.order > 0 && line.held < 0 && line.held + line.working_buys + line.order > 0)
    return RiskChange::changes_sign;
  if (line.order < 0 && line.held <= 0) return RiskChange::opens_short;
  if (line.order < 0 && line.held - line.working_sells + line.order < 0) return RiskChange::changes_sign;
  return RiskChange::reduces;
}

/// Does any short rely on less after the order, when `share` of the working orders (0: none, -1: all sells, +1: all
/// buys) has filled?
[[nodiscard]] constexpr bool uncovers(std::span<const PositionLine> lines, int filled) noexcept {
  Quantities before{}, after{};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    before[i] = lines[i].held + (filled < 0 ? -lines[i].working_sells : filled > 0 ? lines[i].working_buys : 0);
    after[i] = before[i] + lines[i].order;
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].kind != LineKind::shares && after[i] < 0 &&
        uncovered_alone(lines, after, i) > uncovered_alone(lines, before, i))
      return true;
  return uncovered_together(lines, after) > uncovered_together(lines, before);
}

}  // namespace detail

/// What the order written in the lines does to the risk of the book. Figures are needed only when something else than
/// shorts is traded: what is not known does not reduce.
[[nodiscard]] constexpr RiskChange risk_change(std::span<const PositionLine> lines,
                                               const RiskFigures& figures) noexcept {
  if (!detail::readable(lines)) return RiskChange::not_readable;
  bool trades = false, only_buys_back = true;
  for (const PositionLine& line : lines) {
    if (line.order == 0) continue;
    trades = true;
    if (const RiskChange leg = detail::leg_change(line); leg != RiskChange::reduces) return leg;
    only_buys_back = only_buys_back && line.order > 0 && line.held < 0;
  }
  if (!trades) return RiskChange::nothing;
  if (only_buys_back) return RiskChange::reduces;
  for (const int filled : {-1, 0, 1})
    if (detail::uncovers(lines, filled)) return RiskChange::uncovers;
  if (!(figures.worst_case_after <= figures.worst_case_before)) return RiskChange::worst_case_rises;
  if (!(figures.margin_after <= figures.margin_before)) return RiskChange::margin_rises;
  return RiskChange::reduces;
}

}  // namespace alaris::inline v0
