"""Judges a file by the rules of its kind: python judge.py KIND FILE. Prints one finding a line, nothing for a file
that is right. The kind `read` prints the documents of a YAML file as JSON."""

import json
import re
import subprocess
import sys
from pathlib import Path


def documents(path):
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)  # refuses a key that is there twice
    yaml.version = (1, 1)  # as Kubernetes and GitLab read it
    return list(yaml.load_all(path.read_text()))


def kubernetes(path):
    import kubernetes_validate as judge

    for document in documents(path):
        for version in ("1.31", "1.34", judge.latest_version()):
            try:
                judge.validate(document, version, strict=True)
            except judge.ValidationError as e:
                place = ".".join(str(step) for step in e.path)
                yield f"{version}: {document['kind']} {place}: {e.message}"
        folder = Path(judge.__file__).parent / "kubernetes-json-schema" / f"v{judge.latest_version()}-local"
        name = f"{document['kind'].lower()}-{document['apiVersion'].replace('/', '-')}.json"
        schema = json.loads((folder / name).read_text())
        known = json.loads((folder / "_definitions.json").read_text())["$defs"]
        yield from words(schema, document, known, document["kind"])


def words(schema, given, known, place):
    """Words that a field does not have. The schemas list them only in the descriptions."""
    described = " ".join(schema.get("description", "").split())
    if "$ref" in schema:
        schema = known[schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(given, dict):
        for name, value in given.items():
            inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if isinstance(inner, dict):
                yield from words(inner, value, known, f"{place}.{name}")
    elif isinstance(given, list):
        for value in given:
            yield from words(schema.get("items", {}), value, known, f"{place}[]")
    elif isinstance(given, str) and re.search(r"(?i)(valid|possible) (values|options) are|\bone of\b|it can be `", described):
        if not re.search(rf"\b{re.escape(given)}\b", described):
            yield f"{place}: {given!r} is not among those of the description: {described[:200]}"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return said if done.returncode else []


def schema(path, name, *more):
    documents(path)
    yield from run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", name, *more, str(path))


def github(path):
    yield from schema(path, "vendor.github-workflows")
    program = Path(sys.executable).with_name("actionlint")
    yield from run(str(program), "-shellcheck=", "-pyflakes=", "-no-color", "-oneline", str(path))


def gitlab(path):
    yield from schema(path, "vendor.gitlab-ci", "--data-transform", "gitlab-ci")


def request(service, operation, given):
    """Findings of a request, by the model of the API: the client checks all but texts, which only AWS would."""
    import botocore.session
    from botocore.validate import ParamValidator

    shape = botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape
    yield from ParamValidator().validate(given, shape).generate_report().splitlines()
    yield from texts(shape, given, operation)


def texts(shape, given, place):
    if shape.type_name == "structure" and isinstance(given, dict):
        for name, value in given.items():
            if name in shape.members:
                yield from texts(shape.members[name], value, f"{place}.{name}")
    elif shape.type_name == "list" and isinstance(given, list):
        for value in given:
            yield from texts(shape.member, value, f"{place}[]")
    elif shape.type_name == "string" and isinstance(given, str):
        if shape.enum and given not in shape.enum:
            yield f"{place}: {given!r} is not one of {', '.join(shape.enum)}"
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, given):
            yield f"{place}: {given!r} does not match {pattern}"


def batch(path):
    yield from request("batch", "RegisterJobDefinition", json.loads(path.read_text()))


def scheduler(path):
    """A schedule, and the call that it makes: its members begin with capital letters."""
    given = json.loads(path.read_text())
    yield from request("scheduler", "CreateSchedule", given)
    service, operation = given["Target"]["Arn"].removeprefix("arn:aws:scheduler:::aws-sdk:").split(":")
    call = lowered(json.loads(given["Target"]["Input"]))
    yield from request(service, operation[0].upper() + operation[1:], call)


def lowered(value):
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: lowered(inner) for name, inner in value.items()}
    return [lowered(inner) for inner in value] if isinstance(value, list) else value


def read(path):
    yield json.dumps(documents(path))


KINDS = {judge.__name__: judge for judge in (kubernetes, github, gitlab, batch, scheduler, read)}

for finding in KINDS[sys.argv[1]](Path(sys.argv[2])):
    print(finding)
