"""Refuses a call to S3 that S3's published model does not know: a parameter, a header, an element or a value.

moto reads what it knows and ignores the rest, so that a misspelt member would change nothing and nobody would notice.
"""

import xml.etree.ElementTree as ElementTree
from functools import cache
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from botocore.model import ServiceModel

from floorplan_sandbox import answer
from floorplan_sandbox.answer import Answer
from floorplan_sandbox.request import Request
from floorplan_sandbox.signature import content

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"
# Headers that belong to every request, or to none of the operations.
GENERAL = ("x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-user-agent", "x-amz-checksum-mode")


def check(request: Request) -> Answer | None:
    """The refusal of a call that no operation of the model allows: that of the one that is nearest to it."""
    environ = request.environ
    if request.service != "s3" or "HTTP_X_AMZ_ACCOUNT_ID" in environ:
        return None
    path = environ.get("PATH_INFO", "/").strip("/")
    depth = min(path.count("/") + 1, 2) if path else 0
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    fitting = [
        operation
        for method, place, static, operation in operations()
        if method == environ["REQUEST_METHOD"] and place == depth and static.items() <= query.items()
    ]
    if not fitting:
        return answer.error(request, "MethodNotAllowed", f"S3 has no {request.action} with {sorted(query)}.", 405)
    most = max(len(static_query(operation)) for operation in fitting)
    nearest = [operation for operation in fitting if len(static_query(operation)) == most]
    faults = [fault(operation, environ, query) for operation in nearest]
    if all(faults):
        return answer.error(request, "MalformedXML", f"{nearest[0].name}: {faults[0]}")
    return None


@cache
def operations() -> list:
    """Method, depth of the path, fixed parameters and model of each operation."""
    model = ServiceModel(Loader().load_service_model("s3", "service-2"), "s3")
    found = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        path = operation.http["requestUri"].split("?")[0]
        depth = 2 if "{Key" in path else 1 if "{Bucket}" in path or input_has(operation, "Bucket") else 0
        found.append((operation.http["method"], depth, static_query(operation), operation))
    return found


def input_has(operation, member: str) -> bool:
    return bool(operation.input_shape) and member in operation.input_shape.members


def static_query(operation) -> dict:
    _, _, query = operation.http["requestUri"].partition("?")
    return dict(parse_qsl(query, keep_blank_values=True))


def fault(operation, environ: dict, query: dict) -> str | None:
    """What the operation does not know of this call, or lacks in it."""
    members = operation.input_shape.members if operation.input_shape else {}
    located = {shape.serialization.get("location"): [] for shape in members.values()}
    for shape in members.values():
        located[shape.serialization.get("location")].append(shape.serialization.get("name"))
    parameters = {*located.get("querystring", []), *static_query(operation), "x-id"}
    unknown = sorted(set(query) - parameters)
    if unknown:
        return f"the parameter {unknown[0]} is not known"
    for member in operation.input_shape.required_members if operation.input_shape else []:
        wanted = members[member].serialization
        name = wanted.get("name", member)
        if wanted.get("location") == "querystring" and name not in query:
            return f"the parameter {name} is missing"
        if wanted.get("location") == "header" and f"HTTP_{name.upper().replace('-', '_')}" not in environ:
            return f"the header {name} is missing"
    known = {name.lower() for name in located.get("header", []) if name}
    prefixes = tuple(name.lower() for name in located.get("headers", []) if name)
    for key in environ:
        name = key.removeprefix("HTTP_").replace("_", "-").lower()
        ours = key.startswith("HTTP_X_AMZ_") and name not in GENERAL and not name.startswith("x-amz-checksum-")
        if ours and name not in known and not (prefixes and name.startswith(prefixes)):
            return f"the header {name} is not known"
    body = content(environ)
    payload = operation.input_shape.serialization.get("payload") if operation.input_shape else None
    shape = members.get(payload)
    if shape is None or shape.type_name != "structure":
        return "a body is not expected" if body and shape is None else None
    required = payload in operation.input_shape.required_members
    if not body:
        return "a body is missing" if required else None
    if operation.http_checksum.get("requestChecksumRequired") and not has_sum(environ):
        return "a sum of the body is missing"
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return str(error)
    name = shape.serialization.get("name", payload)
    if bare(root.tag) != name:
        return f"the root is {bare(root.tag)} and not {name}"
    return of_structure(shape, root, name)


def has_sum(environ: dict) -> bool:
    return "HTTP_CONTENT_MD5" in environ or any(key.startswith("HTTP_X_AMZ_CHECKSUM_") for key in environ)


def bare(tag: str) -> str:
    return tag.removeprefix(NAMESPACE)


def of_structure(shape, element, at: str) -> str | None:
    """What is wrong with an element of a structure."""
    names, attributes = {}, {}
    for member, inner in shape.members.items():
        flat = inner.type_name == "list" and inner.serialization.get("flattened")
        name = inner.serialization.get("name") or (flat and inner.member.serialization.get("name")) or member
        (attributes if inner.serialization.get("xmlAttribute") else names)[name] = (member, inner)
    given = {key.replace(XSI, "xsi:") for key in element.attrib}
    if given - set(attributes):
        return f"{at} has no attribute {sorted(given - set(attributes))[0]}"
    seen: dict[str, int] = {}
    for child in element:
        name = bare(child.tag)
        if name not in names:
            return f"{at} has no element {name}"
        member, inner = names[name]
        seen[member] = seen.get(member, 0) + 1
        flat = inner.type_name == "list" and inner.serialization.get("flattened")
        if seen[member] > 1 and not flat:
            return f"{at} has several elements {name}"
        wrong = of_value(inner.member if flat else inner, child, f"{at}.{name}")
        if wrong:
            return wrong
    for member in shape.required_members:
        inner = shape.members[member]
        # A list without a value has no element at all.
        optional = inner.type_name == "list" or inner.serialization.get("xmlAttribute")
        if member not in seen and not optional:
            return f"{at} lacks {member}"
    return None


def of_value(shape, element, at: str) -> str | None:
    text = (element.text or "").strip()
    match shape.type_name:
        case "structure":
            return of_structure(shape, element, at)
        case "list":
            name = shape.member.serialization.get("name", "member")
            for child in element:
                wrong = f"{at} has no element {bare(child.tag)}" if bare(child.tag) != name else None
                wrong = wrong or of_value(shape.member, child, f"{at}.{name}")
                if wrong:
                    return wrong
        case "boolean" if text not in ("true", "false"):
            return f"{at} is {text!r}, which is neither true nor false"
        case "integer" | "long" if not text.lstrip("-").isdigit():
            return f"{at} is {text!r}, which is not a number"
        case "string" if shape.enum and text not in shape.enum:
            return f"{at} is {text!r}, which is none of {', '.join(shape.enum)}"
    return None
