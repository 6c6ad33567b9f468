// SPDX-License-Identifier: Apache-2.0
#pragma once
// Our American and European kernels as a QuantLib pricing engine: an existing program changes the line that makes the
// engine. QuantLib reports failures by exceptions, so does this header; it is not part of alaris::core.
//   VanillaOption option(payoff, exercise);
//   option.setPricingEngine(ext::make_shared<alaris::quantlib::AmericanEngine<>>(process));

#include <optional>
#include <utility>
#include <vector>

#include <ql/cashflows/dividend.hpp>
#include <ql/exercise.hpp>
#include <ql/instruments/dividendschedule.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/processes/blackscholesprocess.hpp>

#include <alaris/core/option.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_greeks.hpp>
#include <alaris/pricing/bsm_greeks.hpp>

namespace alaris::inline v0::quantlib {

/// Value, delta, gamma, theta (per year), vega, rho and dividendRho of a VanillaOption.
///   model      constant rate, yield and volatility, read from the process at the expiry and strike of the option;
///              cash dividends in the spot model, with the years of the risk-free curve's day counter
///   exercise   European, or American that has begun; others are refused
///   method     European without dividends and event: closed formulas; else Level and Grid as in alaris::AmericanEngine
/// Vega, rho and dividendRho cost twelve more valuations: they are left out where `all_greeks` is false.
template <class Level = AccurateLevel, class Grid = ProductionGrid>
class AmericanEngine : public QuantLib::VanillaOption::engine {
 public:
  explicit AmericanEngine(QuantLib::ext::shared_ptr<QuantLib::GeneralizedBlackScholesProcess> process,
                          QuantLib::DividendSchedule dividends = {}, std::optional<EventVariance> event = {},
                          bool all_greeks = true)
      : process_(std::move(process)), dividends_(std::move(dividends)), event_(event), all_greeks_(all_greeks) {
    registerWith(process_);
  }

  void calculate() const override {
    const auto payoff = QuantLib::ext::dynamic_pointer_cast<QuantLib::StrikedTypePayoff>(arguments_.payoff);
    QL_REQUIRE(payoff, "alaris: the payoff has no strike");
    const QuantLib::Date today = process_->riskFreeRate()->referenceDate(), expiry = arguments_.exercise->lastDate();
    const bool american = arguments_.exercise->type() == QuantLib::Exercise::American;
    QL_REQUIRE(american || arguments_.exercise->type() == QuantLib::Exercise::European,
               "alaris: exercise is neither American nor European");
    QL_REQUIRE(!american || arguments_.exercise->date(0) <= today, "alaris: American exercise has not begun");
    const auto years_to = [&](const QuantLib::Date& date) {
      return process_->riskFreeRate()->dayCounter().yearFraction(today, date);
    };
    const double years = years_to(expiry);
    const AmericanInputs in{
        .type = payoff->optionType() == QuantLib::Option::Call ? OptionType::call : OptionType::put,
        .spot = process_->x0(),
        .strike = payoff->strike(),
        .years = years,
        .rate = process_->riskFreeRate()->zeroRate(years, QuantLib::Continuous, QuantLib::NoFrequency).rate(),
        .yield = process_->dividendYield()->zeroRate(years, QuantLib::Continuous, QuantLib::NoFrequency).rate(),
        .volatility = process_->blackVolatility()->blackVol(years, payoff->strike())};
    std::vector<CashDividend> cash;
    for (const auto& dividend : dividends_)
      if (dividend->date() > today && dividend->date() <= expiry)
        cash.push_back({years_to(dividend->date()), dividend->amount()});
    if (!american && cash.empty() && !event_) return fill(in);
    const auto price = [&](const AmericanInputs& at) {
      if (american) return alaris::AmericanEngine<Level, Grid>{.dividends = cash, .event = event_}(at);
      return american_with_dividends<Grid>(at, cash, event_, ExerciseStyle::european);
    };
    fill(in, Bumped<decltype(price)>{price});
  }

 private:
  template <class F>
  struct Bumped {
    static constexpr double bump = 1e-2;
    const F& price;
    AmericanValue operator()(const AmericanInputs& in) const { return price(in); }
  };

  /// The closed formulas.
  void fill(const AmericanInputs& in) const {
    const BsmGreeks greeks = bsm_greeks({in.type, in.spot, in.strike, in.years, in.rate, in.yield, in.volatility});
    QL_REQUIRE(greeks.price >= 0.0, "alaris: no value for these inputs");
    results_.value = greeks.price;
    results_.delta = greeks.delta;
    results_.gamma = greeks.gamma;
    results_.theta = greeks.theta;
    results_.thetaPerDay = greeks.theta / 365.0;
    if (!all_greeks_) return;
    results_.vega = greeks.vega;
    results_.rho = greeks.rho;
    results_.dividendRho = greeks.epsilon;
  }

  template <class Pricer>
  void fill(const AmericanInputs& in, const Pricer& pricer) const {
    const AmericanValue value = pricer(in);
    QL_REQUIRE(value.price >= 0.0, "alaris: no value for these inputs");
    results_.value = value.price;
    results_.delta = value.delta;
    results_.gamma = value.gamma;
    results_.theta = value.theta;
    results_.thetaPerDay = value.theta / 365.0;
    if (!all_greeks_) return;
    const AmericanGreeks greeks = american_greeks(in, pricer);
    results_.vega = greeks.vega;
    results_.rho = greeks.rho;
    results_.dividendRho = greeks.dividend_rho;
  }

  QuantLib::ext::shared_ptr<QuantLib::GeneralizedBlackScholesProcess> process_;
  QuantLib::DividendSchedule dividends_;
  std::optional<EventVariance> event_;
  bool all_greeks_;
};

}  // namespace alaris::inline v0::quantlib
