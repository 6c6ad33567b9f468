// SPDX-License-Identifier: Apache-2.0
// The simulated broker's fills: when an order is reached, what it pays leg by leg, and what the account has of it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr double option_fee = 0.65;  // dollars per contract
constexpr double share_fee = 0.005,
                 least_share_fee = 1.0;  // dollars per share, per order

std::string execution_id(int number) {
  char text[40];
  std::snprintf(text, sizeof text, "0000e0d5.%08x.01.01", static_cast<unsigned>(number));
  return text;
}

bool stops(const WireOrder& o) {
  return o.type == "STP" || o.type == "STP LMT";
}
bool limited(const WireOrder& o) {
  return o.type == "LMT" || o.type == "STP LMT";
}
bool immediate(const WireOrder& o) {
  return o.tif == "IOC" || o.tif == "FOK";
}

}  // namespace

// ---- when ----------------------------------------------------------------------------------------------------------

void Server::consider_fills(Instant now) {
  for (auto& [perm, order] : orders_) consider(now, order);
}

bool Server::awaits_parent(const BrokerOrder& order) {
  const int parent_id = order.request.order.parent_id;
  const BrokerOrder* parent = parent_id == 0 ? nullptr : find_order(order.client_id, parent_id);
  return parent && parent->status != "Filled";
}

/// A stop is reached by the side of the quote that it would trade at.
bool Server::triggered(Instant now, BrokerOrder& order) const {
  const WireOrder& o = order.request.order;
  if (!stops(o) || order.triggered) return true;
  const auto quote = market_.quote(order.request.contract, now);
  order.triggered = quote && (o.action == "BUY" ? quote->ask >= *o.stop - 1e-9 : quote->bid <= *o.stop + 1e-9);
  return order.triggered;
}

void Server::consider(Instant now, BrokerOrder& order) {
  if (order.over()) return;
  if (order.expires && now >= *order.expires) return cancel(now, order);
  if (order.status == "PendingSubmit" && !broker_lost_) {
    order.status = "PreSubmitted", order.changed = now;
    tell_order(order);
  }
  const FillPlan& plan = scenario_.fills;
  const bool works = order.status == "PreSubmitted" || order.status == "Submitted";
  if (!works || now - order.changed < plan.delay || awaits_parent(order)) return;
  const WireOrder& o = order.request.order;
  if (!triggered(now, order)) return immediate(o) ? cancel(now, order) : void();
  if (order.status == "PreSubmitted" && !order.request.contract.is_bag()) {
    order.status = "Submitted";
    if (plan.status_rows) tell(order.client_id, status_of(order));
  }
  const auto quote = market_.quote(order.request.contract, now);
  const bool stuck = plan.one_leg && order.last_price != 0.0;
  if (quote && !stuck && plan.policy != FillPolicy::never) {
    const bool buys = o.action == "BUY";
    const double natural = buys ? quote->ask : quote->bid;
    const bool reached = !limited(o) || (buys ? *o.limit >= natural - 1e-9 : *o.limit <= natural + 1e-9);
    const double left = o.quantity - order.filled;
    const double part = o.tif == "FOK" ? left : std::max(1.0, std::floor(o.quantity / std::max(1, plan.parts)));
    if (reached || plan.policy == FillPolicy::always)
      fill(now, order, std::min(left, part), rounded(reached ? natural : *o.limit, 2));
  }
  if (immediate(o) && !order.over()) cancel(now, order);
}

// ---- what ----------------------------------------------------------------------------------------------------------

/// The legs of a combination, or the contract itself as one leg.
std::vector<Server::Traded> Server::traded_by(const BrokerOrder& order) const {
  const Contract& contract = order.request.contract;
  const bool buys = order.request.order.action == "BUY";
  std::vector<Traded> traded;
  for (const ComboLeg& leg : contract.legs) traded.push_back({leg.con_id, leg.ratio, (leg.action == "BUY") == buys});
  if (!contract.is_bag()) traded.assign(1, {market_.find(contract)->contract.con_id, 1, buys});
  return traded;
}

