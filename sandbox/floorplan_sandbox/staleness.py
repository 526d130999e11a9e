"""Eventual consistency of listings: some answers are older than the last change.

The switch is the delay `staleness`, in seconds. For so long after an EC2 object was made, each third answer
to the same listing of its type leaves it out; for so long after it was deleted or changed, each third shows
it as it was. Whoever asks again is answered by another part of AWS. Unlike `visibility`, calls that name the
object find it as it is.
"""

import threading
import time
import xml.etree.ElementTree as ElementTree

from floorplan_sandbox.answer import Answer
from floorplan_sandbox.control import Control
from floorplan_sandbox.paging import namespace_of
from floorplan_sandbox.request import Request
from floorplan_sandbox.visibility import PREFIX_BY_MAKER, TYPES, maker_made

PREFIX_BY_LISTING = {listing: prefix for prefix, (_, listing, _) in TYPES.items()}
EACH = 3


class Staleness:
    """Which objects came and went of late, and which listings do not know it yet."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.made: dict[str, float] = {}
            self.gone: dict[str, float] = {}
            self.seen: dict[str, bytes] = {}
            self.former: dict[str, tuple[bytes, float]] = {}
            self.count: dict[str, int] = {}

    def note(self, request: Request, answer: Answer) -> None:
        """Starts the time for which what this call has made or deleted may be shown as it was before."""
        seconds = self.control.delay("staleness")
        if not seconds or answer.status != 200:
            return
        until = time.monotonic() + seconds
        made = maker_made(request, answer) if request.action in PREFIX_BY_MAKER else None
        gone = []
        if request.action.startswith("Delete"):
            named = [value for name, value in request.form.items() if name.endswith("Id")]
            gone = [name for name in named if name in self.seen]
        with self.lock:
            if made:
                self.made.setdefault(made, until)
            self.gone.update(dict.fromkeys(gone, until))

    def show(self, request: Request, whole: Answer) -> Answer:
        """The answer to a listing, each third time as it was before the last changes."""
        prefix = PREFIX_BY_LISTING.get(request.action)
        if not self.control.delay("staleness") or prefix is None:
            return whole
        now = time.monotonic()
        namespace = namespace_of(whole.body)
        root = ElementTree.fromstring(whole.body)
        with self.lock:
            asked = repr(sorted(request.form.items())) + request.region + request.account
            number = self.count[asked] = self.count.get(asked, 0) + 1
            young = {name for name, until in self.made.items() if until > now}
            ghosts = {name for name, until in self.gone.items() if until > now}
            ghosts = {name for name in ghosts if name.startswith(f"{prefix}-")}
            changed = False
            for listing in root:
                for item in listing.findall(f"{namespace}item"):
                    own = {field.text for field in item if (field.text or "").startswith(f"{prefix}-")}
                    for name in own:
                        self.remember(name, ElementTree.tostring(item))
                    if number % EACH:
                        continue
                    if own & young:
                        listing.remove(item)
                        changed = True
                    elif was := next((self.former[name] for name in own if name in self.former), None):
                        if was[1] > now:
                            listing[list(listing).index(item)] = ElementTree.fromstring(was[0])
                            changed = True
            if number % EACH == 0:
                changed |= self.haunt(request, root, namespace, ghosts)
        return Answer(whole.status, whole.headers, ElementTree.tostring(root)) if changed else whole

    def remember(self, name: str, item: bytes) -> None:
        """Keeps how an object is now, and for a while how it was before."""
        was = self.seen.get(name, item)
        if was != item:
            self.former[name] = (was, time.monotonic() + self.control.delay("staleness"))
        self.seen[name] = item

    def haunt(self, request: Request, root, namespace: str, ghosts: set[str]) -> bool:
        """Puts what is gone into the list again, as far as the call asks for it."""
        listing = next((part for part in root if part.tag != f"{namespace}requestId"), None)
        wanted = [value for name, value in request.form.items() if ".Value." in name]
        shown = [self.seen[name] for name in sorted(ghosts) if name in self.seen]
        if wanted:
            shown = [item for item in shown if any(f">{value}<".encode() in item for value in wanted)]
        if listing is None or any(name.endswith("Id.1") for name in request.form):
            return False
        listing.extend(ElementTree.fromstring(item) for item in shown)
        return bool(shown)
