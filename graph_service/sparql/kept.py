"""Things made from texts, kept for the texts that were met last."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """What was made for some texts, whose lengths together are bounded; for any threads."""

    def __init__(self, most: int) -> None:
        """Room for texts with so many characters in all."""
        self._most = most
        self._length = 0
        self._made: OrderedDict[str, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> Made | None:
        """What was made for a text; None where it is not there any more."""
        with self._lock:
            if text not in self._made:
                return None
            self._made.move_to_end(text)
            return self._made[text]

    def put(self, text: str, made: Made) -> None:
        """Keep what was made for a text, as long as there is room; one that would crowd the others out is not kept."""
        if len(text) > self._most // 8:
            return
        with self._lock:
            if text not in self._made:
                self._length += len(text)
            self._made[text] = made
            self._made.move_to_end(text)
            while self._length > self._most:
                gone, _ = self._made.popitem(last=False)
                self._length -= len(gone)
