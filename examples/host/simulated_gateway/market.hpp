// SPDX-License-Identifier: Apache-2.0
#pragma once
// The instruments of a simulated gateway and what they cost: Black-Scholes-Merton values with a spread around them.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <alaris/core/time.hpp>

#include "gateway/wire_contract.hpp"
#include "simulated_gateway/scenario.hpp"

namespace alaris::simulated {

struct Instrument {
  gateway::Contract contract{};
  std::size_t symbol = 0;  // index of its plan
  double volatility = 0.0;
};

/// Bid and ask in whole cents; nothing: no quote.
struct TwoSided {
  double bid = 0.0, ask = 0.0;
  [[nodiscard]] double mid() const noexcept { return 0.5 * (bid + ask); }
};

class Market {
 public:
  explicit Market(const Scenario& scenario);

  [[nodiscard]] const std::vector<SymbolPlan>& symbols() const noexcept { return symbols_; }
  [[nodiscard]] const Instrument* by_id(int con_id) const;
  /// The one instrument a contract names, by id or by its terms; nothing when none or several.
  [[nodiscard]] const Instrument* find(const gateway::Contract& wanted) const;
  [[nodiscard]] std::vector<const Instrument*> matches(const gateway::Contract& wanted) const;
  [[nodiscard]] std::optional<TwoSided> quote(const Instrument& instrument, Instant now) const;
  /// One unit of a combination as its legs define it; a debit is positive.
  [[nodiscard]] std::optional<TwoSided> quote(const gateway::Contract& contract, Instant now) const;
  void set_spot(const std::string& symbol, double spot);
  [[nodiscard]] double years_to_expiry(const Instrument& instrument, Instant now) const;

 private:
  std::vector<SymbolPlan> symbols_;
  std::map<int, Instrument> instruments_{};
};

[[nodiscard]] std::string yyyymmdd(Date date);

}  // namespace alaris::simulated
