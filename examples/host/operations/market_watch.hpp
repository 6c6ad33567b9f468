// SPDX-License-Identifier: Apache-2.0
#pragma once
// Quotes from the gateway: of the stocks all day, of the legs that matter, and of whole chains when they are asked for.
// It turns requests, lines and ticks into the library's own chains and bars, and knows the broker's contract ids.

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <alaris/market/live_market.hpp>

#include "gateway/session.hpp"

namespace alaris::host {

class MarketWatch {
 public:
  MarketWatch(gateway::Session& session, std::vector<std::string> symbols);

  void hear(Instant now, const gateway::SessionEvent& event);
  /// Asks, subscribes and ends what is due. Call often.
  void tick(Instant now);

  /// Takes the chains of these names, one after the other; `gathered` answers once when all are there or given up.
  void gather(Instant now, std::vector<std::string> names);
  [[nodiscard]] std::optional<std::vector<LiveSymbol>> gathered();

  /// Holds a line to each of these contracts, and to no other option.
  void follow(const std::map<std::string, std::set<OptionContract>>& legs);
  /// The followed legs of a name as they stand; contracts without a quote are absent.
  [[nodiscard]] std::shared_ptr<const OptionChain> legs(const std::string& symbol, Date today) const;
  /// Names whose stock had a two-sided quote since the last call.
  [[nodiscard]] std::set<std::string> take_quoted() { return std::exchange(quoted_, {}); }

  /// Names that the broker halted (true) or let trade again (false) since the last call.
  [[nodiscard]] std::map<std::string, bool> take_halts() { return std::exchange(halts_, {}); }
  /// The volatility index: NaN when its last tick is older than five minutes, nothing when it was never heard.
  [[nodiscard]] std::optional<double> volatility_index(Instant now) const;

  void learn(const std::string& symbol, const OptionContract& contract, int con_id);
  /// 0: not known.
  [[nodiscard]] int con_id(const std::string& symbol, const OptionContract& contract) const;

 private:
  struct Stock {
    int con_id = 0, details_id = 0, stream_id = 0;
    OptionQuote quote{};
    Bar day{};
    bool halted = false;
    [[nodiscard]] double spot() const { return two_sided(quote) ? mid(quote) : not_known; }
  };
  struct Line {
    std::string symbol{};
    OptionQuote quote{};
    unsigned heard = 0;  // bits: bid, ask, volume, open interest; heard is not the same as known
  };
  static constexpr unsigned prices = 3, everything = 15;
  enum class Stage : std::uint8_t { idle, parameters, details, quotes };

  void begin_next(Instant now);
  void ask_details(Instant now);
  void next_batch(Instant now);
  void end_batch(Instant now);
  void finish(Instant now);
  void take(int request_id, int tick_type, double value);
  void take_halt(int request_id, double value);
  [[nodiscard]] bool batch_heard(unsigned wanted) const;
  [[nodiscard]] int open_line(Instant now, const std::string& symbol, const OptionContract& contract);

  gateway::Session* session_;
  std::map<std::string, Stock> stocks_{};
  std::map<std::string, std::map<OptionContract, int>> ids_{};
  std::map<int, Line> lines_{};                                       // by request
  std::map<std::pair<std::string, OptionContract>, int> followed_{};  // request
  std::map<std::string, std::set<OptionContract>> wanted_legs_{};
  std::set<std::string> quoted_{};
  std::map<std::string, bool> halts_{};
  int index_id_ = 0;  // the line of the volatility index; -1: the broker has none for us
  double index_ = not_known;
  Instant index_at_{};
  // One chain at a time.
  Stage stage_ = Stage::idle;
  std::vector<std::string> names_{};
  std::string name_{};
  std::set<int> asked_{};
  std::set<std::string> expiries_{};
  std::vector<OptionContract> left_{};
  std::vector<int> batch_{};
  std::vector<OptionQuote> rows_{};
  std::vector<LiveSymbol> done_{};
  Instant until_{}, batch_until_{}, priced_{};
  bool finished_ = false;
  Instant now_{};
};

}  // namespace alaris::host
