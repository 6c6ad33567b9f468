// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which vector units a processor has. Batches contain their code once for each set, whatever the program was compiled
// for, and choose when they are called; every copy carries its set in its name, so translation units compiled for
// different processors link and agree.

#include <cstdint>
#include <string_view>

#if (defined(__x86_64__) || defined(_M_X64)) && !defined(ALARIS_BASELINE_ONLY)
#define ALARIS_HAS_X86_SETS 1
#else
#define ALARIS_HAS_X86_SETS 0
#endif

namespace alaris::inline v0 {

///   baseline   what every processor of the architecture has (x86-64: two doubles, no fused multiply-add)
///   avx2       four doubles, fused multiply-add (Haswell, Zen and later)
///   avx512     eight doubles (Skylake-X, Zen 4 and later)
enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

[[nodiscard]] constexpr std::string_view name(InstructionSet set) noexcept {
  switch (set) {
    case InstructionSet::baseline:
      return "baseline";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
  }
  return "unknown";
}

/// Whether this processor (and its operating system) runs the set.
[[nodiscard]] inline bool runs(InstructionSet set) noexcept {
#if ALARIS_HAS_X86_SETS
  switch (set) {
    case InstructionSet::baseline:
      return true;
    case InstructionSet::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case InstructionSet::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && runs(InstructionSet::avx2);
  }
  return false;
#else
  return set == InstructionSet::baseline;
#endif
}

/// The widest set this processor runs.
[[nodiscard]] inline InstructionSet best_instruction_set() noexcept {
  if (runs(InstructionSet::avx512)) return InstructionSet::avx512;
  return runs(InstructionSet::avx2) ? InstructionSet::avx2 : InstructionSet::baseline;
}

}  // namespace alaris::inline v0
