// SPDX-License-Identifier: Apache-2.0
// Compiles one text once for each instruction set. The text is a header that, with ALARIS_SET defined, writes its code
// into namespace alaris::v0::ALARIS_SET; define ALARIS_SET_TEXT as its name and include this header (it has no include
// guard on purpose). Whatever flags a translation unit has, the code of a set is the code of that set: the target is
// stated here, products are fused where the text says fma and nowhere else.
//
// The text must not include anything while ALARIS_SET is defined, and every function in it is always_inline or an entry
// that takes and returns no vectors.

#ifdef ALARIS_SET_TEXT

#include <alaris/numeric/instruction_set.hpp>

#if ALARIS_HAS_X86_SETS
#define ALARIS_SET_X86 1
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("no-avx"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("no-avx")
#endif
#define ALARIS_SET baseline
#define ALARIS_SET_LANES 2
#include ALARIS_SET_TEXT
#undef ALARIS_SET
#undef ALARIS_SET_LANES
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma,no-avx512f"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx2,fma,no-avx512f")
#endif
#define ALARIS_SET avx2
#define ALARIS_SET_LANES 4
#include ALARIS_SET_TEXT
#undef ALARIS_SET
#undef ALARIS_SET_LANES
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), \
                             apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")
#endif
#define ALARIS_SET avx512
#define ALARIS_SET_LANES 8
#include ALARIS_SET_TEXT
#undef ALARIS_SET
#undef ALARIS_SET_LANES
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef ALARIS_SET_X86
#else
#define ALARIS_SET_X86 0
#define ALARIS_SET baseline
#define ALARIS_SET_LANES 2
#include ALARIS_SET_TEXT
#undef ALARIS_SET
#undef ALARIS_SET_LANES
#undef ALARIS_SET_X86
#endif

#undef ALARIS_SET_TEXT
#endif
