import sys
from pathlib import Path

import pytest
from killed_desk import kill_while_saving

KILLS = 25


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_what_a_coder_saw_saved_survives_a_kill(tmp_path: Path) -> None:
    done = kill_while_saving(tmp_path / "data", KILLS)
    # At most the two forms under way at each kill were kept without an answer.
    assert done.acknowledged <= done.kept <= done.acknowledged + 2 * KILLS
    assert done.acknowledged > 0
    assert done.sent_again > 0
