// SPDX-License-Identifier: Apache-2.0
#include "operations/market_watch.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <alaris/market/new_york.hpp>
#include <alaris/strategy/session_scan.hpp>

#include "gateway/wire_terms.hpp"

namespace alaris::host {

using namespace std::chrono_literals;
using namespace gateway;

namespace {

constexpr std::size_t lines_at_once = 60;
constexpr auto batch_lasts = 20s, sizes_follow_in = 2s;
constexpr auto name_lasts = 10min;
constexpr std::string_view open_interest = "101";

Contract stock_contract(const std::string& symbol) {
  Contract c;
  c.symbol = symbol, c.sec_type = "STK", c.exchange = "SMART", c.currency = "USD";
  return c;
}

Contract volatility_index_contract() {
  Contract c;
  c.symbol = "VIX", c.sec_type = "IND", c.exchange = "CBOE", c.currency = "USD";
  return c;
}

}  // namespace

MarketWatch::MarketWatch(Session& session, std::vector<std::string> symbols) : session_(&session) {
  for (std::string& symbol : symbols) stocks_[std::move(symbol)];
}

void MarketWatch::learn(const std::string& symbol, const OptionContract& contract, int con_id) {
  ids_[symbol][contract] = con_id;
}

int MarketWatch::con_id(const std::string& symbol, const OptionContract& contract) const {
  const auto name = ids_.find(symbol);
  if (name == ids_.end()) return 0;
  const auto at = name->second.find(contract);
  return at == name->second.end() ? 0 : at->second;
}

// ---- lines ----------------------------------------------------------------------------------------------------------

int MarketWatch::open_line(Instant now, const std::string& symbol, const OptionContract& contract) {
  Contract wanted;
  wanted.con_id = con_id(symbol, contract), wanted.exchange = "SMART";
  const int request = session_->subscribe(now, wanted, std::string(open_interest));
  lines_[request] = {symbol, {}, 0};
  lines_[request].quote.contract = contract;
  return request;
}

void MarketWatch::follow(const std::map<std::string, std::set<OptionContract>>& legs) {
  wanted_legs_ = legs;
}

std::shared_ptr<const OptionChain> MarketWatch::legs(const std::string& symbol, Date today) const {
  const auto stock = stocks_.find(symbol);
  std::vector<OptionQuote> quotes;
  for (const auto& [leg, request] : followed_)
    if (const auto line = lines_.find(request); leg.first == symbol && line != lines_.end())
      if (line->second.quote.ask > 0.0) quotes.push_back(line->second.quote);
  return std::make_shared<const OptionChain>(today, stock == stocks_.end() ? not_known : stock->second.spot(),
                                             std::move(quotes));
}

std::optional<double> MarketWatch::volatility_index(Instant now) const {
  if (index_at_ == Instant{}) return std::nullopt;
  return now - index_at_ <= 5min ? index_ : not_known;
}

/// 0 trades, 1 halted, 2 halted for volatility; anything else says nothing.
void MarketWatch::take_halt(int request_id, double value) {
  for (auto& [symbol, stock] : stocks_) {
    if (stock.stream_id != request_id || (value != 0.0 && value != 1.0 && value != 2.0)) continue;
    const bool halted = value != 0.0;
    if (std::exchange(stock.halted, halted) != halted) halts_[symbol] = halted;
  }
}

/// Live ticks only: delayed ones (66 and above) never become a quote.
void MarketWatch::take(int request_id, int tick_type, double value) {
  if (request_id == index_id_ && tick_type == 4 && value > 0.0) index_ = value, index_at_ = now_;
  OptionQuote* quote = nullptr;
  Bar* day = nullptr;
  if (const auto line = lines_.find(request_id); line != lines_.end()) {
    quote = &line->second.quote;
    line->second.heard |= tick_type == 1 ? 1U : tick_type == 2 ? 2U : tick_type == 8 ? 4U : tick_type >= 27 ? 8U : 0U;
  }
  std::string symbol;
  for (auto& [name, stock] : stocks_)
    if (stock.stream_id == request_id) quote = &stock.quote, day = &stock.day, symbol = name;
  if (quote == nullptr) return;
  const double price = value >= 0.0 ? value : not_known;
  switch (tick_type) {
    case 0:
      quote->bid_size = value;
      break;
    case 1:
      quote->bid = price;
      break;
    case 2:
      quote->ask = price;
      break;
    case 3:
      quote->ask_size = value;
      break;
    case 4:
      quote->last = price;
      if (day != nullptr) day->close = price;
      break;
    case 6:
      if (day != nullptr) day->high = price;
      break;
    case 7:
      if (day != nullptr) day->low = price;
      break;
    case 8:
      quote->volume = value;
      if (day != nullptr) day->volume = value;
      break;
    case 14:
      if (day != nullptr) day->open = price, day->date = new_york_date(now_);
      break;
    case 27:
    case 28:
      quote->open_interest = value;
      break;
    default:
      return;
  }
  if (day != nullptr && two_sided(*quote)) quoted_.insert(symbol);
}

void MarketWatch::hear(Instant now, const SessionEvent& event) {
  now_ = now;
  if (const auto* change = std::get_if<PhaseChanged>(&event)) {
    if (change->to != SessionPhase::down && change->to != SessionPhase::degraded) return;
    for (auto& [id, line] : lines_) line.quote.bid = line.quote.ask = not_known;
    for (auto& [name, stock] : stocks_) {
      stock.quote = {}, stock.details_id = 0;
      // Whether it is still halted is said anew with the next subscription.
      if (std::exchange(stock.halted, false)) halts_[name] = false;
    }
    if (stage_ == Stage::parameters || stage_ == Stage::details)
      stage_ = Stage::idle, names_.insert(names_.begin(), name_);
    return;
  }
  if (const auto* failed = std::get_if<RequestFailed>(&event)) {
    for (auto& [name, stock] : stocks_)
      if (stock.details_id == failed->request_id) stock.details_id = 0;
    if (failed->request_id == index_id_) index_id_ = -1;
    lines_.erase(failed->request_id);
    std::erase_if(followed_, [&](const auto& entry) { return entry.second == failed->request_id; });
    if (asked_.erase(failed->request_id) == 0) return;
    if (stage_ == Stage::parameters || (stage_ == Stage::details && asked_.empty())) finish(now);
    return;
  }
  const auto* received = std::get_if<MessageReceived>(&event);
  if (received == nullptr) return;
  const GatewayMessage& message = received->message;
  if (const auto* tick = std::get_if<TickPrice>(&message)) {
    take(tick->request_id, tick->tick_type, tick->price);
    const int size_of = tick->tick_type == 1 ? 0 : 3;
    if (tick->size && (tick->tick_type == 1 || tick->tick_type == 2)) take(tick->request_id, size_of, *tick->size);
  } else if (const auto* size = std::get_if<TickSize>(&message)) {
    if (size->size) take(size->request_id, size->tick_type, *size->size);
  } else if (const auto* generic = std::get_if<TickGeneric>(&message)) {
    if (generic->tick_type == 49) take_halt(generic->request_id, generic->value);
  } else if (const auto* row = std::get_if<ContractData>(&message)) {
    const auto option = option_of(row->contract);
    if (option) learn(row->contract.symbol, *option, row->contract.con_id);
    for (auto& [name, stock] : stocks_)
      if (stock.details_id == row->request_id && !option) stock.con_id = row->contract.con_id;
  } else if (const auto* parameters = std::get_if<OptionParameters>(&message)) {
    if (stage_ == Stage::parameters && asked_.contains(parameters->request_id) && parameters->exchange == "SMART")
      expiries_.insert(parameters->expirations.begin(), parameters->expirations.end());
  } else if (const auto* end = std::get_if<OptionParametersEnd>(&message)) {
    if (stage_ == Stage::parameters && asked_.erase(end->request_id) > 0) ask_details(now);
  } else if (const auto* details = std::get_if<ContractDataEnd>(&message)) {
    if (stage_ == Stage::details && asked_.erase(details->request_id) > 0 && asked_.empty()) {
      const double spot = stocks_.at(name_).spot();
      left_.clear(), rows_.clear();
      for (const auto& [contract, id] : ids_[name_])
        if (read_by_a_scan(contract, spot, new_york_date(now))) left_.push_back(contract);
      stage_ = Stage::quotes;
      next_batch(now);
    }
  }
}

// ---- chains ---------------------------------------------------------------------------------------------------------

void MarketWatch::gather(Instant now, std::vector<std::string> names) {
  names_ = std::move(names);
  done_.clear();
  finished_ = names_.empty();
  tick(now);
}

std::optional<std::vector<LiveSymbol>> MarketWatch::gathered() {
  if (!finished_) return std::nullopt;
  finished_ = false;
  return std::exchange(done_, {});
}

void MarketWatch::tick(Instant now) {
  now_ = now;
  if (session_->phase() != SessionPhase::ready) return;
  if (index_id_ == 0 && !stocks_.empty()) index_id_ = session_->subscribe(now, volatility_index_contract(), "");
  for (auto& [symbol, stock] : stocks_) {
    if (stock.stream_id == 0) stock.stream_id = session_->subscribe(now, stock_contract(symbol), "");
    if (stock.con_id == 0 && stock.details_id == 0) {
      RequestContractDetails wanted;
      wanted.contract = stock_contract(symbol);
      stock.details_id = session_->request(now, wanted, 30s);
    }
  }
  for (auto at = followed_.begin(); at != followed_.end();) {
    const auto name = wanted_legs_.find(at->first.first);
    if (name != wanted_legs_.end() && name->second.contains(at->first.second)) {
      ++at;
      continue;
    }
    session_->unsubscribe(now, at->second);
    lines_.erase(at->second);
    at = followed_.erase(at);
  }
  for (const auto& [symbol, legs] : wanted_legs_)
    for (const OptionContract& leg : legs)
      if (!followed_.contains({symbol, leg}) && con_id(symbol, leg) != 0)
        followed_[{symbol, leg}] = open_line(now, symbol, leg);
  if (stage_ == Stage::idle && !names_.empty()) begin_next(now);
  if (stage_ == Stage::quotes) {
    if (priced_ == Instant{} && batch_heard(prices)) priced_ = now;
    const bool settled = priced_ != Instant{} && (batch_heard(everything) || now - priced_ >= sizes_follow_in);
    if (settled || now >= batch_until_) end_batch(now);
  }
  if (stage_ != Stage::idle && now >= until_) finish(now);
}

void MarketWatch::begin_next(Instant now) {
  const std::string next = names_.front();
  const auto stock = stocks_.find(next);
  if (stock == stocks_.end() || stock->second.con_id == 0 || !(stock->second.spot() > 0.0)) return;  // soon
  names_.erase(names_.begin());
  name_ = next;
  until_ = now + name_lasts;
  expiries_.clear(), asked_.clear();
  RequestOptionParameters wanted;
  wanted.symbol = name_, wanted.sec_type = "STK", wanted.underlying_con_id = stock->second.con_id;
  stage_ = Stage::parameters;
  if (const int id = session_->request(now, wanted, 60s))
    asked_.insert(id);
  else
    stage_ = Stage::idle, names_.insert(names_.begin(), name_);
}

void MarketWatch::ask_details(Instant now) {
  stage_ = Stage::details;
  const double spot = stocks_.at(name_).spot();
  for (const std::string& expiry : expiries_) {
    const auto date = date_of(expiry);
    if (!date ||
        !read_by_a_scan({*date, Strike::from_thousandths(static_cast<std::int32_t>(spot * 1000.0)), OptionType::call},
                        spot, new_york_date(now)))
      continue;
    RequestContractDetails wanted;
    wanted.contract.symbol = name_, wanted.contract.sec_type = "OPT", wanted.contract.exchange = "SMART";
    wanted.contract.currency = "USD", wanted.contract.expiry = expiry, wanted.contract.trading_class = name_;
    if (const int id = session_->request(now, wanted, 60s)) asked_.insert(id);
  }
  if (asked_.empty()) finish(now);
}

bool MarketWatch::batch_heard(unsigned wanted) const {
  return std::all_of(batch_.begin(), batch_.end(), [&](int id) {
    const auto line = lines_.find(id);
    return line == lines_.end() || (line->second.heard & wanted) == wanted;
  });
}

void MarketWatch::next_batch(Instant now) {
  batch_.clear();
  batch_until_ = now + batch_lasts;
  priced_ = {};
  while (!left_.empty() && batch_.size() < lines_at_once) {
    batch_.push_back(open_line(now, name_, left_.back()));
    left_.pop_back();
  }
  if (batch_.empty()) finish(now);
}

void MarketWatch::end_batch(Instant now) {
  for (const int id : std::exchange(batch_, {})) {
    if (const auto line = lines_.find(id); line != lines_.end()) rows_.push_back(line->second.quote);
    session_->unsubscribe(now, id);
    lines_.erase(id);
  }
  next_batch(now);
}

/// With what there is: a rule that misses a quote refuses.
void MarketWatch::finish(Instant now) {
  for (const int id : std::exchange(batch_, {})) session_->unsubscribe(now, id), lines_.erase(id);
  const Stock& stock = stocks_.at(name_);
  LiveSymbol seen{.symbol = name_, .chain = nullptr, .bar = stock.day};
  if (!rows_.empty() && stock.spot() > 0.0)
    seen.chain = std::make_shared<const OptionChain>(new_york_date(now), stock.spot(), std::exchange(rows_, {}));
  done_.push_back(std::move(seen));
  stage_ = Stage::idle;
  if (names_.empty()) finished_ = true;
}

}  // namespace alaris::host
