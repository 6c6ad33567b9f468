// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <alaris/policy/reducing.hpp>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::unknown;

namespace {
constexpr std::int64_t front = 100, back = 130;
constexpr RiskFigures better{1000, 900, 500, 400}, same{1000, 1000, 500, 500};
constexpr RiskFigures dark{unknown, unknown, unknown, unknown};

constexpr PositionLine call(std::int64_t expiry, std::int64_t strike, std::int64_t held, std::int64_t order = 0) {
  return {.kind = LineKind::call, .expiry_day = expiry, .strike_thousandths = strike, .held = held, .order = order};
}
constexpr PositionLine put(std::int64_t expiry, std::int64_t strike, std::int64_t held, std::int64_t order = 0) {
  return {.kind = LineKind::put, .expiry_day = expiry, .strike_thousandths = strike, .held = held, .order = order};
}
constexpr PositionLine shares(std::int64_t held, std::int64_t order = 0) {
  return {.kind = LineKind::shares, .held = held, .order = order};
}
using Lines = std::vector<PositionLine>;
}  // namespace

TEST_CASE("buying back a short reduces risk whatever else is known", "[policy][reducing]") {
  CHECK(risk_change(Lines{call(front, 100, -3, 3), call(back, 100, 3)}, dark) == RiskChange::reduces);
  CHECK(risk_change(Lines{call(front, 100, -3, 1)}, dark) == RiskChange::reduces);
  CHECK(risk_change(Lines{shares(-300, 300)}, dark) == RiskChange::reduces);
}

TEST_CASE("buying back more than is short may turn the position round", "[policy][reducing]") {
  CHECK(risk_change(Lines{call(front, 100, -3, 4)}, better) == RiskChange::changes_sign);
  PositionLine line = call(front, 100, -3, 2);
  line.working_buys = 1;  // 1 working and 2 more: just flat when all fills
  CHECK(risk_change(Lines{line}, dark) == RiskChange::reduces);
  line.working_buys = 2;
  CHECK(risk_change(Lines{line}, better) == RiskChange::changes_sign);
}

TEST_CASE("closing a calendar as one reduces risk when worst case and margin do not rise", "[policy][reducing]") {
  const Lines close{call(front, 100, -2, 2), call(back, 100, 2, -2)};
  CHECK(risk_change(close, better) == RiskChange::reduces);
  CHECK(risk_change(close, same) == RiskChange::reduces);
  CHECK(risk_change(close, {1000, 1001, 500, 500}) == RiskChange::worst_case_rises);
  CHECK(risk_change(close, {1000, 1000, 500, 501}) == RiskChange::margin_rises);
  CHECK(risk_change(close, {1000, unknown, 500, 500}) == RiskChange::worst_case_rises);
  CHECK(risk_change(close, {unknown, 1000, 500, 500}) == RiskChange::worst_case_rises);
  CHECK(risk_change(close, {1000, 1000, 500, unknown}) == RiskChange::margin_rises);
  CHECK(risk_change(close, {1000, 1000, unknown, 500}) == RiskChange::margin_rises);
}

TEST_CASE("selling the long leg that a short relies on uncovers it", "[policy][reducing]") {
  CHECK(risk_change(Lines{call(front, 100, -2), call(back, 100, 2, -1)}, better) == RiskChange::uncovers);
  CHECK(risk_change(Lines{call(front, 100, -2, 1), call(back, 100, 2, -2)}, better) == RiskChange::uncovers);
  CHECK(risk_change(Lines{put(front, 100, -2), put(back, 100, 2, -2)}, better) == RiskChange::uncovers);
  CHECK(risk_change(Lines{call(front, 100, -1), shares(100, -1)}, better) == RiskChange::uncovers);
  CHECK(risk_change(Lines{put(front, 100, -1), shares(-100, 50)}, better) == RiskChange::reduces);  // buys back
  CHECK(risk_change(Lines{call(front, 100, -2), call(back, 100, 3, -1)}, better) == RiskChange::reduces);
  CHECK(risk_change(Lines{call(back, 100, 3, -3)}, better) == RiskChange::reduces);
  CHECK(risk_change(Lines{call(back, 100, 3, -4)}, better) == RiskChange::changes_sign);
}

