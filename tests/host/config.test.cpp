// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <array>
#include <bit>
#include <string>

#include "support/catch.hpp"

#include "host/support.hpp"
#include "host_error.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace alaris::test;
using Catch::Matchers::Contains;

namespace {
std::string refusal(const ConfigInputs& inputs) {
  try {
    (void)resolve_config(inputs);
  } catch (const HostError& error) {
    CHECK(error.code() == ExitCode::configuration);
    return error.what();
  }
  return "";
}
}  // namespace

TEST_CASE("built-in values are the defaults of the rules themselves", "[host][config]") {
  const Settings s = resolve_config({}).settings;
  const StrategySettings plain;
  CHECK(s.strategy.signal.min_iv_rv == plain.signal.min_iv_rv);
  CHECK(s.strategy.signal.max_term_slope_per_day == plain.signal.max_term_slope_per_day);
  CHECK(s.strategy.signal.min_underlying_volume == plain.signal.min_underlying_volume);
  CHECK(s.strategy.cost_limits.min_net_iv_rv == plain.cost_limits.min_net_iv_rv);
  CHECK(s.strategy.gamma.max_abs_delta == plain.gamma.max_abs_delta);
  CHECK(s.strategy.gamma.max_event_loss_nav == plain.gamma.max_event_loss_nav);
  CHECK(s.strategy.liquidity.max_volume_share == plain.liquidity.max_volume_share);
  CHECK(s.strategy.liquidity.max_open_interest_share == plain.liquidity.max_open_interest_share);
  CHECK(s.strategy.portfolio.max_contracts == plain.portfolio.max_contracts);
  CHECK(s.strategy.portfolio.max_notional == plain.portfolio.max_notional);
  CHECK(s.strategy.portfolio.max_daily_loss == plain.portfolio.max_daily_loss);
  CHECK(s.strategy.portfolio.min_cash_fraction == plain.portfolio.min_cash_fraction);
  CHECK(s.strategy.earnings_date.min_sources == plain.earnings_date.min_sources);
  CHECK(s.strategy.sizing.kelly_fraction == plain.sizing.kelly_fraction);
  CHECK(s.strategy.vix.trip == plain.vix.trip);
  CHECK(s.strategy.vix.reset == plain.vix.reset);
  CHECK(s.estimated_quotes.of_spot == HalfSpreadModel{}.of_spot);
}

namespace {

/// Another value of a key within its range.
std::string another(const ConfigKey& key) {
  if (key.fallback.empty()) return "0.5";
  const double usual = std::stod(std::string(key.fallback));
  if (key.kind == KeyKind::integer) return std::to_string(static_cast<int>(usual) + (usual < key.high ? 1 : -1));
  const double less = usual == 0.0 ? 0.001 : 0.97 * usual;
  return std::to_string(less >= key.low && less <= key.high ? less : 1.03 * usual);
}

/// How many members of a structure of one type equal those of another.
template <class Number, class Limits>
int equal_members(const Limits& a, const Limits& b) {
  static_assert(sizeof(Limits) % sizeof(Number) == 0);
  using Members = std::array<Number, sizeof(Limits) / sizeof(Number)>;
  const auto one = std::bit_cast<Members>(a), other = std::bit_cast<Members>(b);
  int equal = 0;
  for (std::size_t i = 0; i < one.size(); ++i) equal += one[i] == other[i];
  return equal;
}

}  // namespace

