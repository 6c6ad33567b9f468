// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything about rules: verdicts, composition, every rule and limit, sizes, breakers, the gate.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/policy/any_policy.hpp>
#include <alaris/policy/breaker_text.hpp>
#include <alaris/policy/breakers.hpp>
#include <alaris/policy/entry_rules.hpp>
#include <alaris/policy/gate.hpp>
#include <alaris/policy/leg_rules.hpp>
#include <alaris/policy/limit_rules.hpp>
#include <alaris/policy/order_rules.hpp>
#include <alaris/policy/policy.hpp>
#include <alaris/policy/pre_trade_rules.hpp>
#include <alaris/policy/quality_rules.hpp>
#include <alaris/policy/reducing.hpp>
#include <alaris/policy/sizing.hpp>
#include <alaris/policy/tree.hpp>
#include <alaris/policy/verdict.hpp>
