# SPDX-License-Identifier: Apache-2.0
"""Every place that states the version states the same one, and the recipes can be read."""
import ast
import json
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]


def stated(path, pattern):
    return re.search(pattern, (root / path).read_text()).group(1)


recipe = (root / "cmake/packaging/conan/conanfile.py").read_text()
ast.parse(recipe)
versions = {
    "CMakeLists.txt": stated("CMakeLists.txt", r"project\(alaris VERSION ([\d.]+)"),
    "core/version.hpp": stated("include/alaris/core/version.hpp", r'ALARIS_VERSION_STRING "([\d.]+)"'),
    "core/version.hpp, numbers": ".".join(stated("include/alaris/core/version.hpp", r"ALARIS_VERSION_%s (\d+)" % part)
                                          for part in ("MAJOR", "MINOR", "PATCH")),
    "vcpkg.json": json.loads((root / "cmake/packaging/vcpkg/vcpkg.json").read_text())["version"],
    "conanfile.py": re.search(r'version = "([\d.]+)"', recipe).group(1),
    "CHANGELOG.md": stated("CHANGELOG.md", r"## ([\d.]+)"),
}
print(versions)
sys.exit(len(set(versions.values())) != 1)