TEST_CASE("every member of every structure of limits has a key", "[host][config]") {
  ConfigInputs inputs;
  for (const ConfigKey& key : config_schema()) {
    const bool judged = key.key.starts_with("risk.") || key.key.starts_with("quality.") ||
                        key.key.starts_with("strategy.") || key.key.starts_with("cost.") ||
                        key.key.starts_with("sizing.");
    if (judged && (key.kind == KeyKind::number || key.kind == KeyKind::integer))
      inputs.assignments.push_back(std::string(key.key) + "=" + another(key));
  }
  const StrategySettings changed = resolve_config(inputs).settings.strategy, plain;
  CHECK(equal_members<double>(changed.signal, plain.signal) == 0);
  CHECK(equal_members<double>(changed.earnings_date, plain.earnings_date) == 0);
  CHECK(equal_members<double>(changed.cost_limits, plain.cost_limits) == 0);
  CHECK(equal_members<double>(changed.gamma, plain.gamma) == 0);
  CHECK(equal_members<double>(changed.liquidity, plain.liquidity) == 0);
  CHECK(equal_members<double>(changed.legs, plain.legs) == 0);
  CHECK(equal_members<double>(changed.quality, plain.quality) == 0);
  CHECK(equal_members<double>(changed.portfolio, plain.portfolio) == 0);
  CHECK(equal_members<double>(changed.orders, plain.orders) == 0);
  CHECK(equal_members<double>(changed.vix, plain.vix) == 0);
  CHECK(equal_members<double>(changed.cost.slippage, plain.cost.slippage) == 0);
  CHECK(changed.sizing.kelly_fraction != plain.sizing.kelly_fraction);
  CHECK(changed.sizing.small_sample_nav != plain.sizing.small_sample_nav);
  CHECK(changed.sizing.min_trades != plain.sizing.min_trades);
  CHECK(changed.quiet_sessions != plain.quiet_sessions);
  CHECK(changed.max_execution_failures != plain.max_execution_failures);
}

TEST_CASE("later layers win and every value knows its origin", "[host][config]") {
  const ScratchFolder folder;
  folder.write("site.toml", "[strategy]\nmin_iv_rv = 1.3\nback_days = 28\n");
  folder.write("mine.toml", "[strategy]\nmin_iv_rv = 1.4\n\n[risk]\nmax_contracts = 5\n");
  ConfigInputs inputs;
  inputs.standard_files = {(folder.path() / "site.toml").string(), (folder.path() / "absent.toml").string()};
  inputs.files = {(folder.path() / "mine.toml").string()};
  inputs.environment = {{"ALARIS__RISK__MAX_CONTRACTS", "4"}};
  inputs.assignments = {"risk.max_open_spreads=3"};
  const ResolvedConfig config = resolve_config(inputs);
  CHECK(config.settings.strategy.signal.min_iv_rv == 1.4);
  CHECK(config.settings.strategy.calendar.back_days == std::chrono::days(28));
  CHECK(config.settings.strategy.portfolio.max_contracts == 4);
  CHECK(config.settings.strategy.portfolio.max_open_spreads == 3);
  CHECK_THAT(config.values.at("strategy.min_iv_rv").origin, Contains("mine.toml:2"));
  CHECK(config.values.at("risk.max_contracts").origin == "ALARIS__RISK__MAX_CONTRACTS");
  CHECK(config.values.at("risk.max_open_spreads").origin == "--set");
  CHECK(config.values.at("risk.vix_trip").origin == "built-in");
}

TEST_CASE("all errors are reported at once with their places and suggestions", "[host][config]") {
  const ScratchFolder folder;
  folder.write("bad.toml",
               "[strategy]\nmin_iv_rvv = 1.3\nback_days = 5.5\nstructure = \"strangle\"\n[risk]\nvix_trip = 30\n");
  ConfigInputs inputs;
  inputs.files = {(folder.path() / "bad.toml").string(), "/nowhere/alaris.toml"};
  inputs.assignments = {"risk.max_contracts", "quality.session_source=guess"};
  const std::string text = refusal(inputs);
  CHECK_THAT(text, Contains("7 errors"));
  CHECK_THAT(text, Contains("bad.toml:2: unknown key 'strategy.min_iv_rvv'; did you mean 'strategy.min_iv_rv'?"));
  CHECK_THAT(text, Contains("bad.toml:3: strategy.back_days = 5.5: must be a whole number"));
  CHECK_THAT(text, Contains("must be one of call_calendar|put_calendar|double_calendar"));
  CHECK_THAT(text, Contains("-c /nowhere/alaris.toml: no such file"));
  CHECK_THAT(text, Contains("--set risk.max_contracts: must be section.key=value"));
  CHECK_THAT(text, Contains("must be one of stated|derived"));
  CHECK_THAT(text, Contains("risk.vix_reset must not exceed risk.vix_trip"));
}

