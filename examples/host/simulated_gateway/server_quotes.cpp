// SPDX-License-Identifier: Apache-2.0
// The simulated gateway's market data: snapshots, streams, generic ticks, computations.
#include <algorithm>
#include <cmath>
#include <sstream>

#include <alaris/market/new_york.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/volatility/implied.hpp>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr double rate = 0.04;  // continuous, of every simulated value

/// The numbers under which the same quantities travel live and delayed.
struct TickTypes {
  int bid, bid_size, ask, ask_size, last, last_size, high, low, volume, close, open, last_time, halted, computation;
};
constexpr TickTypes live{1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 14, 45, 49, 10};
constexpr TickTypes delayed{66, 69, 67, 70, 68, 71, 72, 73, 74, 75, 76, 88, 90, 80};

std::set<int> generic_ids(const std::string& list) {
  std::set<int> ids;
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    const std::string digits = word.substr(0, word.find(':'));
    const bool number =
        !digits.empty() && digits.size() < 6 && digits.find_first_not_of("0123456789") == std::string::npos;
    ids.insert(number ? std::stoi(digits) : -1);
  }
  return ids;
}

/// Whether every generic tick is one that a security of this type has.
bool fits(const std::set<int>& ids, const Contract& contract) {
  static const std::set<int> of_combinations{232, 233};
  static const std::set<int> of_others{100, 101, 104, 105, 106, 165, 232, 233, 236, 411};
  const std::set<int>& legal = contract.is_bag() ? of_combinations : of_others;
  return std::includes(legal.begin(), legal.end(), ids.begin(), ids.end());
}

std::int64_t epoch_seconds(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

TickOptionComputation not_computed(int request, int type) {
  TickOptionComputation row;
  row.request_id = request, row.tick_type = type, row.price_based = 1;
  row.volatility = row.price = row.dividends = row.underlying = -1.0;
  row.delta = row.gamma = row.vega = row.theta = -2.0;
  return row;
}

}  // namespace

// ---- values --------------------------------------------------------------------------------------------------------

/// What the model makes of an option at a spot: from its own volatility, in a market from that of its last quote.
double Server::modelled(const Instrument& option, double spot, Instant at) const {
  double volatility = option.volatility;
  if (const OptionQuote* row = market_.listed(option))
    volatility = implied(option, 0.5 * (row->bid + row->ask), market_.symbols()[option.symbol].spot, at).value_or(0.0);
  return bsm_price({.type = *right_of(option.contract.right),
                    .spot = spot,
                    .strike = option.contract.strike,
                    .years = market_.years_to_expiry(option, at),
                    .rate = rate,
                    .yield = 0.0,
                    .volatility = volatility});
}

/// Annualised; nothing where the price has none.
std::optional<double> Server::implied(const Instrument& option, double price, double spot, Instant now) const {
  const double years = market_.years_to_expiry(option, now);
  if (!(years > 0.0)) return std::nullopt;
  const auto stdev = implied_total_stdev({.type = *right_of(option.contract.right),
                                          .price = price,
                                          .forward = spot * std::exp(rate * years),
                                          .strike = option.contract.strike,
                                          .discount = std::exp(-rate * years)});
  if (!stdev) return std::nullopt;
  return *stdev / std::sqrt(years);
}

/// Vega per point of volatility, theta per day.
TickOptionComputation Server::computation(Instant now, int request, int type, const Instrument& option,
                                          std::optional<double> volatility, double spot) const {
  TickOptionComputation row = not_computed(request, type);
  row.underlying = spot;
  if (!volatility || !(*volatility > 0.0)) return row;
  const BsmGreeks g = bsm_greeks({.type = *right_of(option.contract.right),
                                  .spot = spot,
                                  .strike = option.contract.strike,
                                  .years = market_.years_to_expiry(option, now),
                                  .rate = rate,
                                  .yield = 0.0,
                                  .volatility = *volatility});
  row.volatility = *volatility, row.price = g.price, row.dividends = 0.0;
  row.delta = g.delta, row.gamma = g.gamma, row.vega = g.vega / 100.0, row.theta = g.theta / 365.0;
  return row;
}

