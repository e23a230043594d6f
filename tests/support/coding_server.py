"""Serves a data directory anew for each line on standard input, in a process that can be killed.

Everything is imported once and each server is a fork, so that a thousand of them take
minutes. Prints the process and the port of each. Run with the data directory.
"""

import logging
import os
import signal
import sys
from pathlib import Path

from corpus.settings import Settings
from web.app import create_app
from web.server import make_server


def serve_forks(data_dir: Path) -> None:
    """Fork a server a line, until standard input ends."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for _ in sys.stdin:
        if os.fork() == 0:
            app = create_app(Settings(data_dir=data_dir))
            server = make_server(app, host="127.0.0.1", port=0, threads=2)
            sys.stdout.write(f"{os.getpid()} {server.effective_port}\n")
            sys.stdout.flush()
            server.run()
            os._exit(0)


if __name__ == "__main__":
    serve_forks(Path(sys.argv[1]))