TEST_CASE("broken TOML is refused with its line", "[host][config]") {
  const ScratchFolder folder;
  folder.write("bad.toml", "[strategy]\nmin_iv_rv = = 2\n");
  ConfigInputs inputs;
  inputs.files = {(folder.path() / "bad.toml").string()};
  CHECK_THAT(refusal(inputs), Contains("bad.toml:2:"));
}

TEST_CASE("values outside their range are refused", "[host][config]") {
  const char* bad =
      GENERATE("risk.max_contracts=0", "risk.min_cash_fraction=1", "strategy.min_iv_rv=0.5",
               "strategy.max_term_slope_per_day=0.1", "cost.buffer=0.9", "volatility.window=9", "risk.max_abs_delta=0",
               "risk.max_abs_delta=nan", "sizing.kelly_fraction=inf", "strategy.front_any_weekday=yes",
               "cost.estimated_half_spread_bp=101", "feeds.fmp.base_url=http://evil.example",
               "feeds.fmp.base_url=http://localhost.evil.example", "backup.time=99:99");
  CAPTURE(bad);
  ConfigInputs inputs;
  inputs.assignments = {bad};
  CHECK_THAT(refusal(inputs), Contains("must"));
}

TEST_CASE("the resolved configuration reads back as itself", "[host][config]") {
  ConfigInputs inputs;
  inputs.assignments = {"strategy.min_iv_rv=1.310", "strategy.structure=put_calendar", "gateway.account=D\"a\\b"};
  const ResolvedConfig config = resolve_config(inputs);
  const ScratchFolder folder;
  folder.write("again.toml", config.to_toml());
  ConfigInputs again;
  again.files = {(folder.path() / "again.toml").string()};
  const ResolvedConfig second = resolve_config(again);
  for (const auto& [key, value] : config.values) CHECK(second.values.at(key).text == value.text);
}

TEST_CASE("the gateway's restart and the meaning of its errors are checked when they are read", "[host][config]") {
  ConfigInputs inputs;
  inputs.assignments = {"gateway.restart_time=23:45", "gateway.error_actions=10349=note,399=order_lives",
                        "gateway.messages_per_second=20", "gateway.market_data_lines=50"};
  const GatewaySettings s = resolve_config(inputs).settings.gateway;
  CHECK((s.restart_time == "23:45" && s.messages_per_second == 20.0 && s.market_data_lines == 50));
  for (const char* bad : {"restart_time=quarter to twelve", "restart_time=24:00", "error_actions=399",
                          "error_actions=399=panic", "error_actions=x=note", "messages_per_second=0"}) {
    inputs.assignments = {std::string("gateway.") + bad};
    CHECK(!refusal(inputs).empty());
  }
}

TEST_CASE("a live mode with the paper port or a paper account is refused", "[host][config]") {
  ConfigInputs inputs;
  inputs.assignments = {"gateway.mode=live"};
  CHECK_THAT(refusal(inputs), Contains("belongs to the other gateway.mode"));
  inputs.assignments = {"gateway.mode=live", "gateway.port=4001", "gateway.account=DU123"};
  CHECK_THAT(refusal(inputs), Contains("gateway.account does not belong"));
  inputs.assignments = {"gateway.mode=live", "gateway.port=4001", "gateway.account=U123"};
  CHECK(resolve_config(inputs).settings.gateway.port == 4001);
}