void Server::on(Instant now, int id, const CalculateOptionPrice& m) {
  const Instrument* option = market_.find(m.contract);
  if (!option || !option->is_option())
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  if (!(m.volatility > 0.0) || !(m.underlying_price > 0.0))
    return error(id, m.request_id, 321, "Error validating request: volatility and price must be positive");
  send(id, GatewayMessage(computation(now, m.request_id, 53, *option, m.volatility, m.underlying_price)));
}

void Server::on(Instant now, int id, const CalculateImpliedVolatility& m) {
  const Instrument* option = market_.find(m.contract);
  if (!option || !option->is_option())
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  if (!(m.option_price > 0.0) || !(m.underlying_price > 0.0))
    return error(id, m.request_id, 321, "Error validating request: both prices must be positive");
  const auto volatility = implied(*option, m.option_price, m.underlying_price, now);
  auto row = computation(now, m.request_id, 53, *option, volatility, m.underlying_price);
  row.price = m.option_price;
  send(id, GatewayMessage(row));
}

// ---- subscriptions -------------------------------------------------------------------------------------------------

void Server::on(Instant now, int id, const RequestMarketData& m) {
  Connection& connection = connections_.at(id);
  if (connection.streams.contains(m.request_id)) return error(id, m.request_id, 102, "Duplicate ticker id");
  if (m.snapshot && !m.generic_ticks.empty())
    return error(id, m.request_id, 321, "Error validating request: snapshots take no generic ticks");
  if (!fits(generic_ids(m.generic_ticks), m.contract))
    return error(id, m.request_id, 321,
                 "Error validating request: incorrect generic tick list '" + m.generic_ticks + "'");
  if (static_cast<int>(connection.streams.size()) >= scenario_.market_data_lines)
    return error(id, m.request_id, 101, "Max number of tickers has been reached");
  if (m.contract.is_bag() ? refusal_of_contract(m.contract).has_value() : !market_.find(m.contract))
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  const int type = connection.data_type;
  if (scenario_.data == DataService::none || (scenario_.data == DataService::delayed && type < 3))
    return error(id, m.request_id, 354, "Requested market data is not subscribed.");
  Stream stream{m.contract, generic_ids(m.generic_ticks), m.snapshot, scenario_.data == DataService::delayed, false};
  if (stream.delayed)
    error(id, m.request_id, 10167,
          "Requested market data is not subscribed. Displaying delayed market "
          "data.");
  if (!connections_.contains(id)) return;
  // Frozen: the last quotes of a closed market, for those who asked for them.
  const bool open = market_.quote(m.contract, now).has_value();
  stream.frozen = type % 2 == 0 && !open && market_.quote(m.contract, now, Closed::last_quote);
  stream.told = market_.quote(m.contract, now, stream.frozen ? Closed::last_quote : Closed::no_quote);
  stream.told_at = now;
  connections_.at(id).streams[m.request_id] = stream;
  send(id, GatewayMessage(MarketDataType{m.request_id, (stream.delayed ? 3 : 1) + (stream.frozen ? 1 : 0)}));
  send(id, GatewayMessage(TickRequestParameters{m.request_id, 0.01, "9c0001", 3}));
  send_ticks(now, id, m.request_id, stream, true);
  if (!m.snapshot) return;
  later(now + scenario_.snapshot_takes, [this, id, request = m.request_id](Instant) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.streams.erase(request) == 0) return;
    send(id, GatewayMessage(TickSnapshotEnd{request}));
  });
}

void Server::on(Instant, int id, const CancelMarketData& m) {
  if (connections_.at(id).streams.erase(m.request_id) == 0) error(id, m.request_id, 300, "Can't find the ticker id");
}

// ---- ticks ---------------------------------------------------------------------------------------------------------

/// 0 trades, 1 halted, 2 halted for volatility, as the scenario last said of the name.
double Server::halted(const Instrument& instrument) const {
  const auto at = halts_.find(market_.symbols()[instrument.symbol].symbol);
  return at == halts_.end() ? 0.0 : at->second;
}