TEST_CASE("a short is covered by the same right with as long a life at no worse a strike", "[policy][reducing]") {
  // each time: may the first long be sold while the second is said to cover the short?
  const auto after_selling = [](PositionLine sold, PositionLine first, PositionLine second) {
    first.order = -first.held;
    return risk_change(Lines{sold, first, second}, better);
  };
  const PositionLine good = call(back, 100, 1);
  CHECK(after_selling(call(front, 100, -1), good, call(front, 100 - 1, 1)) == RiskChange::reduces);
  CHECK(after_selling(call(front, 100, -1), good, call(front + 1, 100, 1)) == RiskChange::reduces);
  CHECK(after_selling(call(front, 100, -1), good, call(front + 1, 101, 1)) == RiskChange::uncovers);
  CHECK(after_selling(call(front, 100, -1), good, call(front - 1, 100, 1)) == RiskChange::uncovers);
  CHECK(after_selling(call(front, 100, -1), good, put(back, 100, 1)) == RiskChange::uncovers);
  const PositionLine good_put = put(back, 100, 1);
  CHECK(after_selling(put(front, 100, -1), good_put, put(front + 1, 100, 1)) == RiskChange::reduces);
  CHECK(after_selling(put(front, 100, -1), good_put, put(front + 1, 101, 1)) == RiskChange::reduces);
  CHECK(after_selling(put(front, 100, -1), good_put, put(front + 1, 99, 1)) == RiskChange::uncovers);
  CHECK(after_selling(call(front, 100, -1), good, shares(100)) == RiskChange::reduces);
  CHECK(after_selling(call(front, 100, -1), good, shares(99)) == RiskChange::uncovers);
  CHECK(after_selling(put(front, 100, -1), good_put, shares(-100)) == RiskChange::reduces);
  CHECK(after_selling(put(front, 100, -1), good_put, shares(-99)) == RiskChange::uncovers);
  CHECK(after_selling(put(front, 100, -1), good_put, shares(100)) == RiskChange::uncovers);
  PositionLine elsewhere = call(back, 100, 1);
  elsewhere.underlying = 1;
  CHECK(after_selling(call(front, 100, -1), good, elsewhere) == RiskChange::uncovers);
}

TEST_CASE("one long cannot cover two shorts", "[policy][reducing]") {
  // the back call may cover either short, the front one only the nearer
  const Lines two{call(front, 100, -1), call(front + 7, 100, -1), call(front + 2, 100, 1), call(back, 100, 1, -1)};
  CHECK(risk_change(two, better) == RiskChange::uncovers);
  const Lines spare{call(front, 100, -1), call(front + 7, 100, -1), call(front + 2, 100, 1), call(back, 100, 2, -1)};
  CHECK(risk_change(spare, better) == RiskChange::reduces);
  // strikes: the 105 short can be covered by the 104 or the 100 long, the 101 short by the 100 long only
  const Lines strikes{call(front, 105, -1), call(front, 101, -1), call(back, 104, 1), call(back, 100, 1),
                      call(back, 99, 1, -1)};
  CHECK(risk_change(strikes, better) == RiskChange::reduces);
  const Lines puts{put(front, 95, -1), put(front, 99, -1), put(back, 96, 1), put(back, 100, 1), put(back, 101, 1, -1)};
  CHECK(risk_change(puts, better) == RiskChange::reduces);
  const Lines needed{put(front, 95, -1), put(front, 99, -1), put(back, 96, 1), put(back, 101, 1, -1)};
  CHECK(risk_change(needed, better) == RiskChange::uncovers);
  const Lines stock{call(front, 100, -2), shares(250, -50)};
  CHECK(risk_change(stock, better) == RiskChange::reduces);
  const Lines mixed{call(front, 100, -2), shares(100), call(back, 90, 1), call(back, 120, 1, -1)};
  CHECK(risk_change(mixed, better) == RiskChange::reduces);
}

TEST_CASE("buying back one short does not pay for uncovering another", "[policy][reducing]") {
  // 120 is naked before and after the swap, but 100 loses its only cover
  const Lines swap{call(front, 100, -1), call(back, 100, 1, -1), put(front, 80, -1, 1)};
  CHECK(risk_change(swap, better) == RiskChange::uncovers);
}

