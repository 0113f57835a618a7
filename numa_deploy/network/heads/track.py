"""TrackHead: for every frame of a clip, where the ball is and where it will be in the next frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.conv import last_of
from numa_deploy.network.blocks.frames import fold_frames, unfold_frames
from numa_deploy.network.cells import coding
from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.deploy.balls import BallsForm, SharedBallsForm
from numa_deploy.network.deploy.suppression import KEEP, Candidates, suppress
from numa_deploy.network.deploy.top import pixels_of
from numa_deploy.network.heads.base import prior_bias, tower
from numa_deploy.network.heads.detect import run_each
from numa_deploy.network.heads.track_logits import SharedLogits, TrackLogits
from numa_runtime.contract import OutputSpec
from numa_runtime.errors import ModelError

DISTANCES = 8
"""left, right, up, down of the current position, then the same four of the next frame's."""

CANDIDATES = 32


class TrackHead(nn.Module):
    """Per level and group: `cv2` 8 distances over R bins, `cv3` class scores; group g is frame g of the clip.

    The groups of a plain head have weights of their own and read the same features. Those of a `shared` head have the
    same weights, one 1x1 convolution a branch, and each reads the features of its frame (of a FrameStem).

    Args:
        nc: classes of balls.
        channels: of each level.
        num_groups: G, frames of the clip.
        feat_no: F, distances per cell.
        reg_max: R, bins per distance.
        no: channels per level as a configuration states them, to be checked; None when it states none.
        width: channels of both branches; None: by the bins and the finest level's channels.
        shared: whether every frame has the same weights; levels are then [B, G * c, H, W].
        ball_frames: balls of so many of the newest frames are told, unless others are asked for; None: of all.

    Raises:
        ModelError: the numbers do not agree; all four are named.
    """

    def __init__(
        self,
        nc: int,
        channels: Sequence[int],
        num_groups: int = 10,
        feat_no: int = DISTANCES,
        reg_max: int = 16,
        no: int | None = None,
        width: int | None = None,
        shared: bool = False,
        ball_frames: int | None = None,
    ) -> None:
        super().__init__()
        self.shared = shared
        self.nc, self.num_groups, self.feat_no, self.reg_max = nc, num_groups, feat_no, reg_max
        self.no = num_groups * (feat_no * reg_max + nc)
        self.strides: tuple[int, ...] = ()
        self.ball_frames = num_groups if ball_frames is None else ball_frames
        self._check_numbers(self.no if no is None else no)
        if shared:
            self._check_frames(channels)
            each = [c // num_groups for c in channels]
            self.cv2 = nn.ModuleList(nn.Sequential(nn.Conv2d(c, feat_no * reg_max, 1)) for c in each)
            self.cv3 = nn.ModuleList(nn.Sequential(nn.Conv2d(c, nc, 1)) for c in each)
            return
        points = width or max(16, channels[0] // 4, feat_no * reg_max)
        scores = width or max(channels[0], min(nc, 100))
        self.cv2 = nn.ModuleList(tower(c, points, num_groups * feat_no * reg_max) for c in channels)
        self.cv3 = nn.ModuleList(tower(c, scores, num_groups * nc) for c in channels)

    def _check_numbers(self, no: int) -> None:
        G, F, R, nc = self.num_groups, self.feat_no, self.reg_max, self.nc
        stated = f"feat_no F={F}, reg_max R={R}, num_groups G={G}, nc={nc}"
        if F != DISTANCES:
            raise ModelError(
                f"the track head ({stated}) needs F={DISTANCES}: left, right, up, down of this and of the next frame"
            )
        if G < 1 or R < 3 or nc < 1:
            raise ModelError(f"the track head ({stated}) needs G >= 1, R >= 3 and nc >= 1")
        if not 1 <= self.ball_frames <= G:
            raise ModelError(f"the track head ({stated}) tells balls of 1 to {G} frames, not of {self.ball_frames}")
        if no != self.no:
            raise ModelError(
                f"the track head has {no} channels per level, but G * (F * R + nc) is {self.no} ({stated})",
                hint=f"state no: {self.no}, or the F, R, G and nc that the {no} channels were made with",
            )

    def _check_frames(self, channels: Sequence[int]) -> None:
        odd = next((c for c in channels if c % self.num_groups), None)
        if odd is not None:
            raise ModelError(
                f"a level has {odd} channels, which {self.num_groups} frames cannot share out",
                hint="a track head with shared: true reads a FrameStem, which gives every frame features of its own",
            )

    def set_strides(self, strides: Sequence[int]) -> None:
        self.strides = tuple(strides)
        for branch, stride in zip(self.cv3, strides, strict=True):
            assert isinstance(branch, nn.Sequential)
            prior_bias(branch[-1], self.nc, stride)

    def forward(self, levels: Sequence[Tensor]) -> TrackLogits:
        """Return raw logits per level [B, G, F * R + nc, H, W]: F x R distance bins, then the scores."""
        if self.shared:
            levels = [fold_frames(level, self.num_groups) for level in levels]
        towers = [(list(branch)[:-1], branch[-1]) for branch in self.cv2 if isinstance(branch, nn.Sequential)]
        features = [nn.Sequential(*first)(level) for (first, _), level in zip(towers, levels, strict=True)]
        last = [conv for _, conv in towers if isinstance(conv, nn.Conv2d)]
        scores = run_each(self.cv3, levels)
        if self.shared:
            return SharedLogits(features, last, [unfold_frames(x, self.num_groups) for x in scores], self.num_groups)
        return TrackLogits(features, last, scores, self.num_groups)

    def decode(self, levels: Iterable[Tensor]) -> Candidates:
        """Decode every cell of every level: [B, G, N] candidates, cells of all levels in order, unsorted."""
        raw = list(levels)
        for level in raw:
            self._check_level(level)
        table = cell_table(shapes_of(raw), self.strides, raw[0].device)
        logits = torch.cat([level.flatten(3) for level in raw], 3).transpose(2, 3)
        bins = torch.unflatten(logits[..., : -self.nc], -1, (self.feat_no, self.reg_max)).softmax(-1)
        distances = bins @ torch.arange(self.reg_max, dtype=bins.dtype, device=bins.device)
        now, then = coding.offsets(distances[..., :4]), coding.offsets(distances[..., 4:])
        centre, stride = table[:, :2], table[:, 2:]
        score, label = logits[..., -self.nc :].sigmoid().max(-1)
        counts = torch.tensor([level.shape[-2] * level.shape[-1] for level in raw], device=table.device)
        order = torch.arange(len(raw), device=table.device, dtype=table.dtype).repeat_interleave(counts)
        return Candidates(
            points=torch.cat((coding.decode(now, centre, stride), coding.decode(then, centre, stride)), -1),
            score=score,
            label=label.to(score.dtype),
            saturated=coding.is_saturated(then, self.reg_max).to(score.dtype),
            level=order.expand_as(score),
        )

    def _check_level(self, level: Tensor) -> None:
        if level.ndim != 5 or level.shape[1:3] != (self.num_groups, self.no // self.num_groups):
            raise ModelError(
                f"a level has the shape {list(level.shape)}; the track head reads [B, G, F * R + nc, H, W] with "
                f"G={self.num_groups}, F={self.feat_no}, R={self.reg_max}, nc={self.nc}"
            )

    def keep_newest(self, count: int) -> None:
        """Tell the balls of the newest `count` frames alone from now on, in place; for inference forms."""
        self.num_groups, self.ball_frames = count, count
        self.no = count * (self.feat_no * self.reg_max + self.nc)
        if self.shared:
            return  # every frame has the same weights
        for branches, rows in ((self.cv2, count * self.feat_no * self.reg_max), (self.cv3, count * self.nc)):
            for branch in branches:
                assert isinstance(branch, nn.Sequential)
                last = branch[-1]
                assert isinstance(last, nn.Conv2d)
                branch[-1] = last_of(last, rows)

    def infer(self, levels: Sequence[Tensor], features: bool = False) -> dict[str, Tensor]:
        every = self.decode(self(levels))
        best = every.score.topk(min(CANDIDATES, every.score.shape[-1]), -1).indices
        chosen = Candidates(
            points=every.points.take_along_dim(best[..., None], 2),
            score=every.score.take_along_dim(best, 2),
            label=every.label.take_along_dim(best, 2),
            saturated=every.saturated.take_along_dim(best, 2),
            level=every.level.take_along_dim(best, 2),
        )
        balls = suppress(chosen, pixels_of(shapes_of(levels)[0], self.strides[0]), len(levels))
        return {"balls": balls[:, -self.ball_frames :]}

    def outputs(self, features: bool = False) -> tuple[OutputSpec, ...]:
        meaning = "x, y, next_x, next_y in pixels of the input, score, class of each frame's best balls"
        return (OutputSpec("balls", ("batch", self.ball_frames, KEEP, 6), meaning),)

    def deploy(self, features: bool = False) -> nn.Module:
        form = SharedBallsForm if self.shared else BallsForm
        return form(self.cv2, self.cv3, self.strides, self.num_groups, self.reg_max, self.nc, CANDIDATES)
