// SPDX-License-Identifier: Apache-2.0
#include "gateway/wire_terms.hpp"

#include <algorithm>

namespace alaris::gateway {

std::string digits_of(Date date) {
  std::string text = to_string(date);
  std::erase(text, '-');
  return text;
}

std::optional<Date> date_of(std::string_view digits) {
  if (digits.size() < 8) return std::nullopt;
  std::string iso(digits.substr(0, 4));
  return parse_date(iso.append("-").append(digits.substr(4, 2)).append("-").append(digits.substr(6, 2)));
}

std::optional<OptionContract> option_of(const Contract& contract) {
  const auto expiry = date_of(contract.expiry);
  const auto strike = Strike::from_dollars(contract.strike);
  const auto right = right_of(contract.right);
  if (contract.sec_type != "OPT" || !expiry || !strike || !right) return std::nullopt;
  return OptionContract{*expiry, *strike, *right};
}

bool cancelled_word(std::string_view status) noexcept {
  return status == "Cancelled" || status == "ApiCancelled";
}

}  // namespace alaris::gateway