/// Every leg near its mid, the last one so that the legs add up to what one unit costs.
std::vector<double> Server::leg_prices(Instant now, const std::vector<Traded>& traded, double cost) const {
  std::vector<double> prices;
  for (std::size_t i = 0; i < traded.size(); ++i) {
    const Traded& leg = traded[i];
    const auto quote = market_.quote(*market_.by_id(leg.con_id), now);
    const double sign = leg.bought ? 1.0 : -1.0;
    const bool last = i + 1 == traded.size();
    const double price = rounded(last ? sign * cost / leg.ratio : quote ? quote->mid() : 0.01, 2);
    cost -= sign * leg.ratio * price;
    prices.push_back(price);
  }
  return prices;
}

ExecutionDetails Server::execution(Instant now, const BrokerOrder& order, const Contract& contract, bool bought,
                                   double shares, double price, double cumulative) {
  const WireOrder& o = order.request.order;
  ExecutionDetails row;
  row.order_id = o.order_id, row.contract = contract, row.execution_id = execution_id(next_execution_++);
  row.contract.primary_exchange.clear();
  row.time = gateway_time(now), row.account = scenario_.account, row.exchange = "CBOE";
  row.side = bought ? "BOT" : "SLD", row.shares = shares, row.price = price, row.perm_id = order.perm_id;
  row.client_id = order.client_id, row.cumulative = cumulative, row.average_price = price;
  row.order_ref = o.order_ref, row.last_liquidity = 2;
  executions_.push_back(row);
  executed_at_[row.execution_id] = now;
  return row;
}

double Server::commission(BrokerOrder& order, const Instrument& instrument, double shares) const {
  if (instrument.is_option()) return rounded(option_fee * shares, 4);
  const double due = std::max(least_share_fee, order.charged + share_fee * shares);
  const double fee = order.charged == 0.0 ? due : share_fee * shares;
  order.charged += fee;
  return rounded(fee, 4);
}

/// The average cost method: what closes takes its part of the cost with it and realises the difference.
std::optional<double> Server::book(const Instrument& instrument, double shares, double price, double fee) {
  Holding& held = holdings_[instrument.contract.con_id];
  const double value = price * instrument.multiplier();
  const bool closes = held.quantity * shares < 0.0;
  const double closing = closes ? std::copysign(std::min(std::fabs(shares), std::fabs(held.quantity)), shares) : 0.0;
  const double opening = shares - closing;
  std::optional<double> realized;
  if (closes) {
    const double released = held.cost * -closing / held.quantity;
    realized = rounded(-closing * value - released - fee * closing / shares, 6);
    held.cost -= released, held.realized += *realized;
  }
  held.quantity += shares;
  held.cost = held.quantity == 0.0 ? 0.0 : rounded(held.cost + opening * value + fee * opening / shares, 6);
  cash_ -= Money::rounded(shares * value) + Money::rounded(fee);
  return realized;
}

void Server::fill(Instant now, BrokerOrder& order, double units, double net) {
  const Contract contract = order.request.contract;
  const WireOrder& o = order.request.order;
  const bool buys = o.action == "BUY";
  std::vector<Traded> traded = traded_by(order);
  const std::vector<double> prices = leg_prices(now, traded, buys ? net : -net);
  const bool whole = !scenario_.fills.one_leg || !contract.is_bag();
  if (whole)
    order.filled += units, order.paid += units * net;
  else
    traded.resize(1);
  order.last_price = net, order.changed = now;
  order.status = order.filled >= o.quantity ? "Filled" : "Submitted";
  std::vector<GatewayMessage> rows;
  if (contract.is_bag() && scenario_.fills.combination_row && whole) {
    Contract bag = contract;
    bag.con_id = 28812380, bag.trading_class = "COMB";
    rows.emplace_back(execution(now, order, bag, buys, units, net, order.filled));
  }
  std::set<int> touched;
  for (std::size_t i = 0; i < traded.size(); ++i) {
    const Traded& leg = traded[i];
    const Instrument& instrument = *market_.by_id(leg.con_id);
    const double shares = units * leg.ratio;
    const auto row = execution(now, order, instrument.contract, leg.bought, shares, prices[i],
                               (whole ? order.filled : units) * leg.ratio);
    CommissionReport report;
    report.execution_id = row.execution_id, report.commission = commission(order, instrument, shares);
    report.currency = "USD";
    report.realized = book(instrument, leg.bought ? shares : -shares, prices[i], *report.commission);
    rows.emplace_back(row);
    report_commission(now, order.client_id, std::move(report), rows);
    if (scenario_.fills.corrections)
      later(now + 500ms, [this, execution = row.execution_id](Instant at) { correct(at, execution); });
    touched.insert(leg.con_id);
  }
  if (scenario_.fills.status_rows) rows.push_back(status_of(order));
  if (scenario_.fills.duplicate) rows.push_back(GatewayMessage(rows[random_() % rows.size()]));
  std::vector<std::size_t> turns(rows.size());  // the rows themselves are dear to swap: sixty kinds by sixty
  std::iota(turns.begin(), turns.end(), std::size_t{0});
  if (scenario_.fills.reorder) std::shuffle(turns.begin(), turns.end(), random_);
  for (const std::size_t turn : turns) tell(order.client_id, rows[turn]);
  refresh_account(now, touched);
  spare_the_others(now, order, units);
}

