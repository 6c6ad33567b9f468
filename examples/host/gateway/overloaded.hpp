// SPDX-License-Identifier: Apache-2.0
#pragma once
// One function object of several lambdas, to visit a variant with.

namespace alaris::gateway {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

}  // namespace alaris::gateway
