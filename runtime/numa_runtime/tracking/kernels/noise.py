"""What a filter's state holds of a box, and the variances that belong to it.

XYAH: aspect and height, noise in heights (Wojke et al. 2017; ByteTrack). XYWH: width and height, the noise of x and
width in widths, of y and height in heights (Aharon et al. 2022, BoT-SORT). XYXY: the four corners' coordinates with
noise in pixels. XYSR: area and aspect with noise in pixels, the aspect without a velocity (Bewley et al. 2016, SORT;
Cao et al. 2023, OC-SORT).

The corners of XYXY are kept as centre and sides: where x1 and x2 are filtered alike and apart, so are their mean and
their difference, with the same gains (the variances halved and doubled; only ratios count, and the corners' stand
here). So a camera's turn does to it what it does to a centre.
"""

from __future__ import annotations

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.inner import inner

POSITION_STD, VELOCITY_STD = 1.0 / 20.0, 1.0 / 160.0  # in heights, in widths
ASPECT_STD, ASPECT_VELOCITY_STD, ASPECT_MEASURED_STD = 1e-2, 1e-5, 1e-1
CORNER_PROCESS, CORNER_MEASURED, CORNER_FIRST = 0.01, 0.1, 1.0
CENTRE_PROCESS, CENTRE_VELOCITY_PROCESS, CENTRE_MEASURED = 1.0, 0.01, 1.0
AREA_PROCESS, AREA_VELOCITY_PROCESS, AREA_MEASURED = 1.0, 1e-4, 10.0
SORT_FIRST, SORT_VELOCITY_FIRST = 10.0, 1e4
RATIO_PROCESS, RATIO_MEASURED, RATIO_FIRST = 1.0, 10.0, 10.0


@inner
def holds_width(kind: int) -> bool:
    """Whether the third number is the width, whose covariance x then shares."""
    return bool(at.XYWH <= kind <= at.XYXY)


@inner
def state_of_box(kind: int, a: float, h: float) -> tuple[float, float]:
    """Return the third and fourth number of a state, of a box of aspect `a` and height `h`."""
    if kind == at.XYAH:
        return a, h
    if kind == at.XYSR:
        return a * h * h, a
    return a * h, h


@inner
def sides(kind: int, third: float, fourth: float) -> tuple[float, float]:
    """Return width and height of a state's box."""
    if kind == at.XYAH:
        return third * fourth, fourth
    if kind == at.XYSR:
        w = (third * fourth) ** 0.5
        return w, third / w
    return third, fourth


@inner
def first_variances(kind: int, third: float, fourth: float) -> tuple[float, float, float, float]:
    """Return P0: variance and velocity's variance of the centre (with the width: of y), then of the third number."""
    if kind == at.XYXY:
        return CORNER_FIRST, CORNER_FIRST, CORNER_FIRST, CORNER_FIRST
    if kind == at.XYSR:
        return SORT_FIRST, SORT_VELOCITY_FIRST, SORT_FIRST, SORT_VELOCITY_FIRST
    position, velocity = 2.0 * POSITION_STD * fourth, 10.0 * VELOCITY_STD * fourth
    third_position, third_velocity = ASPECT_STD, ASPECT_VELOCITY_STD
    if kind == at.XYWH:
        third_position, third_velocity = 2.0 * POSITION_STD * third, 10.0 * VELOCITY_STD * third
    return position * position, velocity * velocity, third_position * third_position, third_velocity * third_velocity


@inner
def process_variances(kind: int, third: float, fourth: float) -> tuple[float, float, float, float]:
    """Return Q of one nominal frame, in the order of `first_variances`."""
    if kind == at.XYXY:
        return CORNER_PROCESS, CORNER_PROCESS, CORNER_PROCESS, CORNER_PROCESS
    if kind == at.XYSR:
        return CENTRE_PROCESS, CENTRE_VELOCITY_PROCESS, AREA_PROCESS, AREA_VELOCITY_PROCESS
    position, velocity = POSITION_STD * fourth, VELOCITY_STD * fourth
    third_position, third_velocity = ASPECT_STD, ASPECT_VELOCITY_STD
    if kind == at.XYWH:
        third_position, third_velocity = POSITION_STD * third, VELOCITY_STD * third
    return position * position, velocity * velocity, third_position * third_position, third_velocity * third_velocity


@inner
def measured_variances(kind: int, third: float, fourth: float) -> tuple[float, float]:
    """Return R: of the centre (with the width: of y), then of the third number."""
    if kind == at.XYXY:
        return CORNER_MEASURED, CORNER_MEASURED
    if kind == at.XYSR:
        return CENTRE_MEASURED, AREA_MEASURED
    noise, third_noise = POSITION_STD * fourth, ASPECT_MEASURED_STD
    if kind == at.XYWH:
        third_noise = POSITION_STD * third
    return noise * noise, third_noise * third_noise


@inner
def factors_of_scale(kind: int, scale: float) -> tuple[float, float]:
    """Return what the third and fourth number are multiplied by where lengths are by `scale`."""
    if kind == at.XYAH:
        return 1.0, scale
    if kind == at.XYSR:
        return scale * scale, 1.0
    return scale, scale
