# SPDX-License-Identifier: Apache-2.0
"""Every place that states the version states the same one, and both recipes have the packages that CMakeLists.txt finds."""
import ast
import json
import pathlib
import re

root = pathlib.Path(__file__).resolve().parents[2]


def stated(path, pattern):
    return re.search(pattern, (root / path).read_text()).group(1)


recipe = (root / "cmake/packaging/conan/conanfile.py").read_text()
ast.parse(recipe)
port = json.loads((root / "cmake/packaging/vcpkg/vcpkg.json").read_text())
portfile = (root / "cmake/packaging/vcpkg/portfile.cmake").read_text()
versions = {
    "CMakeLists.txt": stated("CMakeLists.txt", r"project\(alaris VERSION ([\d.]+)"),
    "core/version.hpp": stated("include/alaris/core/version.hpp", r'ALARIS_VERSION_STRING "([\d.]+)"'),
    "core/version.hpp, numbers": ".".join(stated("include/alaris/core/version.hpp", r"ALARIS_VERSION_%s (\d+)" % part)
                                          for part in ("MAJOR", "MINOR", "PATCH")),
    "vcpkg.json": port["version"],
    "conanfile.py": re.search(r'version = "([\d.]+)"', recipe).group(1),
    "CHANGELOG.md": stated("CHANGELOG.md", r"## ([\d.]+)"),
}
print(versions)
assert len(set(versions.values())) == 1, versions

# ---- packages: what alaris::alaris links in CMakeLists.txt, by the names of each packager ---------------------------------
tree = (root / "CMakeLists.txt").read_text()
linked = re.search(r"target_link_libraries\(alaris_alaris INTERFACE alaris_core ([^)]*)\)", tree).group(1).split()
wanted = {target.split("::")[0]: re.search(r"find_package\(%s ([\d.]+)" % target.split("::")[0], tree).group(1)
          for target in linked}
print(wanted)
number = lambda version: [int(part) for part in version.split(".")]

conan = dict(each.split("/") for each in re.search(r'for name in \(("eigen[^)]*)\)', recipe).group(1).replace('"', "").split(", "))
conan_names = {"Eigen3": "eigen", "Boost": "boost", "fmt": "fmt"}
assert sorted(conan) == sorted(conan_names[name] for name in wanted), conan
for name, least in wanted.items():
    assert number(conan[conan_names[name]]) >= number(least), f"conanfile.py: {conan_names[name]} is older than {least}"
requires = re.search(r"packages\.requires = \[([^]]*)\]", recipe).group(1).replace('"', "").split(", ")
assert {each.split("::")[0] for each in requires} == set(conan) | {"core"}, requires
assert "CMakeDeps(self).generate()" in recipe  # or find_package finds none of them

feature = {re.sub(r"-.*", "", name) for name in port["features"]["alaris"]["dependencies"]}
assert feature == {{"Eigen3": "eigen3", "Boost": "boost", "fmt": "fmt"}[name] for name in wanted}, feature
for name in wanted:
    assert f"alaris CMAKE_DISABLE_FIND_PACKAGE_{name}" in portfile, f"portfile.cmake finds {name} without the feature"
    assert f'"{name}"' in recipe, f"conanfile.py finds {name} without the option"
assert "vcpkg_fixup_pkgconfig()" in portfile
