"""The wire form in which newer SDKs talk to CloudWatch and Direct Connect, which moto does not read: Smithy's RPC v2 over CBOR.

A request becomes one of the JSON protocol, which moto reads, and the answer goes back in CBOR (RFC 8949),
with the types that the service's model gives its members.
"""

import functools
import io
import json
import struct

import botocore.session

CONTENT_TYPE = "application/cbor"
SERVICES = {"GraniteServiceVersion20100801": "cloudwatch", "OvertureService": "directconnect"}
UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, OTHER = range(8)
ENDLESS = 31
EPOCH_SECONDS = 1
BREAK = object()


def loads(data: bytes) -> object:
    """The value that CBOR holds; times are seconds."""
    return load(io.BytesIO(data))


def load(stream: io.BytesIO) -> object:
    head = stream.read(1)[0]
    major, short = head >> 5, head & 31
    if major == OTHER:
        return simple(short, stream)
    count = None if short == ENDLESS else short
    if short in (24, 25, 26, 27):
        count = int.from_bytes(stream.read(1 << (short - 24)), "big")
    if major == UNSIGNED:
        return count
    if major == NEGATIVE:
        return -1 - count
    if major in (BYTES, TEXT):
        data = stream.read(count) if count is not None else b"".join(chunks(stream))
        return data.decode() if major == TEXT else data
    if major == LIST:
        return list(items(stream, count))
    if major == MAP:
        pairs = items(stream, None if count is None else 2 * count)
        return {key: next(pairs) for key in pairs}
    return load(stream)


def simple(short: int, stream: io.BytesIO) -> object:
    match short:
        case 20 | 21:
            return short == 21
        case 22 | 23:
            return None
        case 25 | 26 | 27:
            form, size = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}[short]
            return struct.unpack(form, stream.read(size))[0]
        case 31:
            return BREAK
    raise ValueError(f"no such simple value: {short}")


def items(stream: io.BytesIO, count: int | None):
    while count is None or count > 0:
        item = load(stream)
        if item is BREAK:
            return
        yield item
        count = None if count is None else count - 1


def chunks(stream: io.BytesIO):
    for chunk in items(stream, None):
        yield chunk if isinstance(chunk, bytes) else chunk.encode()


def dumps(value: object, shape=None) -> bytes:
    """CBOR for what JSON can hold, typed by `shape` of a service model where one is given."""
    kind = shape.type_name if shape is not None else ""
    if value is None:
        return b"\xf6"
    if kind == "timestamp":
        return head(TAG, EPOCH_SECONDS) + b"\xfb" + struct.pack(">d", float(value))
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if kind in ("double", "float") or isinstance(value, float):
        return b"\xfb" + struct.pack(">d", float(value))
    if isinstance(value, int):
        return head(UNSIGNED, value) if value >= 0 else head(NEGATIVE, -1 - value)
    if isinstance(value, str):
        return head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, list):
        inner = getattr(shape, "member", None)
        return head(LIST, len(value)) + b"".join(dumps(item, inner) for item in value)
    members = getattr(shape, "members", {})
    inner = getattr(shape, "value", None)
    rows = {key: item for key, item in value.items() if item is not None}
    pairs = (dumps(key) + dumps(item, members.get(key, inner)) for key, item in rows.items())
    return head(MAP, len(rows)) + b"".join(pairs)


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for short, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes([major << 5 | short]) + number.to_bytes(size, "big")
    raise ValueError(f"too large for CBOR: {number}")


@functools.cache
def model(service: str):
    return botocore.session.get_session().get_service_model(service)


def to_json(environ: dict) -> tuple[str, str]:
    """Makes the request one of the JSON protocol; gives the target and the operation."""
    _, _, target, _, operation = environ["PATH_INFO"].split("/")
    data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = json.dumps(loads(data) if data else {}).encode()
    environ |= {
        "PATH_INFO": "/",
        "HTTP_X_AMZ_TARGET": f"{target}.{operation}",
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    environ.pop("RAW_URI", None)
    environ.pop("REQUEST_URI", None)
    return target, operation


def from_json(target: str, operation: str, status: int, body: bytes) -> bytes:
    """The body in CBOR of an answer in JSON."""
    value = json.loads(body) if body.strip() else {}
    shape = model(SERVICES[target]).operation_model(operation).output_shape if status == 200 else None
    return dumps(value or {}, shape)


def headers(others: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer in CBOR that has `others` too."""
    kept = [(name, value) for name, value in others if name.lower() != "content-type"]
    return [*kept, ("Content-Type", CONTENT_TYPE), ("smithy-protocol", "rpc-v2-cbor")]