void Server::send_halt(int id, int request, const Stream& stream) {
  const Instrument* instrument = stream.contract.is_bag() ? nullptr : market_.find(stream.contract);
  if (!instrument) return;
  const int type = (stream.delayed ? delayed : live).halted;
  send(id, GatewayMessage(TickGeneric{request, type, halted(*instrument)}));
}

/// The quote; with `all` everything that comes with it, as after a change.
void Server::send_ticks(Instant now, int id, int request, const Stream& stream, bool all) {
  const TickTypes& types = stream.delayed ? delayed : live;
  const auto quote = market_.quote(stream.contract, now, stream.frozen ? Closed::last_quote : Closed::no_quote);
  const double bid = quote ? quote->bid : -1.0, ask = quote ? quote->ask : -1.0, size = quote ? 25.0 : 0.0;
  send(id, GatewayMessage(TickPrice{request, types.bid, bid, size, 1}));
  send(id, GatewayMessage(TickSize{request, types.bid_size, size}));
  send(id, GatewayMessage(TickPrice{request, types.ask, ask, size, 1}));
  send(id, GatewayMessage(TickSize{request, types.ask_size, size}));
  const Instrument* instrument = stream.contract.is_bag() ? nullptr : market_.find(stream.contract);
  if (instrument && all) send_halt(id, request, stream);
  if (!quote) return;
  const double last = rounded(quote->mid(), 2);
  if (instrument) send(id, GatewayMessage(TickPrice{request, types.last, last, 1.0, 0}));
  if (!all) return;
  if (stream.generic_ticks.contains(232)) send(id, GatewayMessage(TickPrice{request, 37, last, 0.0, 0}));
  if (stream.generic_ticks.contains(233)) {
    std::string text;
    append_decimal(text, last);
    const std::string vwap = text;
    text += ";1;" + std::to_string(epoch_seconds(now) * 1000) + ";1;" + vwap + ";true";
    send(id, GatewayMessage(TickString{request, 48, text}));
  }
  if (!instrument) return;
  send(id, GatewayMessage(TickSize{request, types.last_size, 1.0}));
  send(id, GatewayMessage(TickString{request, types.last_time, std::to_string(epoch_seconds(now))}));
  send_day(now, id, request, *instrument, stream.delayed);
  send_generic(now, id, request, *instrument, stream.generic_ticks);
  if (!instrument->is_option()) return;
  const double spot = market_.symbols()[instrument->symbol].spot;
  const double mid = quote->mid();
  for (const auto& [offset, price] : {std::pair{0, quote->bid}, {1, quote->ask}, {2, last}, {3, mid}}) {
    auto row = computation(now, request, types.computation + offset, *instrument,
                           implied(*instrument, price, spot, now), spot);
    row.price = price;
    send(id, GatewayMessage(row));
  }
}

/// Open, high, low and volume of the day, and the close before it; of an option the volume and that close.
void Server::send_day(Instant now, int id, int request, const Instrument& instrument, bool is_delayed) {
  const TickTypes& types = is_delayed ? delayed : live;
  const auto price = [&](int type, double value) { send(id, GatewayMessage(TickPrice{request, type, value, 0.0, 0})); };
  const auto days = days_of(market_.symbols()[instrument.symbol], now, now, 2);
  if (days.size() < 2) return;
  const Bar &before = days[0], &day = days[1];
  if (instrument.is_option()) {
    const OptionQuote* row = market_.listed(instrument);
    send(id, GatewayMessage(TickSize{request, types.volume, row ? row->volume : 100.0}));
    const double close = modelled(instrument, before.close, new_york_instant(before.date, 16h));
    if (std::isfinite(close)) price(types.close, rounded(close, 2));
    return;
  }
  price(types.open, day.open), price(types.high, day.high), price(types.low, day.low);
  price(types.close, before.close);
  send(id, GatewayMessage(TickSize{request, types.volume, day.volume}));
}

Server::ChainTotals Server::chain_totals(std::size_t symbol) const {
  ChainTotals all;
  for (const Instrument* option : market_.options_of(symbol)) {
    const OptionQuote* row = market_.listed(*option);
    const bool call = right_of(option->contract.right) == OptionType::call;
    (call ? all.call_volume : all.put_volume) += row ? row->volume : 100.0;
    (call ? all.call_interest : all.put_interest) += row ? row->open_interest : 1000.0;
  }
  return all;
}

