// SPDX-License-Identifier: Apache-2.0
#include "simulated_gateway/market.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <alaris/market/new_york.hpp>
#include <alaris/pricing/bsm.hpp>

#include "simulated_gateway/wire_time.hpp"

namespace alaris::simulated {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view fault_words[] = {"lose_broker",
                                            "restore_data_lost",
                                            "restore_data_kept",
                                            "farm_down",
                                            "farm_up",
                                            "stall",
                                            "resume",
                                            "close",
                                            "restart",
                                            "half_open",
                                            "drop_after_bytes",
                                            "roll_back_ids",
                                            "unknown_message",
                                            "trailing_fields",
                                            "single_bytes",
                                            "spot",
                                            "halt"};

Instrument stock_of(const SymbolPlan& plan, std::size_t index) {
  Instrument stock{.contract = {}, .symbol = index, .volatility = 0.0};
  gateway::Contract& c = stock.contract;
  c.con_id = plan.con_id, c.symbol = plan.symbol, c.sec_type = "STK", c.exchange = "SMART";
  c.primary_exchange = "NASDAQ", c.currency = "USD", c.local_symbol = plan.symbol, c.trading_class = plan.symbol;
  return stock;
}

/// "AAPL  261218C00250000"
std::string occ_text(const std::string& symbol, const std::string& expiry, const std::string& right, double strike) {
  std::string digits = std::to_string(std::llround(strike * 1000.0));
  digits.insert(0, 8 - std::min<std::size_t>(8, digits.size()), '0');
  std::string text = symbol;
  text.resize(6, ' ');
  return text + expiry.substr(2) + right + digits;
}

/// Sums of cents without what binary fractions leave behind.
double cents(double price) {
  return std::round(price * 100.0) / 100.0;
}

bool agrees(const std::string& wanted, const std::string& has) {
  return wanted.empty() || wanted == has;
}

/// What a contract says beside its identity: where and in what it trades, and its other names.
bool agrees(const gateway::Contract& wanted, const gateway::Contract& has) {
  const bool option = has.sec_type == "OPT";
  const std::string venue = option ? "CBOE" : has.primary_exchange;
  const bool routed = wanted.exchange.empty() || wanted.exchange == "SMART" || wanted.exchange == venue;
  const bool listed = wanted.primary_exchange.empty() || wanted.primary_exchange == venue;
  const bool sized = wanted.multiplier.empty() || (option && wanted.multiplier == has.multiplier);
  return routed && listed && sized && agrees(wanted.currency, has.currency) &&
         agrees(wanted.local_symbol, has.local_symbol) && agrees(wanted.trading_class, has.trading_class);
}

}  // namespace

