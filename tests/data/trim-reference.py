"""Writes aws-resources.json beside this file: of the reference given as argument, the types that src/ has.

Usage: python3 tests/data/trim-reference.py REFERENCE.json
"""

import json
import pathlib
import re
import sys

here = pathlib.Path(__file__).resolve().parent
source = "\n".join(path.read_text() for path in sorted((here.parent.parent / "src/resources").rglob("*.rs")))
ours = {
    "resources": set(re.findall(r'\b(?:Spec::new|spec)\(\s*"(aws_\w+)"', source)),
    "data_sources": set(re.findall(r'\bschema\(\s*"(aws_\w+)"', source)),
}
reference = json.loads(pathlib.Path(sys.argv[1]).read_text())
kept = {kind: {name: rows for name, rows in reference[kind].items() if name in ours[kind]} for kind in ours}
(here / "aws-resources.json").write_text(json.dumps({"about": reference["about"], **kept}, indent=1) + "\n")