void Server::send_generic(Instant now, int id, int request, const Instrument& instrument, const std::set<int>& ids) {
  const SymbolPlan& plan = market_.symbols()[instrument.symbol];
  const auto size = [&](int type, double value) { send(id, GatewayMessage(TickSize{request, type, value})); };
  const auto value = [&](int type, std::optional<double> v) {
    if (v) send(id, GatewayMessage(TickGeneric{request, type, rounded(*v, 6)}));
  };
  ChainTotals totals;
  if (ids.contains(100) || ids.contains(101) || ids.contains(105)) {
    if (!instrument.is_option()) totals = chain_totals(instrument.symbol);
    const OptionQuote* row = market_.listed(instrument);
    const bool call = right_of(instrument.contract.right) == OptionType::call;
    if (instrument.is_option()) {
      (call ? totals.call_volume : totals.put_volume) = row ? row->volume : 100.0;
      (call ? totals.call_interest : totals.put_interest) = row ? row->open_interest : 1000.0;
    }
  }
  if (ids.contains(100)) size(29, totals.call_volume), size(30, totals.put_volume);
  if (ids.contains(101)) size(27, totals.call_interest), size(28, totals.put_interest);
  if (ids.contains(105)) size(87, totals.call_volume + totals.put_volume);
  if (ids.contains(236)) value(46, 3.0);  // shares enough to borrow
  if (ids.contains(106)) value(24, near_volatility(now, plan));
  if (!ids.contains(104) && !ids.contains(165) && !ids.contains(411)) return;
  const auto days = days_of(plan, now, now, 252);
  if (ids.contains(104)) value(23, historical_volatility(days));
  if (ids.contains(411)) value(58, historical_volatility(days));
  if (!ids.contains(165) || days.empty()) return;
  const auto low = std::min_element(days.begin(), days.end(), [](const Bar& a, const Bar& b) { return a.low < b.low; });
  const auto high =
      std::max_element(days.begin(), days.end(), [](const Bar& a, const Bar& b) { return a.high < b.high; });
  double volume = 0.0;
  for (const Bar& day : days) volume += day.volume;
  send(id, GatewayMessage(TickPrice{request, 19, low->low, 0.0, 0}));
  send(id, GatewayMessage(TickPrice{request, 20, high->high, 0.0, 0}));
  size(21, std::floor(volume / static_cast<double>(days.size())));
}

/// Of the call nearest the money in the first expiry more than a month away.
std::optional<double> Server::near_volatility(Instant now, const SymbolPlan& plan) const {
  const Instrument* best = nullptr;
  const auto off = [&](const Instrument& option) { return std::fabs(option.contract.strike - plan.spot); };
  for (const Instrument* option : market_.options_of(static_cast<std::size_t>(&plan - market_.symbols().data()))) {
    if (market_.years_to_expiry(*option, now) < 30.0 / 365.0 || !market_.quote(*option, now)) continue;
    const bool nearer = !best || option->contract.expiry < best->contract.expiry ||
                        (option->contract.expiry == best->contract.expiry && off(*option) < off(*best));
    if (right_of(option->contract.right) == OptionType::call && nearer) best = option;
  }
  return best ? implied(*best, market_.quote(*best, now)->mid(), plan.spot, now) : std::nullopt;
}

void Server::send_all_ticks(Instant now) {
  std::vector<std::pair<int, int>> all;
  for (const auto& [id, connection] : connections_)
    for (const auto& [request, stream] : connection.streams)
      if (!stream.snapshot) all.emplace_back(id, request);
  for (const auto& [id, request] : all) {
    if (!connections_.contains(id)) continue;
    Stream& stream = connections_.at(id).streams.at(request);
    const auto quote = market_.quote(stream.contract, now, stream.frozen ? Closed::last_quote : Closed::no_quote);
    const bool changed = quote != stream.told || now - stream.told_at >= 1min;
    if (changed) stream.told = quote, stream.told_at = now;
    send_ticks(now, id, request, Stream(stream), changed);
  }
}

}  // namespace alaris::simulated
