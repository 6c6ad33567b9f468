// SPDX-License-Identifier: Apache-2.0
#pragma once
// The protocol from the gateway's side, and a small broker behind it, as a state machine: bytes of several connections
// and time in, bytes out. It owns no socket and reads no clock; what goes wrong, goes wrong by its scenario.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/bar.hpp>

#include "gateway/codec.hpp"
#include "gateway/frame.hpp"
#include "gateway/pacing.hpp"
#include "simulated_gateway/market.hpp"
#include "simulated_gateway/scenario.hpp"
#include "simulated_gateway/wire_time.hpp"

namespace alaris::simulated {

/// Bytes for a connection, in order; `close` after them.
struct Output {
  int connection = 0;
  std::string bytes{};
  bool close = false;
};

/// What the account has of one contract.
struct Holding {
  double quantity = 0.0;  // signed contracts or shares
  double cost = 0.0;      // signed dollars paid for what is open, commission included
  double realized = 0.0;  // dollars, of what was closed
};

/// One order at the broker.
struct BrokerOrder {
  gateway::PlaceOrder request{};
  int client_id = 0;
  std::int64_t perm_id = 0;
  std::string status{"PreSubmitted"};
  double filled = 0.0;  // units
  double paid = 0.0;    // sum of units times net price
  double last_price = 0.0;
  double charged = 0.0;    // dollars of commission on shares
  bool triggered = false;  // a stop that has been reached
  Instant changed{};
  std::optional<Instant> expires{};  // DAY and GTD
  [[nodiscard]] bool over() const { return status == "Filled" || status == "Cancelled"; }
};

class Server {
 public:
  Server(Scenario scenario, Instant started, std::uint64_t seed);
  /// The same broker with a market's own names, chains and bars.
  Server(Scenario scenario, AnyMarket history, Instant started, std::uint64_t seed);

  /// Whether the port answers.
  [[nodiscard]] bool listening(Instant now) const noexcept { return now >= shut_until_; }
  [[nodiscard]] int accept(Instant now);
  void received(Instant now, int connection, std::string_view bytes);
  void closed(Instant now, int connection);
  void tick(Instant now);
  [[nodiscard]] std::vector<Output> take_output() { return std::exchange(output_, {}); }

  // What a test may look at.
  [[nodiscard]] const std::map<std::int64_t, BrokerOrder>& orders() const noexcept { return orders_; }
  [[nodiscard]] const std::vector<gateway::ExecutionDetails>& executions() const noexcept { return executions_; }
  /// Signed contracts or shares by contract id.
  [[nodiscard]] std::map<int, double> positions() const;
  [[nodiscard]] const std::map<int, Holding>& holdings() const noexcept { return holdings_; }
  [[nodiscard]] Money cash() const noexcept { return cash_; }
  void apply(Instant now, const Fault& fault);

 private:
  Server(Scenario scenario, Market market, Instant started, std::uint64_t seed);
  struct Stream {
    gateway::Contract contract{};
    std::set<int> generic_ticks{};
    bool snapshot = false;
    bool delayed = false;
    bool frozen = false;
    std::optional<TwoSided> told{};  // the quote that everything beside the quote was last sent with
    Instant told_at{};
  };
  struct Connection {
    gateway::FrameReader frames{};
    enum class Stage : std::uint8_t { prefix, range, start, running } stage = Stage::prefix;
    int client_id = -1;
    int version = 0;
    bool gone = false;  // closed by its peer, still holding its id
    Instant id_until{};
    std::optional<std::size_t> bytes_left{};
    bool wants_positions = false;
    bool wants_account = false;
    std::map<int, Stream> streams{};
    std::map<int, std::string> summaries{};                     // tags by request
    std::map<int, gateway::RequestHistoricalData> kept_bars{};  // by request
    int data_type = 1;
    std::deque<Instant> recent{};  // messages of the last second
    int violations = 0;
    gateway::HistoricalPacer historical{};
  };

  template <class M>
  void send(int connection, const M& message);
  void send_bytes(int connection, std::string bytes);
  void error(int connection, int id, int code, const std::string& text);
  void close(int connection);
  void later(Instant at, std::function<void(Instant)> what);
  [[nodiscard]] int connection_of(int client_id) const;

  // server.cpp: opening, dispatch
  void handle_range(int connection, std::string_view payload);
  void handle_start(Instant now, int connection, const gateway::StartApi& start);
  void handle_message(Instant now, int connection, std::string_view payload);
  void answer(Instant now, int connection, const gateway::ClientMessage& message);
  [[nodiscard]] bool over_speed(Instant now, int connection);
  [[nodiscard]] int next_valid_id(int client_id) const;

