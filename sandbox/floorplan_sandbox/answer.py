"""Renders an answer, above all an error in the protocol that the caller's SDK parses."""

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from xml.sax.saxutils import escape

from floorplan_sandbox import cbor
from floorplan_sandbox.request import Request


@dataclass
class Answer:
    """A complete HTTP answer, held so that it can be paged, kept for a token, or lost."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def send(self, start_response) -> list[bytes]:
        headers = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        headers.append(("Content-Length", str(len(self.body))))
        start_response(status_line(self.status), headers)
        return [self.body]


def status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def plain_json(value: object, status: int = 200) -> Answer:
    return Answer(status, [("Content-Type", "application/json")], json.dumps(value).encode())


def error(request: Request, code: str, message: str, status: int = 400) -> Answer:
    """An error as AWS words it for the protocol of this request."""
    request_id = str(uuid.uuid4())
    if request.is_ec2:
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
            f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
            f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
        return xml(status, body)
    if request.is_cbor:
        return Answer(status, cbor.headers([]), cbor.dumps({"__type": code, "message": message}))
    if "json" in request.content_type or "HTTP_X_AMZ_TARGET" in request.environ:
        answer = plain_json({"__type": code, "message": message}, status)
        answer.headers += [("x-amzn-errortype", code), ("x-amzn-requestid", request_id)]
        return answer
    if request.form:
        fault = "Receiver" if status >= 500 else "Sender"
        body = (
            f"<ErrorResponse><Error><Type>{fault}</Type><Code>{escape(code)}</Code>"
            f"<Message>{escape(message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return xml(status, body)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{escape(code)}</Code>'
        f"<Message>{escape(message)}</Message><RequestId>{request_id}</RequestId></Error>"
    )
    return xml(status, body)


def xml(status: int, body: str) -> Answer:
    return Answer(status, [("Content-Type", "text/xml;charset=UTF-8")], body.encode())