TEST_CASE("orders that are working count as filled or not whichever is worse", "[policy][reducing]") {
  Lines lines{call(front, 100, -2), call(back, 100, 3, -1)};
  CHECK(risk_change(lines, better) == RiskChange::reduces);
  lines[1].working_sells = 1;  // fills, and the second sale uncovers
  CHECK(risk_change(lines, better) == RiskChange::uncovers);
  lines[1].working_sells = 3;
  CHECK(risk_change(lines, better) == RiskChange::changes_sign);
  lines[1].working_sells = 0;
  lines[0].working_sells = 1;  // one short more on its way relies on the third long
  CHECK(risk_change(lines, better) == RiskChange::uncovers);
  lines[0].working_sells = 0;
  lines[0].working_buys = 1;  // may not fill
  lines[1].order = -2;
  CHECK(risk_change(lines, better) == RiskChange::uncovers);
  // a short that only working buys would uncover by ending the short stock that covers a put
  Lines cover{put(front, 100, -1), shares(-100), put(back, 100, 1, -1)};
  CHECK(risk_change(cover, better) == RiskChange::reduces);
  cover[1].working_buys = 100;
  CHECK(risk_change(cover, better) == RiskChange::uncovers);
}

TEST_CASE("a short that is opened or grown never counts as reducing", "[policy][reducing]") {
  CHECK(risk_change(Lines{call(front, 100, 0, -1), call(back, 100, 2)}, better) == RiskChange::opens_short);
  CHECK(risk_change(Lines{call(front, 100, -1, -1), call(back, 100, 2)}, better) == RiskChange::opens_short);
  CHECK(risk_change(Lines{shares(0, -100)}, better) == RiskChange::opens_short);
}

TEST_CASE("buying a cover reduces risk only when the figures say so", "[policy][reducing]") {
  const Lines cover{call(front, 100, -1), call(back, 100, 0, 1)};
  CHECK(risk_change(cover, better) == RiskChange::reduces);
  CHECK(risk_change(cover, dark) == RiskChange::worst_case_rises);
}

TEST_CASE("positions that cannot be read reduce nothing", "[policy][reducing]") {
  CHECK(risk_change(Lines{}, better) == RiskChange::nothing);
  CHECK(risk_change(Lines{call(front, 100, -1)}, better) == RiskChange::nothing);
  CHECK(risk_change(Lines{call(front, 100, -1, 1), call(front, 100, 1)}, better) == RiskChange::not_readable);
  CHECK(risk_change(Lines{shares(-100, 100), shares(100)}, better) == RiskChange::not_readable);
  CHECK(risk_change(Lines{call(front, 100, -1, 1), call(front, 101, 1)}, better) == RiskChange::reduces);
  CHECK(risk_change(Lines{call(front, 100, -1, 1), call(back, 100, 1)}, better) == RiskChange::reduces);
  CHECK(risk_change(Lines{call(front, 100, -1, 1), put(front, 100, 1)}, better) == RiskChange::reduces);
  PositionLine other = call(front, 100, 1);
  other.underlying = 1;
  CHECK(risk_change(Lines{call(front, 100, -1, 1), other}, better) == RiskChange::reduces);
  PositionLine broken = call(front, 100, -1, 1);
  broken.working_buys = -1;
  CHECK(risk_change(Lines{broken}, better) == RiskChange::not_readable);
  broken.working_buys = 0;
  broken.working_sells = -1;
  CHECK(risk_change(Lines{broken}, better) == RiskChange::not_readable);
  Lines many;
  for (int i = 0; i < 128; ++i) many.push_back(call(front, 100 + i, -1, 1));
  CHECK(risk_change(many, dark) == RiskChange::reduces);
  many.push_back(call(back, 100, 1));
  CHECK(risk_change(many, dark) == RiskChange::not_readable);
}

TEST_CASE("every answer about reducing risk has words", "[policy][reducing]") {
  constexpr RiskChange all[] = {RiskChange::reduces,          RiskChange::nothing,      RiskChange::not_readable,
                                RiskChange::opens_short,      RiskChange::changes_sign, RiskChange::uncovers,
                                RiskChange::worst_case_rises, RiskChange::margin_rises};
  for (const RiskChange a : all)
    for (const RiskChange b : all) CHECK((name(a) == name(b)) == (a == b));
}
