// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a simulated gateway is to do: its market, how it fills, and what goes wrong when. docs/formats.md has the file.

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/core/time.hpp>

namespace alaris::simulated {

struct SymbolPlan {
  std::string symbol{};
  int con_id = 0;
  double spot = 0.0;
  double volatility = 0.30;
  std::optional<double> front_volatility{};  // of the first expiry, before an event
  std::vector<Date> expiries{};
  std::vector<double> strikes{};
  bool quoted = true;  // false: every quote is -1
};

enum class FillPolicy : std::uint8_t { marketable, always, never };

struct FillPlan {
  FillPolicy policy = FillPolicy::marketable;
  std::chrono::milliseconds delay{50};
  int parts = 1;           // fills per order
  bool reorder = false;    // rows of one fill in any order
  bool duplicate = false;  // some rows twice
  bool combination_row = true;
  bool one_leg = false;     // of a combination the first leg alone executes, and nothing after it
  bool status_rows = true;  // false: executions are the only sign of life
  std::chrono::milliseconds commission_delay{0};
  bool unknown_commission = false;  // -1 at first; the amount comes with the delay
  bool corrections = false;         // every leg's price is corrected by a cent half a second later
};

/// What befalls the n-th order that arrives.
enum class OrderFate : std::uint8_t { accept, reject, accept_and_close, lose_and_close };
struct OrderPlan {
  int order = 1;
  OrderFate fate = OrderFate::accept;
  int code = 201;
  std::string text{"Order rejected - reason: by scenario"};
};

enum class FaultKind : std::uint8_t {
  lose_broker,        // 1100
  restore_data_lost,  // 1101
  restore_data_kept,  // 1102
  farm_down,          // 2103
  farm_up,            // 2104
  stall,              // the socket stays open, nothing comes
  resume,
  close,             // every connection, at once
  restart,           // as close, and the port is shut for `amount` seconds
  half_open,         // closed connections keep their client id for `amount` seconds
  drop_after_bytes,  // connections end after `amount` more bytes
  roll_back_ids,     // nextValidId goes back by `amount`
  unknown_message,
  trailing_fields,  // every message has more fields from now on
  single_bytes,     // every byte its own segment from now on
  spot,             // the price of `symbol` becomes `amount`
  halt              // `symbol` is halted: tick 49 is `amount` (0 trades again, 1 general, 2 volatility)
};
[[nodiscard]] std::string_view name(FaultKind kind) noexcept;
[[nodiscard]] std::optional<FaultKind> fault_named(std::string_view word) noexcept;

struct Fault {
  std::chrono::milliseconds at{0};  // since the gateway started
  FaultKind kind{};
  double amount = 0.0;
  std::string symbol{};
};

enum class DataService : std::uint8_t { live, delayed, none };

struct Scenario {
  std::string account{"DU1234567"};
  int version = 178;
  int next_order_id = 1;
  Money cash = Money::from_dollars(100'000);
  bool read_only = false;
  DataService data = DataService::live;
  int market_data_lines = 100;
  int messages_per_second = 50;
  std::chrono::milliseconds snapshot_takes{11'000};
  bool what_if_warns_first = false;
  std::set<int> unanswered{};  // message ids of requests that get no answer
  std::vector<SymbolPlan> symbols{};
  FillPlan fills{};
  std::vector<OrderPlan> orders{};
  std::vector<Fault> faults{};
};

/// A market of two names with monthly expiries after `today`: what runs without a scenario file.
[[nodiscard]] Scenario default_scenario(Date today);

}  // namespace alaris::simulated