  struct Refusal {
    int code = 0;
    std::string text{};
  };

  // server_contracts.cpp
  void on(Instant now, int connection, const gateway::RequestContractDetails& m);
  void on(Instant now, int connection, const gateway::RequestOptionParameters& m);
  void on(Instant now, int connection, const gateway::RequestMarketRule& m);

  // server_quotes.cpp
  void on(Instant now, int connection, const gateway::RequestMarketData& m);
  void on(Instant now, int connection, const gateway::CancelMarketData& m);
  void on(Instant now, int connection, const gateway::CalculateOptionPrice& m);
  void on(Instant now, int connection, const gateway::CalculateImpliedVolatility& m);
  void send_ticks(Instant now, int connection, int request_id, const Stream& stream, bool all);
  void send_day(Instant now, int connection, int request_id, const Instrument& instrument, bool delayed);
  void send_generic(Instant now, int connection, int request_id, const Instrument& instrument,
                    const std::set<int>& ids);
  void send_all_ticks(Instant now);
  [[nodiscard]] double halted(const Instrument& instrument) const;
  void send_halt(int connection, int request_id, const Stream& stream);
  [[nodiscard]] double modelled(const Instrument& option, double spot, Instant at) const;
  [[nodiscard]] std::optional<double> implied(const Instrument& option, double price, double spot, Instant now) const;
  [[nodiscard]] gateway::TickOptionComputation computation(Instant now, int request_id, int type,
                                                           const Instrument& option, std::optional<double> volatility,
                                                           double spot) const;
  struct ChainTotals {
    double call_volume = 0.0, put_volume = 0.0, call_interest = 0.0, put_interest = 0.0;
  };
  [[nodiscard]] ChainTotals chain_totals(std::size_t symbol) const;
  [[nodiscard]] std::optional<double> near_volatility(Instant now, const SymbolPlan& plan) const;

  // server_history.cpp
  struct HistoryQuery {
    int seconds = 0;  // of a bar
    Instant end{};
    std::size_t sessions = 0;
    std::size_t bars = 0;  // asked for by seconds: so many; 0: by sessions
    bool unzoned = false;
  };
  struct TimedBar {
    Instant at{};  // its start
    gateway::WireBar bar{};
  };
  void on(Instant now, int connection, const gateway::RequestHistoricalData& m);
  void on(Instant now, int connection, const gateway::CancelHistoricalData& m);
  [[nodiscard]] std::vector<Bar> days_of(const SymbolPlan& plan, Instant now, Instant until, std::size_t count) const;
  [[nodiscard]] expected<HistoryQuery, Refusal> history_query(Instant now,
                                                              const gateway::RequestHistoricalData& m) const;
  void append_session(std::vector<TimedBar>& out, const HistoryQuery& query, const gateway::RequestHistoricalData& m,
                      const Instrument& instrument, const Bar& day) const;
  [[nodiscard]] std::vector<TimedBar> long_bars(const HistoryQuery& query, std::span<const Bar> days) const;
  [[nodiscard]] std::vector<TimedBar> volatility_bars(const HistoryQuery& query,
                                                      const gateway::RequestHistoricalData& m, const SymbolPlan& plan,
                                                      std::span<const Bar> days) const;
  [[nodiscard]] std::vector<TimedBar> bars_of(Instant now, const HistoryQuery& query,
                                              const gateway::RequestHistoricalData& m,
                                              const Instrument& instrument) const;
  [[nodiscard]] std::vector<TimedBar> combination_bars(Instant now, const HistoryQuery& query,
                                                       const gateway::RequestHistoricalData& m) const;
  void update_kept_bars(Instant now);

  // server_exercise.cpp
  void on(Instant now, int connection, const gateway::ExerciseOptions& m);

  // server_account.cpp
  void on(Instant now, int connection, const gateway::RequestPositions& m);
  void on(Instant now, int connection, const gateway::RequestAccountSummary& m);
  void on(Instant now, int connection, const gateway::SubscribeAccount& m);
  struct Figure {
    std::string tag{};
    std::string value{};
    std::string currency{};
  };
  [[nodiscard]] std::vector<Figure> figures(Instant now) const;
  [[nodiscard]] std::vector<Figure> ledger(Instant now) const;
  [[nodiscard]] double net_liquidation(Instant now) const;
  void send_position(int connection, int con_id);
  void send_portfolio(Instant now, int connection, int con_id);
  void send_account_values(Instant now, int connection);
  void send_summary(Instant now, int connection, int request_id, const std::string& tags);
  void refresh_account(Instant now, const std::set<int>& traded);