std::string_view name(FaultKind kind) noexcept {
  return fault_words[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> fault_named(std::string_view word) noexcept {
  const auto found = std::find(std::begin(fault_words), std::end(fault_words), word);
  if (found == std::end(fault_words)) return std::nullopt;
  return static_cast<FaultKind>(found - std::begin(fault_words));
}

Scenario default_scenario(Date today) {
  Scenario scenario;
  SymbolPlan aapl{.symbol = "AAPL", .con_id = 265598, .spot = 250.0, .volatility = 0.30, .front_volatility = 0.55};
  SymbolPlan msft{.symbol = "MSFT", .con_id = 272093, .spot = 480.0, .volatility = 0.25, .front_volatility = 0.40};
  Date friday = today + std::chrono::days(1);
  while (weekday_of(friday) != std::chrono::Friday) friday += std::chrono::days(1);
  for (const int weeks : {0, 1, 2, 4, 5, 8}) {
    aapl.expiries.push_back(friday + std::chrono::days(7 * weeks));
    msft.expiries.push_back(friday + std::chrono::days(7 * weeks));
  }
  for (int k = -8; k <= 8; ++k) {
    aapl.strikes.push_back(250.0 + 5.0 * k);
    msft.strikes.push_back(480.0 + 5.0 * k);
  }
  scenario.symbols = {std::move(aapl), std::move(msft)};
  return scenario;
}

Market::Market(const Scenario& scenario) : symbols_(scenario.symbols) {
  for (std::size_t s = 0; s < symbols_.size(); ++s) {
    const SymbolPlan& plan = symbols_[s];
    instruments_[plan.con_id] = stock_of(plan, s);
    for (std::size_t e = 0; e < plan.expiries.size(); ++e) {
      for (std::size_t k = 0; k < plan.strikes.size(); ++k) {
        for (const bool call : {true, false}) {
          Instrument option = stock_of(plan, s);
          option.volatility = e == 0 ? plan.front_volatility.value_or(plan.volatility) : plan.volatility;
          gateway::Contract& c = option.contract;
          c.con_id = 800'000'000 + static_cast<int>(s * 1'000'000 + e * 10'000 + k * 2) + (call ? 1 : 2);
          c.sec_type = "OPT", c.expiry = yyyymmdd(plan.expiries[e]), c.strike = plan.strikes[k];
          c.right = call ? "C" : "P", c.multiplier = "100", c.primary_exchange.clear();
          c.local_symbol = occ_text(plan.symbol, c.expiry, c.right, c.strike);
          instruments_[c.con_id] = option;
        }
      }
    }
  }
}

const Instrument* Market::by_id(int con_id) const {
  const auto found = instruments_.find(con_id);
  return found == instruments_.end() ? nullptr : &found->second;
}

std::vector<const Instrument*> Market::matches(const gateway::Contract& wanted) const {
  std::vector<const Instrument*> found;
  for (const auto& [id, instrument] : instruments_) {
    const gateway::Contract& c = instrument.contract;
    if (wanted.con_id != 0 ? wanted.con_id != id
                           : !agrees(wanted.symbol, c.symbol) || !agrees(wanted.sec_type, c.sec_type))
      continue;
    const bool month = wanted.expiry.size() == 6 && c.expiry.starts_with(wanted.expiry);
    if (!month && !agrees(wanted.expiry.substr(0, 8), c.expiry)) continue;
    if (wanted.strike != 0.0 && wanted.strike != c.strike) continue;
    const auto right = gateway::right_of(wanted.right);
    if (right && right != gateway::right_of(c.right)) continue;
    if (wanted.con_id == 0 && !agrees(wanted, c)) continue;
    found.push_back(&instrument);
  }
  return found;
}

const Instrument* Market::find(const gateway::Contract& wanted) const {
  if (wanted.con_id != 0) return by_id(wanted.con_id);
  const auto found = matches(wanted);
  return found.size() == 1 ? found.front() : nullptr;
}

double Market::years_to_expiry(const Instrument& instrument, Instant now) const {
  const std::string& text = instrument.contract.expiry;
  const auto expiry = parse_date(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2));
  return expiry ? std::max(0.0, years_between(now, new_york_instant(*expiry, 16h)).value) : 0.0;
}

std::optional<TwoSided> Market::quote(const Instrument& instrument, Instant now, Closed closed) const {
  const SymbolPlan& plan = symbols_[instrument.symbol];
  if (!plan.quoted || (history_ && closed == Closed::no_quote && !opened(now))) return std::nullopt;
  if (const OptionQuote* row = listed(instrument)) {
    if (!(row->ask > 0.0)) return std::nullopt;
    return TwoSided{row->bid > 0.0 ? row->bid : 0.0, row->ask};
  }
  if (history_ && instrument.contract.sec_type == "OPT") return std::nullopt;
  if (instrument.contract.sec_type == "STK") return TwoSided{cents(plan.spot - 0.01), cents(plan.spot + 0.01)};
  const double value = bsm_price({.type = *gateway::right_of(instrument.contract.right),
                                  .spot = plan.spot,
                                  .strike = instrument.contract.strike,
                                  .years = years_to_expiry(instrument, now),
                                  .rate = 0.04,
                                  .yield = 0.0,
                                  .volatility = instrument.volatility});
  const double half = std::max(0.01, 0.01 * value);
  const double bid = std::floor((value - half) * 100.0) / 100.0, ask = std::ceil((value + half) * 100.0) / 100.0;
  return TwoSided{std::max(0.0, bid), ask};
}

std::optional<TwoSided> Market::quote(const gateway::Contract& contract, Instant now, Closed closed) const {
  if (!contract.is_bag()) {
    const Instrument* instrument = find(contract);
    return instrument ? quote(*instrument, now, closed) : std::nullopt;
  }
  TwoSided net;
  for (const gateway::ComboLeg& leg : contract.legs) {
    const Instrument* instrument = by_id(leg.con_id);
    const auto one = instrument ? quote(*instrument, now, closed) : std::nullopt;
    if (!one) return std::nullopt;
    const bool bought = leg.action == "BUY";
    net.bid += leg.ratio * (bought ? one->bid : -one->ask);
    net.ask += leg.ratio * (bought ? one->ask : -one->bid);
  }
  return TwoSided{cents(net.bid), cents(net.ask)};
}

Market::Market(const Scenario& scenario, AnyMarket history, Instant now) : history_(std::move(history)) {
  int con_id = 300'000;
  for (const std::string& symbol : history_->symbols()) {
    SymbolPlan plan{.symbol = symbol, .con_id = ++con_id};
    for (const SymbolPlan& other : scenario.symbols)
      if (other.symbol == symbol) plan.quoted = other.quoted;
    instruments_[plan.con_id] = stock_of(plan, symbols_.size());
    symbols_.push_back(std::move(plan));
  }
  chains_.resize(symbols_.size());
  follow(now);
}

bool Market::opened(Instant now) const {
  const Date today = new_york_date(now);
  return calendar_.is_session(today) && now >= calendar_.open(today) && now < calendar_.close(today);
}

void Market::follow(Instant now) {
  if (!history_) return;
  const Date today = new_york_date(now);
  const Date session =
      calendar_.is_session(today) && now >= calendar_.open(today) ? today : calendar_.previous_session(today);
  if (session == session_) return;
  session_ = session;
  for (std::size_t symbol = 0; symbol < symbols_.size(); ++symbol)
    if (auto chain = history_->chain(symbols_[symbol].symbol, session)) {
      chains_[symbol] = std::move(chain);
      list_chain(symbol);
    }
}

void Market::list_chain(std::size_t symbol) {
  SymbolPlan& plan = symbols_[symbol];
  const OptionChain& chain = *chains_[symbol];
  plan.spot = chain.spot();
  plan.expiries.assign(chain.expiries().begin(), chain.expiries().end());
  plan.strikes.clear();
  for (const OptionQuote& quote : chain.quotes()) {
    plan.strikes.push_back(quote.contract.strike.dollars());
    const int id = 800'000'001 + static_cast<int>(ids_.size());
    if (!ids_.try_emplace({symbol, quote.contract}, id).second) continue;
    Instrument option = stock_of(plan, symbol);
    gateway::Contract& c = option.contract;
    option.option = quote.contract;
    c.con_id = id, c.sec_type = "OPT", c.expiry = yyyymmdd(quote.contract.expiry);
    c.strike = quote.contract.strike.dollars(), c.right = quote.contract.type == OptionType::call ? "C" : "P";
    c.multiplier = "100", c.primary_exchange.clear();
    c.local_symbol = occ_text(plan.symbol, c.expiry, c.right, c.strike);
    instruments_[id] = std::move(option);
  }
  std::sort(plan.strikes.begin(), plan.strikes.end());
  plan.strikes.erase(std::unique(plan.strikes.begin(), plan.strikes.end()), plan.strikes.end());
}

const OptionQuote* Market::listed(const Instrument& instrument) const {
  if (!history_ || instrument.contract.sec_type != "OPT" || !chains_[instrument.symbol]) return nullptr;
  return chains_[instrument.symbol]->find(instrument.option);
}

double Market::worth(const Instrument& instrument, Instant now) const {
  if (const OptionQuote* row = listed(instrument)) return can_buy(*row) ? 0.5 * (row->bid + row->ask) : 0.0;
  if (history_ && instrument.contract.sec_type == "STK") return symbols_[instrument.symbol].spot;
  const auto quoted = quote(instrument, now);
  return quoted ? quoted->mid() : 0.0;
}

std::span<const Bar> Market::bars(const Instrument& instrument) const {
  if (!history_) return {};
  const std::span<const Bar> all = history_->bars(symbols_[instrument.symbol].symbol);
  const auto end = std::partition_point(all.begin(), all.end(), [&](const Bar& bar) { return bar.date <= session_; });
  return {all.begin(), end};
}

std::vector<const Instrument*> Market::options_of(std::size_t symbol) const {
  std::vector<const Instrument*> found;
  for (const auto& [id, instrument] : instruments_)
    if (instrument.symbol == symbol && instrument.is_option()) found.push_back(&instrument);
  return found;
}

void Market::set_spot(const std::string& symbol, double spot) {
  for (SymbolPlan& plan : symbols_)
    if (plan.symbol == symbol && spot > 0.0) plan.spot = spot;
}

}  // namespace alaris::simulated
