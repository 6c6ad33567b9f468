# Every public header, listed (not globbed): knowing this list is knowing what Alaris installs.
# tests/architecture fails when a header in the tree is missing here. Keep each list sorted.

# Standard library only: alaris::core.
set(ALARIS_CORE_HEADERS
  alaris/core/expected.hpp
  alaris/core/expects.hpp
  alaris/core/money.hpp
  alaris/core/option.hpp
  alaris/core/time.hpp
  alaris/core/version.hpp
  alaris/execution/fill_model.hpp
  alaris/execution/ledger.hpp
  alaris/execution/order.hpp
  alaris/market/as_of.hpp
  alaris/market/bar.hpp
  alaris/market/calendar.hpp
  alaris/market/chain.hpp
  alaris/market/combination.hpp
  alaris/market/contract.hpp
  alaris/market/earnings.hpp
  alaris/market/events.hpp
  alaris/market/expiry.hpp
  alaris/market/new_york.hpp
  alaris/market/quote.hpp
  alaris/market/source.hpp
  alaris/numeric/normal.hpp
  alaris/policy/breakers.hpp
  alaris/policy/entry_rules.hpp
  alaris/policy/limit_rules.hpp
  alaris/policy/policy.hpp
  alaris/policy/pre_trade_rules.hpp
  alaris/policy/quality_rules.hpp
  alaris/policy/sizing.hpp
  alaris/policy/verdict.hpp
  alaris/pricing/american.hpp
  alaris/pricing/american_cash_dividends.hpp
  alaris/pricing/american_early_exercise.hpp
  alaris/pricing/black.hpp
  alaris/pricing/parity.hpp
  alaris/volatility/adjusted_bars.hpp
  alaris/volatility/event.hpp
  alaris/volatility/event_calendar.hpp
  alaris/volatility/event_move.hpp
  alaris/volatility/implied.hpp
  alaris/volatility/physical_event.hpp
  alaris/volatility/realised.hpp
  alaris/volatility/rolling_realised.hpp
  alaris/volatility/total_variance.hpp
)

# Need Eigen, Boost headers or fmt: alaris::alaris.
set(ALARIS_PACKAGE_HEADERS
  alaris/adapters/fmt.hpp
)
