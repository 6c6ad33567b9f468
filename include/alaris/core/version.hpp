// SPDX-License-Identifier: Apache-2.0
#pragma once
// The version of Alaris. Semantic versioning; the inline namespace changes with the first number.

#define ALARIS_VERSION_MAJOR 0
#define ALARIS_VERSION_MINOR 1
#define ALARIS_VERSION_PATCH 0
#define ALARIS_VERSION_STRING "0.1.0"
