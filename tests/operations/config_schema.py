#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The printed JSON Schema holds every key of the configuration and its own defaults: config_schema.py HOST."""
import json
import subprocess
import sys


def said(*words):
    return json.loads(subprocess.run([sys.argv[1], "config", *words, "--format", "json"], check=True,
                                     stdout=subprocess.PIPE, text=True, cwd="/").stdout)


def leaves(section, prefix=""):
    assert section["type"] == "object" and section["additionalProperties"] is False, prefix
    for name, inner in section["properties"].items():
        if "properties" in inner:
            yield from leaves(inner, prefix + name + ".")
        else:
            yield prefix + name, inner


kinds = {"integer": int, "number": (int, float), "boolean": bool, "string": str}
schema = said("schema")
assert schema["$schema"].endswith("2020-12/schema")
keys = dict(leaves(schema))
assert len(keys) > 50, len(keys)
for key, rule in keys.items():
    assert rule["description"], key
    if "default" not in rule:
        continue
    value = rule["default"]
    assert isinstance(value, kinds[rule["type"]]), (key, value)
    assert value in rule.get("enum", [value]), (key, value)
    assert rule.get("minimum", value) <= value <= rule.get("maximum", value) if rule["type"] in ("integer", "number") else True, (key, value)
missing = set(said("show")["values"]) - set(keys)
assert not missing, missing
