// SPDX-License-Identifier: Apache-2.0
#pragma once
// Findings as text: "refused cost.survival [STCS006A]: IV30 over RV30 after costs 1.151, required > 1.2".

#include <string_view>

#include <fmt/format.h>

#include <alaris/policy/verdict.hpp>

namespace fmt {

template <>
struct formatter<alaris::Finding> : formatter<std::string_view> {
  auto format(const alaris::Finding& finding, format_context& context) const {
    using alaris::Outcome;
    const alaris::RuleInfo& rule = *finding.rule;
    const Outcome outcome = finding.outcome();
    auto out = fmt::format_to(context.out(), "{} {}", word(outcome, finding.excused), rule.name);
    if (!rule.code.empty()) out = fmt::format_to(out, " [{}]", rule.code);
    if (outcome == Outcome::not_applicable) return fmt::format_to(out, ": {}", rule.title);
    out = fmt::format_to(out, ": {} ", rule.title);
    const bool question = rule.unit == "1 = yes";
    if (outcome == Outcome::unknown)
      out = fmt::format_to(out, "unknown");
    else if (question)
      out = fmt::format_to(out, "{}", finding.seen.observed >= 1.0 ? "yes" : "no");
    else
      out = fmt::format_to(out, "{:.5g}", finding.seen.observed);
    if (question) return fmt::format_to(out, ", required yes");
    out = fmt::format_to(out, ", required {} {:.5g}", symbol(rule.required), finding.seen.limit);
    return rule.unit == "1" ? out : fmt::format_to(out, " {}", rule.unit);
  }

 private:
  static std::string_view word(alaris::Outcome outcome, bool excused) {
    if (excused) return "excused";
    switch (outcome) {
      case alaris::Outcome::pass:
        return "met";
      case alaris::Outcome::not_applicable:
        return "n/a";
      case alaris::Outcome::unknown:
        return "refused (unknown)";
      case alaris::Outcome::fail:
        break;
    }
    return "refused";
  }
};

}  // namespace fmt
