// SPDX-License-Identifier: Apache-2.0
#pragma once
// The configuration as the program uses it: plain values, already checked. schema.cpp says where each comes from.

#include <string>

#include <alaris/cost/carry.hpp>
#include <alaris/market/trading_time.hpp>
#include <alaris/pricing/estimated_quotes.hpp>
#include <alaris/strategy/settings.hpp>

namespace alaris::host {

struct MonitorSettings {
  double latency_warning_s = 2, latency_critical_s = 5, memory_warning_gib = 6, memory_critical_gib = 7;
  double freshness_s = 900, connection_s = 60;
};

struct BackupSettings {
  int database_days = 90, configuration_days = 365, trade_days = 1826;
  std::string time = "02:00";  // New York
};

struct GatewaySettings {
  std::string host = "127.0.0.1";
  int port = 4002;
  int client_id = 7;
  std::string mode = "paper";
  std::string account;
  std::string restart_time;  // HH:MM in New York; empty: the gateway does not restart itself
  double messages_per_second = 40.0;
  int market_data_lines = 90;
  std::string error_actions;  // CODE=ACTION, separated by commas: wins over the documented action
};

struct FeedSettings {
  std::string massive = "https://api.massive.com", fmp = "https://financialmodelingprep.com";
  std::string nasdaq = "https://api.nasdaq.com", treasury = "https://home.treasury.gov";
  std::string cboe = "https://cdn.cboe.com", edgar = "https://data.sec.gov";
};

struct SimulationSettings {
  int seed = 3;
  double event_premium = 1.5;  // implied over physical event volatility
};

struct Settings {
  StrategySettings strategy;
  std::string sectors;  // as written; strategy.sectors holds it read
  DayWeights day_weights;
  HalfSpreadModel estimated_quotes;
  CarryRules carry;
  double legging_chance = 0.10;
  SimulationSettings simulation;
  MonitorSettings monitor;
  BackupSettings backup;
  GatewaySettings gateway;
  FeedSettings feeds;
};

}  // namespace alaris::host
