// SPDX-License-Identifier: Apache-2.0
#pragma once
// A policy whose type is chosen at run time, from configuration say: the same rules and findings behind one indirect
// call. Memory is allocated when it is made or copied, never when it judges.

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <alaris/core/expects.hpp>
#include <alaris/policy/policy.hpp>
#include <alaris/policy/tree.hpp>

namespace alaris::inline v0 {

/// Holds any policy over Candidate. A moved-from value may only be assigned to or destroyed.
template <class Candidate>
class any_policy {
 public:
  template <policy_for<Candidate> P>
  requires(!std::same_as<std::remove_cvref_t<P>, any_policy>) explicit any_policy(P policy)
      : self_(new model<P>(std::move(policy))) {}
  any_policy(const any_policy& other) : self_(other.self_->clone()) {}
  any_policy(any_policy&& other) noexcept : self_(std::exchange(other.self_, nullptr)) {}
  any_policy& operator=(any_policy other) noexcept {
    std::swap(self_, other.self_);
    return *this;
  }
  ~any_policy() { delete self_; }

  [[nodiscard]] bool admits(const Candidate& candidate) const noexcept { return self_->admits(candidate); }
  /// Lets every rule speak. `findings` has size() elements.
  bool assess(const Candidate& candidate, std::span<Finding> findings) const noexcept {
    ALARIS_EXPECTS(findings.size() == size());
    return self_->record(candidate, findings.data());
  }
  /// Number of rules.
  [[nodiscard]] std::size_t size() const noexcept { return self_->rules; }
  /// The expression that was written; its rules stand in the order of the findings.
  [[nodiscard]] std::span<const PolicyNode> tree() const noexcept { return self_->tree; }

 private:
  struct interface {
    std::size_t rules;
    std::span<const PolicyNode> tree;
    interface(std::size_t count, std::span<const PolicyNode> nodes) : rules(count), tree(nodes) {}
    virtual ~interface() = default;
    virtual bool admits(const Candidate&) const noexcept = 0;
    virtual bool record(const Candidate&, Finding*) const noexcept = 0;
    virtual interface* clone() const = 0;
  };
  template <class P>
  struct model final : interface {
    P policy;
    explicit model(P p) : interface(detail::rule_count<P>(), policy_tree<P>), policy(std::move(p)) {}
    bool admits(const Candidate& candidate) const noexcept override { return alaris::admits(policy, candidate); }
    bool record(const Candidate& candidate, Finding* out) const noexcept override {
      return detail::record(policy, candidate, out);
    }
    interface* clone() const override {
      return new model(policy);
    }
  };
  interface* self_;
};

}  // namespace alaris::inline v0
