import numpy as np
import pytest
from simulated_reviews import Draw, World, draw_sample, simulate

from corpus.estimate import Estimate, Labels, Refusal, estimate_share, wilson_interval

WORLD = World(share=0.25, sensitivity=0.85, specificity=0.90)


def make_labels(*, n: int = 150, world: World = WORLD, seed: int = 1, **changes: object) -> Labels:
    rng = np.random.default_rng(seed)
    truth = rng.random(world.reviews) < world.share
    right = np.where(truth, world.sensitivity, world.specificity)
    machine = (rng.random(world.reviews) < right) == truth
    labels = draw_sample(world, truth, machine, n=n, draw="simple", rng=rng)
    values = {name: getattr(labels, name) for name in labels.__dataclass_fields__}
    return Labels(**(values | changes))


def offered(labels: Labels) -> Estimate:
    found = estimate_share(labels)
    assert isinstance(found, Estimate), found
    return found


def refused(labels: Labels) -> Refusal:
    found = estimate_share(labels)
    assert isinstance(found, Refusal), found
    return found


def by_hand() -> Labels:
    """1,000 reviews and 110 checked ones, in numbers that can be worked out on paper."""
    machine = np.repeat([True, False], [200, 800])
    checked = np.zeros(1000, dtype=np.bool_)
    checked[:50] = True
    checked[200:260] = True
    human = np.zeros(1000, dtype=np.bool_)
    human[:40] = True  # 40 of 50 checked positives are right
    human[200:206] = True  # 6 of 60 checked negatives are wrong
    return Labels(
        machine=machine,
        human=human,
        checked=checked,
        probability=np.where(machine, 50 / 200, 60 / 800),
        period=np.zeros(1000, dtype=np.int64),
        case=np.arange(1000),
    )


def test_the_estimate_is_the_machines_share_plus_the_weighted_correction() -> None:
    # 0.2 found by the machine; 0.2 of these wrongly, and it misses a tenth of the rest.
    found = offered(by_hand())
    assert found.share == pytest.approx(0.2 - 0.2 * 0.2 + 0.8 * 0.1)
    assert found.count == pytest.approx(240)
    assert (found.n_checked, found.n_positive, found.n_disagreements) == (110, 46, 16)
    assert found.method == "prediction-powered"
    assert found.ci_low < found.share < found.ci_high


def test_a_census_is_the_human_count_without_sampling_error() -> None:
    labels = make_labels()
    whole = make_labels(
        human=labels.human, machine=labels.machine, checked=np.ones(1200, dtype=np.bool_)
    )
    found = offered(whole)
    share = float(labels.human.mean())
    assert (found.share, found.ci_low, found.ci_high) == (share, share, share)
    assert found.method == "census"


def test_a_part_that_was_checked_whole_adds_no_width() -> None:
    labels = by_hand()
    checked = labels.checked | labels.machine
    whole = Labels(
        machine=labels.machine,
        human=labels.human,
        checked=checked,
        probability=np.where(labels.machine, 1.0, labels.probability),
        period=labels.period,
        case=labels.case,
    )
    low, high = wilson_interval(6, 60)
    # Only the unchecked part is bounded, and more tightly than in an unlimited population.
    found = offered(whole)
    assert 0.9 * 0.8 * (high - low) < found.ci_high - found.ci_low < 0.8 * (high - low)


def test_the_order_of_reviews_does_not_matter() -> None:
    labels = make_labels()
    order = np.random.default_rng(5).permutation(1200)
    shuffled = Labels(
        **{name: getattr(labels, name)[order] for name in labels.__dataclass_fields__}
    )
    first, second = offered(labels), offered(shuffled)
    assert second.share == pytest.approx(first.share, abs=1e-12)
    assert second.ci_high == pytest.approx(first.ci_high, abs=1e-12)


def test_fewer_than_thirty_checked_reviews_are_refused_with_the_number() -> None:
    refusal = refused(make_labels(n=29))
    assert refusal.code == "too-few-checked"
    assert "29 reviews" in refusal.reason
    assert "30" in refusal.reason


