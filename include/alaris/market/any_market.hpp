// SPDX-License-Identifier: Apache-2.0
#pragma once
// A market chosen at run time: one indirect call a question, so that what is written against a market is compiled once.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <alaris/market/source.hpp>

namespace alaris::inline v0 {

/// Refers to a market and answers for it; the market must outlive it. Allocates once, at construction.
class AnyMarket {
 public:
  template <market_source Market>
  requires(!std::same_as<Market, AnyMarket>) explicit AnyMarket(const Market& market)
      : asked_(std::make_shared<const Asked<Market>>(market)) {}

  [[nodiscard]] std::span<const std::string> symbols() const { return asked_->symbols(); }
  [[nodiscard]] std::span<const Bar> bars(std::string_view symbol) const { return asked_->bars(symbol); }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol, Date date) const {
    return asked_->chain(symbol, date);
  }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view symbol) const { return asked_->dividends(symbol); }
  [[nodiscard]] std::span<const Split> splits(std::string_view symbol) const { return asked_->splits(symbol); }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view symbol) const {
    return asked_->earnings(symbol);
  }
  [[nodiscard]] HeldTables tables(std::string_view symbol) const { return asked_->tables(symbol); }
  [[nodiscard]] std::span<const Bar> vix() const { return asked_->vix(); }
  [[nodiscard]] std::span<const RatePoint> rates() const { return asked_->rates(); }

 private:
  struct Questions {
    Questions() = default;
    Questions(const Questions&) = delete;
    Questions& operator=(const Questions&) = delete;
    virtual ~Questions() = default;
    [[nodiscard]] virtual std::span<const std::string> symbols() const = 0;
    [[nodiscard]] virtual std::span<const Bar> bars(std::string_view) const = 0;
    [[nodiscard]] virtual std::shared_ptr<const OptionChain> chain(std::string_view, Date) const = 0;
    [[nodiscard]] virtual std::span<const Dividend> dividends(std::string_view) const = 0;
    [[nodiscard]] virtual std::span<const Split> splits(std::string_view) const = 0;
    [[nodiscard]] virtual std::span<const EarningsStatement> earnings(std::string_view) const = 0;
    [[nodiscard]] virtual HeldTables tables(std::string_view) const = 0;
    [[nodiscard]] virtual std::span<const Bar> vix() const = 0;
    [[nodiscard]] virtual std::span<const RatePoint> rates() const = 0;
  };
  template <class Market>
  struct Asked final : Questions {
    explicit Asked(const Market& m) : market(&m) {}
    [[nodiscard]] std::span<const std::string> symbols() const override { return market->symbols(); }
    [[nodiscard]] std::span<const Bar> bars(std::string_view s) const override { return market->bars(s); }
    [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view s, Date d) const override {
      return market->chain(s, d);
    }
    [[nodiscard]] std::span<const Dividend> dividends(std::string_view s) const override {
      return market->dividends(s);
    }
    [[nodiscard]] std::span<const Split> splits(std::string_view s) const override { return market->splits(s); }
    [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view s) const override {
      return market->earnings(s);
    }
    [[nodiscard]] HeldTables tables(std::string_view s) const override { return tables_of(*market, s); }
    [[nodiscard]] std::span<const Bar> vix() const override { return market->vix(); }
    [[nodiscard]] std::span<const RatePoint> rates() const override { return market->rates(); }
    const Market* market;
  };
  std::shared_ptr<const Questions> asked_;
};
static_assert(market_source<AnyMarket>);

}  // namespace alaris::inline v0
