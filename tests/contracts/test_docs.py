import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_generated_pages_are_up_to_date() -> None:
    pages = ["docs/cli.md", "docs/settings.md", "docs/errors.md", "docs/sources.md"]
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", *pages],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, f"renew them with: make docs\n{done.stdout}{done.stderr}"


# Where the wheel is tested, the packages are installed and not beside the tests.
PACKAGES = () if (ROOT / "corpus").exists() else ("corpus", "ingest", "nlp", "throughline", "web")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    targets = [urlsplit(target.strip("<>")) for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [target.path for target in targets if not target.scheme and target.path]
    resolved = [(page.parent / target).resolve() for target in local]
    missing = [
        str(path)
        for path in resolved
        if not path.exists() and path.relative_to(ROOT).parts[0] not in PACKAGES
    ]
    assert missing == []


def test_the_readme_shows_the_two_commands_and_the_gate_runs_them() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = {path.name for path in folder.glob("0*.md")}
    assert records == set(re.findall(r"\((0[^)]+\.md)\)", index))