  // server_orders.cpp
  void on(Instant now, int connection, const gateway::PlaceOrder& m);
  void on(Instant now, int connection, const gateway::CancelOrder& m);
  void on(Instant now, int connection, const gateway::GlobalCancel& m);
  void on(Instant now, int connection, const gateway::RequestExecutions& m);
  void preview(Instant now, int connection, const gateway::PlaceOrder& m);
  void modify(Instant now, int connection, BrokerOrder& order, const gateway::PlaceOrder& m);
  [[nodiscard]] std::optional<Refusal> refusal_of_terms(Instant now, const gateway::WireOrder& o) const;
  [[nodiscard]] std::optional<Refusal> refusal_of_contract(const gateway::Contract& contract) const;
  [[nodiscard]] bool valid(Instant now, int connection, const gateway::PlaceOrder& m);
  [[nodiscard]] bool same_instrument(const gateway::Contract& a, const gateway::Contract& b) const;
  [[nodiscard]] std::optional<Instant> expiry_of(Instant now, const gateway::WireOrder& o) const;
  void transmit_family(Instant now, int client_id, int parent_id);
  void cancel(Instant now, BrokerOrder& order);
  void tell(int client_id, const gateway::GatewayMessage& message);
  void tell_order(const BrokerOrder& order);
  [[nodiscard]] gateway::OpenOrder echo_of(const BrokerOrder& order) const;
  [[nodiscard]] gateway::OrderStatus status_of(const BrokerOrder& order) const;
  void send_open_orders(int connection, std::optional<int> client_id);
  void send_completed(int connection);
  [[nodiscard]] BrokerOrder* find_order(int client_id, int order_id);

  // server_fills.cpp
  struct Traded {
    int con_id = 0;
    int ratio = 1;
    bool bought = true;
  };
  void consider_fills(Instant now);
  void consider(Instant now, BrokerOrder& order);
  [[nodiscard]] bool awaits_parent(const BrokerOrder& order);
  [[nodiscard]] bool triggered(Instant now, BrokerOrder& order) const;
  [[nodiscard]] std::vector<Traded> traded_by(const BrokerOrder& order) const;
  [[nodiscard]] std::vector<double> leg_prices(Instant now, const std::vector<Traded>& traded, double cost) const;
  void fill(Instant now, BrokerOrder& order, double units, double net);
  [[nodiscard]] gateway::ExecutionDetails execution(Instant now, const BrokerOrder& order,
                                                    const gateway::Contract& contract, bool bought, double shares,
                                                    double price, double cumulative);
  [[nodiscard]] double commission(BrokerOrder& order, const Instrument& instrument, double shares) const;
  [[nodiscard]] std::optional<double> book(const Instrument& instrument, double shares, double price, double fee);
  void report_commission(Instant now, int client_id, gateway::CommissionReport report,
                         std::vector<gateway::GatewayMessage>& rows);
  void correct(Instant now, const std::string& execution_id);
  void spare_the_others(Instant now, const BrokerOrder& order, double units);

  Scenario scenario_;
  Market market_;
  Instant started_;
  std::mt19937_64 random_;
  std::map<int, Connection> connections_{};
  int next_connection_ = 1;
  std::multimap<Instant, std::function<void(Instant)>> agenda_{};
  std::vector<Output> output_{};
  std::map<std::int64_t, BrokerOrder> orders_{};  // by permId
  std::map<int, int> highest_id_{};               // by client id
  std::vector<gateway::ExecutionDetails> executions_{};
  std::map<std::string, gateway::CommissionReport> commissions_{};
  std::map<std::string, Instant> executed_at_{};  // by execution id
  std::map<int, Holding> holdings_{};             // by contract id
  Money cash_;
  std::int64_t next_perm_ = 1'290'415'501;
  int next_execution_ = 1;
  int orders_seen_ = 0;
  bool broker_lost_ = false;
  bool stalled_ = false;
  std::vector<std::pair<int, std::string>> held_{};  // what a stalled gateway has said to whom
  bool trailing_fields_ = false;
  bool single_bytes_ = false;
  std::map<std::string, double> halts_{};  // tick 49 by symbol, once a scenario has set it
  std::chrono::milliseconds half_open_for_{0};
  Instant shut_until_{};
  Instant last_ticks_{};
  Instant last_figures_{};
  Instant last_bars_{};
  std::size_t next_fault_ = 0;
};

/// Close to close over 30 days, per year; nothing before there are so many.
[[nodiscard]] std::optional<double> historical_volatility(std::span<const Bar> days);
/// `value` to so many digits after the point: sums carry what binary fractions leave behind.
[[nodiscard]] double rounded(double value, int digits);

}  // namespace alaris::simulated