def test_a_small_census_is_refused_too() -> None:
    small = World(share=0.5, sensitivity=0.8, specificity=0.8, reviews=29)
    assert refused(make_labels(world=small, n=29)).code == "too-few-checked"


def test_fewer_than_ten_positives_are_refused_with_the_number() -> None:
    labels = make_labels()
    nine = np.flatnonzero(labels.checked & labels.human)[:9]
    human = np.zeros(1200, dtype=np.bool_)
    human[nine] = True
    refusal = refused(make_labels(human=human))
    assert refusal.code == "too-few-positives"
    assert "9 of 150" in refusal.reason


def test_fewer_than_ten_negatives_are_refused() -> None:
    human = np.ones(1200, dtype=np.bool_)
    assert refused(make_labels(human=human)).code == "too-few-negatives"


def test_a_sample_of_machine_positives_alone_is_refused() -> None:
    labels = make_labels()
    only = labels.machine & (np.arange(1200) % 3 == 0)
    for probability in (np.full(1200, only.mean()), np.where(labels.machine, 1 / 3, 0.0)):
        refusal = refused(make_labels(checked=only, probability=probability))
        assert refusal.code in {"unsampled-stratum", "unknown-chances"}


def test_a_sample_that_leans_to_machine_positives_is_refused() -> None:
    labels = make_labels()
    rng = np.random.default_rng(3)
    leaning = rng.random(1200) < np.where(labels.machine, 0.4, 0.03)
    chances = np.full(1200, leaning.mean())
    assert refused(make_labels(checked=leaning, probability=chances)).code == "biased-sample"


@pytest.mark.parametrize("chance", [np.nan, 0.0, -0.1, 1.5])
def test_a_review_without_a_known_chance_is_refused(chance: float) -> None:
    probability = np.full(1200, 150 / 1200)
    probability[7] = chance
    refusal = refused(make_labels(probability=probability))
    assert refusal.code == "unknown-chances"
    assert "1 of 1200" in refusal.reason


