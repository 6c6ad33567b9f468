// SPDX-License-Identifier: Apache-2.0
#pragma once
// One possible trade with every figure a rule may ask for. NaN: not known, and a rule that asks will refuse.

#include <optional>
#include <string>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/quote.hpp>
#include <alaris/policy/sizing.hpp>
#include <alaris/strategy/calendar_spread.hpp>
#include <alaris/strategy/stress.hpp>

namespace alaris::inline v0 {

/// What early assignment of one short leg may do, before the planned exit.
struct ShortLeg {
  OptionContract contract;
  double probability;
  double cost;  // dollars, whole position
};

struct Candidate {
  std::string symbol{};
  Date event_date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  std::optional<EventSessions> event{};  // nothing when the session is not_known
  bool session_derived = false;
  std::optional<CalendarSpread> spread{};
  std::string missing{};  // why there is no spread or no figure; empty when there is

  // the event's sources
  double agreeing_sources = 0;
  double disagreeing_sources = 0;
  bool tradeable_session = false;
  double days_to_event = not_known;  // calendar days from entry

  // signal; volatilities per square root of a year
  double spot = not_known;
  double iv30 = not_known;
  double rv30 = not_known;  // without past event sessions
  double rv30_with_events = not_known;
  double front_iv = not_known;
  double back_iv = not_known;
  double term_slope_per_day = not_known;
  double underlying_volume = not_known;  // shares, 30-session mean

  // the event
  double sigma_base = not_known;
  double sigma_event = not_known;     // implied
  double sigma_physical = not_known;  // shrunk towards past moves
  double implied_move = not_known;    // expected absolute move
  double past_events = 0;             // of this name

  // economics of one spread
  double debit_mid = not_known;          // dollars per share
  double debit_natural = not_known;      // dollars per share
  double vega30 = not_known;             // dollars per share and volatility point
  double round_trip_cost = not_known;    // dollars
  double round_trip_points = not_known;  // the same in volatility points, by vega30
  double expected_pnl = not_known;       // dollars, at mid, physical event model, before cost
  double net_delta = not_known;          // per share
  double capital_at_risk = not_known;    // dollars

  // short legs and the name around the trade
  double delta_after_event = not_known;       // largest absolute delta after 1, 2, 3 event sigmas either way
  double assignment_probability = not_known;  // of the likeliest short leg, before the planned exit
  double assignment_cost = not_known;         // dollars, whole position
  std::vector<ShortLeg> short_legs{};         // put before call
  double dividends_owed = not_known;          // dollars, whole position, on short calls up to the front expiry
  double pin_distance = not_known;
  double sessions_to_spare = not_known;  // after the planned exit, up to the front's last session
  double borrow_rate = not_known;        // least that the quotes prove, a year
  double hard_to_borrow = not_known;     // expiries of the legs whose parity only a cost of borrowing explains
  bool holds_calls = true;
  double adjusted_legs = not_known;              // that may not deliver 100 plain shares
  double pending_contract_changes = not_known;   // splits and special dividends up to the back expiry
  double results_in_prior_sessions = not_known;  // reports of the name in the last 15 sessions
  double other_events_before_back = not_known;   // other reports of the name up to the back expiry
  StressLosses stress = all_lost(not_known);     // one spread

  // the market's depth, contracts, of the thinnest leg
  double least_leg_volume = not_known;
  double least_leg_open_interest = not_known;
  double least_displayed_size = not_known;

  // data quality
  double spot_move = not_known;
  double spot_move_limit = not_known;
  double spot_disagreement = not_known;  // |spot of a second source / spot - 1|; not known without one
  double volume_ratio = not_known;
  double quality_score = not_known;
  double worst_leg_parity = not_known;
  double failed_leg_checks = not_known;  // desk checks that a leg fails

  // size, and the portfolio with this order filled; dollars. A size of nought is still judged as one spread, so that
  // every rule speaks.
  int size = 0;
  double contracts = 1;
  std::string size_bound_by{};
  double kelly = not_known;
  std::vector<ReturnOutcome> outcomes{};  // of one spread over the night, net of cost, over capital at risk
  double event_loss = not_known;          // whole position, at the worse of two event sigmas either way
  double nav = not_known;
  double position_at_risk = not_known;
  double event_night_at_risk = not_known;
  double sector_at_risk = not_known;  // in all names that may move with this one
  double cash_after = not_known;
  double loss_today = not_known;
  double stress_loss = not_known;  // worst case of the stress set over all positions, this one in
  double assignment_notional = not_known;
  double excess_liquidity = not_known;
  double what_if_excess_liquidity = not_known;  // of the margin preview with this order filled
  double open_spreads_after = not_known;
  double new_today_after = not_known;
};

}  // namespace alaris::inline v0
