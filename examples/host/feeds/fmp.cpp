// SPDX-License-Identifier: Apache-2.0
#include "feeds/fmp.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alaris/market/earnings.hpp>
#include <alaris/market/symbol.hpp>

#include "feeds/json_rows.hpp"

namespace alaris::host::fmp {
namespace {

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

/// The vendor states its errors in words, under several statuses, at times with 200.
FeedError refined(FeedError error, std::string_view said) {
  if (contains(said, "Limit Reach")) {
    error.fault = FeedFault::rate_limited;
  } else if (contains(said, "Invalid API KEY")) {
    error.fault = FeedFault::auth;
    error.why = "the key is missing or unknown";
  } else if (contains(said, "Legacy Endpoint")) {
    error.fault = FeedFault::entitlement;
    error.why = "a legacy route: set feeds.fmp.base_url to the stable address";
  } else if (contains(said, "Exclusive Endpoint") || contains(said, "Premium")) {
    error.fault = FeedFault::entitlement;
    error.why = "the plan does not cover this: " + safe_text(said);
  }
  if (error.fault == FeedFault::rate_limited) {
    error.why = "the allowance is used up";
    error.rest_of_day = true;
  }
  error.retryable = error.fault == FeedFault::transport && error.retryable;
  return error;
}

std::string message_of(const HttpAnswer& answer) {
  if (is_html(answer.body)) return {};
  const Json body = Json::parse(answer.body, nullptr, false);
  if (body.is_object())
    if (const auto at = body.find("Error Message"); at != body.end() && at->is_string()) return at->get<std::string>();
  return body.is_discarded() ? answer.body : std::string();
}

AnnouncementSession session_of(std::string_view word, std::vector<std::string>& warnings) {
  if (word == "bmo") return AnnouncementSession::before_open;
  if (word == "amc") return AnnouncementSession::after_close;
  if (word == "dmh") return AnnouncementSession::during_market;
  if (!word.empty() && word != "--")
    warnings.push_back(fmt::format("'{}' is not a session that is known", safe_text(word)));
  return AnnouncementSession::unknown;
}

std::optional<double> first_of(JsonRow& row, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const auto value = row.number(key)) return value;
  return std::nullopt;
}
std::optional<double> estimate(std::optional<double> value) {
  return value && *value != 0.0 ? value : std::nullopt;
}

bool same_figures(const Earnings& a, const Earnings& b) {
  return a.eps == b.eps && a.eps_estimated == b.eps_estimated && a.revenue == b.revenue &&
         a.revenue_estimated == b.revenue_estimated && a.session == b.session;
}

bool better(const Earnings& a, const Earnings& b) {
  const bool a_sure = a.confirmed.value_or(false), b_sure = b.confirmed.value_or(false);
  if (a_sure != b_sure) return a_sure;
  return a.updated.value_or(Date::min()) > b.updated.value_or(Date::min());
}

}  // namespace

FeedResult<FeedTable<Earnings>> parse_earnings(const HttpAnswer& answer) {
  if (answer.status == 404) {  // some routes answer an empty window so
    const Json body = Json::parse(answer.body, nullptr, false);
    if ((body.is_array() || body.is_object()) && body.empty()) return FeedTable<Earnings>{};
  }
  if (answer.status < 200 || answer.status > 299) {
    const std::string said = message_of(answer);
    return unexpected(refined(status_error(feed, answer, said), said));
  }
  const auto body = parse_json(feed, answer);
  if (!body) return unexpected(body.error());
  if (!body->is_array())
    return unexpected(
        refined({.fault = FeedFault::schema, .feed = std::string(feed), .where = {}, .why = "a list is required here"},
                message_of(answer)));
  FeedTable<Earnings> table;
  read_rows(*body, "", table, [&](JsonRow& row) {
    Earnings out;
    out.symbol = canonical_symbol(row.required_text("symbol"));
    out.date = row.required_date("date");
    out.session = session_of(row.text("time").value_or(""), table.warnings);
    out.confirmed = row.flag("confirmed");
    out.eps = first_of(row, {"epsActual", "eps", "actualEarningResult"});
    out.eps_estimated = estimate(first_of(row, {"epsEstimated", "estimatedEarning"}));
    out.revenue = first_of(row, {"revenueActual", "revenue"});
    out.revenue_estimated = estimate(row.number("revenueEstimated"));
    out.updated = row.date("lastUpdated");
    if (!out.updated) out.updated = row.date("updatedFromDate");
    out.period_end = row.date("periodEnding");
    if (!out.period_end) out.period_end = row.date("fiscalDateEnding");
    return out;
  });
  const std::size_t arrived = body->size();
  if (arrived != 0 && arrived % 1000 == 0)
    table.warnings.push_back(fmt::format("exactly {} rows: the vendor may have cut the list", arrived));
  return table;
}

FeedTable<Earnings> one_per_report(FeedTable<Earnings> table) {
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const Earnings& a, const Earnings& b) {
    return a.symbol != b.symbol ? a.symbol < b.symbol : a.date < b.date;
  });
  std::vector<Earnings> reports;
  for (auto first = table.rows.begin(); first != table.rows.end();) {
    const auto last = std::find_if(first, table.rows.end(), [&](const Earnings& row) {
      return row.symbol != first->symbol || row.date - first->date > same_report_window;
    });
    const auto best = std::min_element(first, last, better);
    for (auto row = first; row != last; ++row)
      if (row != best && row->date == best->date && row->updated == best->updated && !same_figures(*row, *best))
        table.warnings.push_back(
            fmt::format("{} {}: two rows of one update contradict each other", best->symbol, to_string(best->date)));
    table.duplicates += static_cast<std::size_t>(last - first) - 1;
    reports.push_back(*best);
    first = last;
  }
  table.rows = std::move(reports);
  return table;
}

}  // namespace alaris::host::fmp