def test_reviews_of_few_cases_are_not_many_reviews() -> None:
    labels = make_labels(case=np.arange(1200) // 50)
    refusal = refused(labels)
    assert refusal.code == "too-few-checked"
    assert "24 cases" in refusal.reason


def test_a_machine_that_hardly_errs_in_the_sample_cannot_be_measured() -> None:
    labels = make_labels()
    assert refused(make_labels(human=labels.machine)).code == "too-few-disagreements"


def test_a_rare_theme_needs_more_checks_than_one_review_can_overturn() -> None:
    rare = World(share=0.02, sensitivity=0.9, specificity=0.98)
    rng = np.random.default_rng(2)
    truth = rng.random(1200) < rare.share
    right = np.where(truth, rare.sensitivity, rare.specificity)
    machine = (rng.random(1200) < right) == truth
    labels = draw_sample(rare, truth, machine, n=60, draw="by label", rng=rng)
    assert refused(labels).code == "too-few-for-rare-theme"


def test_whole_cases_widen_the_interval_and_single_reviews_of_cases_do_not() -> None:
    crowded = World(share=0.3, sensitivity=0.8, specificity=0.85, per_case=5)
    rng = np.random.default_rng(4)
    truth = np.repeat(rng.random(240) < crowded.share, 5)
    machine = (rng.random(1200) < np.where(truth, 0.8, 0.85)) == truth
    effects = {}
    draws: tuple[Draw, Draw] = ("whole cases", "simple")
    for draw in draws:
        labels = draw_sample(crowded, truth, machine, n=200, draw=draw, rng=rng)
        effects[draw] = offered(labels).design_effect
    assert effects["whole cases"] > 1.8
    assert effects["simple"] < 1.3


def test_reviews_of_their_own_cases_have_no_design_effect() -> None:
    assert offered(make_labels()).design_effect == 1.0


def test_thin_periods_are_pooled_with_their_neighbours() -> None:
    # 1,200 periods of one review each cannot be strata of their own.
    found = offered(make_labels(period=np.arange(1200)))
    assert 2 < found.n_strata < 40


def test_wilson_limits_are_those_of_the_textbook() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263 and 0 of 20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


# -- what the refusals choose ------------------------------------------------------


def few_found(missed: int, *, found: int = 8, per_case: int = 1) -> Labels:
    """1,200 reviews; 80 checked that the machine passes over, 20 that it finds."""
    machine = np.repeat([True, False], [240, 960])
    checked = np.zeros(1200, dtype=np.bool_)
    checked[:20] = True
    checked[240:320] = True
    human = np.zeros(1200, dtype=np.bool_)
    human[:found] = True
    human[240 : 240 + missed] = True
    return Labels(
        machine=machine,
        human=human,
        checked=checked,
        probability=np.where(machine, 20 / 240, 80 / 960),
        period=np.zeros(1200, dtype=np.int64),
        case=np.arange(1200) // per_case,
    )


def test_the_lower_arm_is_longer_the_nearer_the_sample_was_to_a_refusal() -> None:
    stretches = [offered(few_found(missed)).stretch for missed in (2, 4, 8, 40)]
    assert stretches[0] > stretches[1] > stretches[2] > stretches[3] == 1.0
    assert stretches[2] < 1.3


def test_a_sample_that_just_passed_tells_hardly_anything_of_the_lower_limit() -> None:
    # Ten positives are the least that pass: however rare the theme, no fewer are ever shown.
    assert offered(few_found(2)).ci_low == pytest.approx(0.0, abs=0.005)


def test_the_stretch_leaves_the_share_and_the_upper_arm_alone() -> None:
    near = offered(few_found(2))
    assert near.share == pytest.approx(0.2 * 8 / 20 + 0.8 * 2 / 80)
    low, high = (np.array(wilson_interval(k, n)) for k, n in ((2, 80), (8, 20)))
    # Newcombe's joining of the upper limits, a twelfth of each part being checked.
    arm = np.hypot(0.8 * (low[1] - 2 / 80), 0.2 * (high[1] - 8 / 20))
    assert 0.9 * arm < near.ci_high - near.share < arm


def test_positives_of_few_cases_passed_as_narrowly_as_few_positives() -> None:
    # Twenty positives, each of its own case or two by two: of ten cases, the least that pass.
    assert offered(few_found(4, found=16)).stretch < 1.1
    assert offered(few_found(4, found=16, per_case=2)).stretch > 1.5


def test_intervals_hold_where_chance_chose_most_of_the_samples_that_pass() -> None:
    worlds: tuple[tuple[World, Draw, int], ...] = (
        (World(share=0.02, sensitivity=0.85, specificity=0.90), "by label", 100),
        (World(share=0.10, sensitivity=0.60, specificity=0.90), "simple", 60),
        (World(share=0.05, sensitivity=0.60, specificity=0.90), "simple", 100),
        (World(share=0.25, sensitivity=0.60, specificity=0.90), "by label", 30),
    )
    cells = [simulate(world, n=n, draw=draw, corpora=800, seed=5) for world, draw, n in worlds]
    assert all(0 < cell.offered_share < 0.4 for cell in cells)
    n = sum(cell.offered for cell in cells)
    # 0.95 within three standard errors; without the stretch about one in eight would miss.
    assert abs(sum(cell.covered for cell in cells) / n - 0.95) < 3 * (0.95 * 0.05 / n) ** 0.5
    assert sum(cell.covered_plain for cell in cells) / n < 0.9


# -- against ppi-python ----------------------------------------------------------
#
# The pinned numbers were made with ppi-python 0.2.3, in an environment of its own (it
# brings numba and statsmodels), by running this file's `reference_numbers`:
#
#     python -m venv ppi && ppi/bin/pip install ppi-python==0.2.3 pytest
#     PYTHONPATH=.:tests/support:tests/corpus ppi/bin/python -c \
#         "from test_estimate import reference_numbers; print(reference_numbers())"

PPI_SHARE, PPI_HALF_WIDTH = 0.255625, 0.018052423909176312


def big_sample() -> Labels:
    """20,000 reviews with 1,000 checked, by arithmetic alone."""
    i = np.arange(20_000, dtype=np.int64)
    machine = (i * 7919 % 20_000) < 5_000
    human = (i * 104_729 % 19_997) / 19_997 < np.where(machine, 0.8, 0.06)
    turn = i * 15_485_863 % 20_011
    checked = np.zeros(20_000, dtype=np.bool_)
    for label, n in ((True, 400), (False, 600)):
        part = np.flatnonzero(machine == label)
        checked[part[np.argsort(turn[part])[:n]]] = True
    return Labels(
        machine=machine,
        human=human,
        checked=checked,
        probability=np.where(machine, 400 / 5_000, 600 / 15_000),
        period=np.zeros(20_000, dtype=np.int64),
        case=i,
    )


def reference_numbers() -> tuple[float, float]:
    """ppi-python's untuned weighted estimate, and the half width joined over the labels."""
    ppi_py = pytest.importorskip("ppi_py", reason="ppi-python is no dependency; see above")
    labels = big_sample()
    y, predicted = (each[labels.checked].astype(float) for each in (labels.human, labels.machine))
    everyone = labels.machine.astype(float)
    weights = 1 / labels.probability[labels.checked]
    share = ppi_py.ppi_mean_pointestimate(y, predicted, everyone, lam=1, w=weights)
    squares = 0.0
    for label in (0.0, 1.0):
        part = predicted == label
        low, high = ppi_py.ppi_mean_ci(
            y[part], predicted[part], everyone[everyone == label], alpha=0.05, lam=1
        )
        weight = float((everyone == label).mean())
        squares += (weight * float(np.squeeze(high) - np.squeeze(low)) / 2) ** 2
    return float(np.squeeze(share)), squares**0.5


def check_against(share: float, half_width: float) -> None:
    found = offered(big_sample())
    assert found.share == pytest.approx(share, abs=1e-9)
    # Theirs is for an unlimited population, from the same strata: 4% and 8% were checked.
    half = (found.ci_high - found.ci_low) / 2
    assert found.stretch == 1.0
    assert 0.92**0.5 * 0.99 < half / half_width < 0.96**0.5 * 1.01


def test_the_estimate_is_that_of_ppi_python() -> None:
    check_against(PPI_SHARE, PPI_HALF_WIDTH)


def test_the_pinned_numbers_are_what_ppi_python_gives() -> None:
    assert reference_numbers() == pytest.approx((PPI_SHARE, PPI_HALF_WIDTH), rel=1e-9)


# -- coverage ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("world", "draw", "n"),
    [
        (World(share=0.10, sensitivity=0.70, specificity=0.95), "simple", 200),
        (World(share=0.25, sensitivity=0.85, specificity=0.90), "by label", 100),
        (World(share=0.50, sensitivity=0.60, specificity=0.90), "simple", 60),
        (World(share=0.25, sensitivity=0.85, specificity=0.90, per_case=5), "whole cases", 200),
    ],
)
def test_intervals_cover_the_truth_as_often_as_they_say(world: World, draw: Draw, n: int) -> None:
    # Over 800 corpora the coverage of a true 95% interval lies within 0.95 ± 0.023 (three
    # standard errors of 0.0077); tests/evals/estimate_coverage.py measures the whole grid.
    coverage = simulate(world, n=n, draw=draw, corpora=800, seed=11)
    assert coverage.offered_share > 0.9
    assert 0.927 <= coverage.share <= 0.973
    # The machine's own interval is nowhere near, which is why the correction exists.
    assert coverage.naive / coverage.corpora < 0.75


def test_every_biased_sample_of_many_corpora_is_refused() -> None:
    for seed in range(50):
        labels = make_labels(seed=seed)
        only = labels.machine & labels.checked
        assert isinstance(estimate_share(make_labels(seed=seed, checked=only)), Refusal)
