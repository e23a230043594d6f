"""Coders who save while the server is killed, again and again: what was acknowledged is there."""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from desk_world import PASSWORD, DeskWorld, make_desk

from corpus import tables as t

MOST_SAVED = 5
LONGEST_PAUSE_S = 0.06
"""A server is killed so long after it has saved so many, at most."""
LONGEST_LIFE_S = 20.0


@dataclass
class SavingCoder:
    """A browser that saves one form after another, and sends an unanswered one again."""

    name: str
    item_id: int
    cookie: str = ""
    csrf: str = ""
    pending: str = ""
    acknowledged: list[str] = field(default_factory=list)
    sent_again: int = 0

    def sign_in(self, port: int) -> None:
        """Sign in once: the session outlives every server."""
        _, page = self._ask(port, "GET", "/desk/sign-in")
        self.csrf = _token_in(page)
        self._ask(port, "POST", "/desk/sign-in", {"name": self.name, "password": PASSWORD})
        _, page = self._ask(port, "GET", f"/desk/items/{self.item_id}")
        self.csrf = _token_in(page)

    def save_until_it_breaks(self, port: int) -> None:
        """Save judgements until the server is gone."""
        while True:
            self.sent_again += bool(self.pending)
            self.pending = self.pending or uuid.uuid4().hex
            form = {
                "token": self.pending,
                "theme-0": "shared-too-late",
                "stance-0": "failing-found",
                "level-0": "case",
                "attribution-0": "own-voice",
                "note": self.pending,
            }
            try:
                status, _ = self._ask(port, "POST", f"/desk/items/{self.item_id}", form)
            except (OSError, http.client.HTTPException):
                return
            assert status == 303, status
            self.acknowledged.append(self.pending)
            self.pending = ""

    def _ask(
        self, port: int, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            body = urlencode({"csrf_token": self.csrf, **form}) if form else None
            headers = {"Cookie": self.cookie}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            cookie = response.getheader("Set-Cookie")
            if cookie:
                self.cookie = cookie.split(";")[0]
            return response.status, text
        finally:
            connection.close()


@dataclass(frozen=True, kw_only=True)
class Killed:
    """What a run of kills came to."""

    kills: int
    acknowledged: int
    kept: int
    sent_again: int
    """Forms whose answer was lost and which were sent again: still one judgement each."""


def kill_while_saving(
    data_dir: Path, kills: int, *, seed: int = 7, tell: Callable[[int], None] = lambda _: None
) -> Killed:
    """Let two coders save while the server is killed; check after every kill.

    Raises:
        AssertionError: a judgement that was acknowledged is not there whole, one is there
            twice, or the database is damaged.
    """
    desk = make_desk(data_dir)
    desk.draw(size=4)
    coders = [
        SavingCoder(coder.name, desk.items(coder)[0].item_id) for coder in (desk.ana, desk.ben)
    ]
    lives = random.Random(seed)
    with _servers(data_dir) as start:
        pid, port = start()
        for coder in coders:
            coder.sign_in(port)
        os.kill(pid, signal.SIGKILL)
        for number in range(1, kills + 1):
            pid, port = start()
            _save_and_kill(coders, pid, port, lives)
            check_kept(desk, coders)
            tell(number)
    return Killed(
        kills=kills,
        acknowledged=_acknowledged(coders),
        kept=check_kept(desk, coders),
        sent_again=sum(coder.sent_again for coder in coders),
    )


def check_kept(desk: DeskWorld, coders: list[SavingCoder]) -> int:
    """Check the database and everything acknowledged; gives how many judgements there are."""
    query = (
        sa.select(t.judgements.c.note, t.judgement_codes.c.theme)
        .select_from(t.judgements.join(t.codings).outerjoin(t.judgement_codes))
        .order_by(t.judgements.c.judgement_id)
    )
    with desk.store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        rows = connection.execute(query).all()
    kept = [row.note for row in rows]
    assert len(kept) == len(set(kept)), "a form was kept twice"
    assert all(row.theme == "shared-too-late" for row in rows), "a judgement lacks its code"
    lost = {token for coder in coders for token in coder.acknowledged} - set(kept)
    assert not lost, f"{len(lost)} acknowledged judgements are lost"
    return len(kept)


def _save_and_kill(coders: list[SavingCoder], pid: int, port: int, lives: random.Random) -> None:
    """Kill the server at a moment that no step of saving is safe from, however slow the machine."""
    threads = [
        threading.Thread(target=coder.save_until_it_breaks, args=(port,)) for coder in coders
    ]
    enough = _acknowledged(coders) + lives.randrange(MOST_SAVED)
    latest = time.monotonic() + LONGEST_LIFE_S
    for thread in threads:
        thread.start()
    while _acknowledged(coders) < enough and time.monotonic() < latest:
        time.sleep(0.001)
    time.sleep(lives.uniform(0, LONGEST_PAUSE_S))
    os.kill(pid, signal.SIGKILL)
    for thread in threads:
        thread.join()


def _acknowledged(coders: list[SavingCoder]) -> int:
    return sum(len(coder.acknowledged) for coder in coders)


@contextmanager
def _servers(data_dir: Path) -> Iterator[Callable[[], tuple[int, int]]]:
    """Give a function that starts a server and gives its process and port."""
    script = Path(__file__).with_name("coding_server.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # One thread: a fork of several would wait for locks that nobody lets go.
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},  # noqa: TID251
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def start() -> tuple[int, int]:
        stdin.write("\n")
        stdin.flush()
        pid, port = stdout.readline().split()
        return int(pid), int(port)

    try:
        yield start
    finally:
        stdin.close()
        process.wait(timeout=60)
        stdout.close()


def _token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]
