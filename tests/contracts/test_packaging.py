from importlib.metadata import packages_distributions
from importlib.resources import files

import pytest


@pytest.mark.parametrize("package", ["corpus", "ingest", "nlp", "throughline", "web"])
def test_our_import_names_are_ours_alone(package: str) -> None:
    # An editable install lists no packages at all, so ours may be missing; nobody else's may.
    assert set(packages_distributions().get(package, [])) <= {"throughline"}


@pytest.mark.parametrize(
    ("package", "path"),
    [
        ("corpus", "catalogue/reviews/maria-colwell-1974.toml"),
        ("corpus", "migrations/versions/0001_first_schema.py"),
        ("ingest", "data/hosts.toml"),
        ("nlp", "data/codebook/codebook.toml"),
        ("nlp", "data/heads/MODEL_CARD.md"),
        ("nlp", "data/training/README.md"),
        ("throughline", "py.typed"),
        ("web", "api/examples.json"),
        ("web", "templates/base.html"),
        ("web", "static/throughline.css"),
    ],
)
def test_data_is_installed_with_its_package(package: str, path: str) -> None:
    assert files(package).joinpath(path).is_file()
