"""Tails against figures from printed tables."""

import pytest

from ml.evaluate.tails import chi_square_tail, normal_quantile, normal_tail, t_quantile, t_tail


@pytest.mark.parametrize(
    ("x", "degrees", "tail"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (18.307038, 10, 0.05), (29.588298, 10, 0.001),
     (124.342113, 100, 0.05), (2.7055435, 1, 0.1), (3.940299, 10, 0.95), (0.0, 3, 1.0), (1e4, 3, 0.0)],
)  # fmt: skip
def test_chi_square(x: float, degrees: float, tail: float) -> None:
    assert chi_square_tail(x, degrees) == pytest.approx(tail, abs=2e-8)


@pytest.mark.parametrize(
    ("p", "degrees", "t"),
    [(0.975, 1, 12.706205), (0.975, 2, 4.302653), (0.95, 5, 2.015048), (0.975, 10, 2.228139),
     (0.995, 30, 2.749996), (0.975, 1e6, 1.959966)],
)  # fmt: skip
def test_student(p: float, degrees: float, t: float) -> None:
    assert t_quantile(p, degrees) == pytest.approx(t, abs=2e-6)
    assert t_tail(t, degrees) == pytest.approx(1 - p, abs=1e-7)
    assert t_tail(-t, degrees) == pytest.approx(p, abs=1e-7)


def test_normal() -> None:
    assert normal_tail(1.959964) == pytest.approx(0.025, abs=1e-8)
    assert normal_quantile(0.975) == pytest.approx(1.959964, abs=1e-6)