/// At once, or later: then nothing or -1 stands in its place.
void Server::report_commission(Instant now, int client_id, CommissionReport report, std::vector<GatewayMessage>& rows) {
  const FillPlan& plan = scenario_.fills;
  const std::string id = report.execution_id;
  if (plan.unknown_commission || plan.commission_delay > 0ms)
    later(now + plan.commission_delay, [this, client_id, report](Instant) {
      // A corrected execution has taken its commission along.
      const auto revised = std::find_if(executions_.begin(), executions_.end(), [&](const ExecutionDetails& row) {
        return row.execution_id.starts_with(report.execution_id.substr(0, report.execution_id.size() - 2));
      });
      CommissionReport known = report;
      known.execution_id = revised->execution_id;
      commissions_[known.execution_id] = known;
      tell(client_id, known);
    });
  else
    commissions_[id] = report;
  if (plan.unknown_commission) {
    report.commission = -1.0, report.realized.reset();
    commissions_[id] = report;
  }
  if (commissions_.contains(id)) rows.emplace_back(commissions_.at(id));
}

/// The same fill under the next revision: a cent dearer, whoever sold it.
void Server::correct(Instant now, const std::string& execution_id) {
  const auto row = std::find_if(executions_.begin(), executions_.end(),
                                [&](const ExecutionDetails& r) { return r.execution_id == execution_id; });
  const Instrument& instrument = *market_.by_id(row->contract.con_id);
  const double value = (row->side == "BOT" ? row->shares : -row->shares) * 0.01 * instrument.multiplier();
  row->execution_id.replace(row->execution_id.size() - 2, 2, "02");
  row->price = rounded(row->price + 0.01, 2), row->average_price = row->price;
  executed_at_[row->execution_id] = executed_at_.at(execution_id);
  cash_ -= Money::rounded(value);
  Holding& held = holdings_.at(instrument.contract.con_id);
  if (held.quantity != 0.0) held.cost = rounded(held.cost + value, 6);
  tell(row->client_id, *row);
  if (const auto report = commissions_.find(execution_id); report != commissions_.end()) {
    CommissionReport again = report->second;
    again.execution_id = row->execution_id;
    commissions_[again.execution_id] = again;
    tell(row->client_id, again);
  }
  refresh_account(now, {instrument.contract.con_id});
}

/// One cancels all: the rest of a group, or the other children of one parent, end with it or shrink by what it filled.
void Server::spare_the_others(Instant now, const BrokerOrder& order, double units) {
  const WireOrder& o = order.request.order;
  if (o.oca_group.empty() && o.parent_id == 0) return;
  for (auto& [perm, other] : orders_) {
    WireOrder& theirs = other.request.order;
    if (&other == &order || other.over() || other.client_id != order.client_id) continue;
    if (theirs.oca_group != o.oca_group || (o.oca_group.empty() && theirs.parent_id != o.parent_id)) continue;
    const double left = theirs.quantity - units;
    if (o.oca_type == 1 || order.status == "Filled" || left <= other.filled) {
      cancel(now, other);
    } else {
      theirs.quantity = left;
      tell_order(other);
    }
  }
}

}  // namespace alaris::simulated
