"""Network: trunk and heads, with their contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from numa_deploy.network.config.schema import NetworkConfig
from numa_deploy.network.deploy.fuse import fuse_norms, replace_blocks
from numa_deploy.network.deploy.joins import join_late
from numa_deploy.network.deploy.module import EXAMPLE_SIDE, Deployed
from numa_deploy.network.heads.base import Head
from numa_deploy.network.heads.detect import DetectHead
from numa_deploy.network.heads.pose import PoseHead
from numa_deploy.network.heads.track import TrackHead
from numa_deploy.network.layers import make_layers
from numa_deploy.network.newest import keep_newest
from numa_deploy.network.routes import needed, run_layers
from numa_deploy.network.specs import spec_of
from numa_export.formats.finite import require_finite
from numa_runtime.contract import ModelSpec
from numa_runtime.errors import ModelError

PROBE_SIDE = 256


class Network(nn.Module):
    """A trainable network, made by `build` from its configuration.

    Strides are measured on a dry run.

    Attributes:
        model: the layers under their numbers, so that state names are the usual ones (`model.0.conv.weight`).
        spec: the contract's model half.
    """

    def __init__(self, config: NetworkConfig, *, track: bool = True, pose: bool = True) -> None:
        super().__init__()
        plan = make_layers(config, track=track, pose=pose)
        self.config = config
        self.routes, self.channels = plan.routes, plan.channels
        self.model = nn.ModuleDict(plan.layers)
        strides = self._measure_strides()
        read = {route.name: route.sources for route in self.routes}
        for name, head in self.heads():
            head.set_strides(tuple(strides[source] for source in read[name]))
        self._stride = max(strides.values())
        self.spec = self._spec([head for _, head in self.heads()])

    def forward(self, images: Tensor) -> dict[str, Any]:
        """Return every head's raw logits under "detect", "pose" and "track".

        Args:
            images: float [B, planes, H, W], 0..1; H and W multiples of the stride.
        """
        return {head_word(head): head(levels) for head, levels in self._levels(images)}

    @torch.no_grad()
    def infer(self, images: Tensor, *, features: bool = False) -> dict[str, Tensor]:
        """Return the contract's outputs the plain way, which `deploy()` must equal.

        Runs in evaluation mode, whatever the mode is.

        Args:
            images: uint8 [B, planes, H, W].
            features: with appearance features.
        """
        training = self.training
        self.eval()
        found: dict[str, Tensor] = {}
        for head, levels in self._levels(images.float() / 255):
            found |= head.infer(levels, features)
        self.train(training)
        spec = self._spec([head for _, head in self.heads()], features)
        return {output.name: found[output.name] for output in spec.outputs}

    def deploy(
        self, *, track: bool = True, pose: bool = True, features: bool = False, ball_frames: int | None = None
    ) -> Deployed:
        """Return the inference form: a new module, on the CPU, that shares nothing with this one.

        Args:
            track: False omits the track head.
            pose: False omits the pose head.
            features: True adds appearance features of the candidates, for trackers that compare what objects look like.
            ball_frames: balls of so many of the newest frames alone, which takes less time; None: as the configuration
                says.

        Raises:
            UsageError: more `ball_frames` than a clip has, or a network without balls.
            ModelError: a weight is not a number (the tensor is named), no head is left, or features were asked for
                and no head that is left gives boxes.
        """
        require_finite(self.state_dict(), self.spec.name)
        wanted = {name: head for name, head in self.heads() if _keeps(head, track, pose)}
        if not wanted:
            raise ModelError(f"{self.spec.name} has no head left", hint="keep at least one of track and pose")
        if features and not any(isinstance(head, DetectHead) for head in wanted.values()):
            raise ModelError(f"{self.spec.name} has no head with boxes, so it has no features", hint="omit features")
        own = deepcopy(self).cpu().float().eval()
        fuse_norms(own)
        replace_blocks(own)
        routes = needed([route for route in self.routes if not route.is_head or route.name in wanted])
        keep_newest(own.model, routes, ball_frames, self.spec.name)
        kept = [(name, head) for name, head in own.heads() if name in wanted]
        forms = {name: head.deploy(features) for name, head in kept}
        trunk = nn.ModuleDict({route.name: own.model[route.name] for route in routes if not route.is_head})
        late = join_late(trunk, routes, self.channels)
        return Deployed(trunk, late, forms, self._spec([head for _, head in kept], features))

    def fuse(self) -> Network:
        """Fold batch norms into their convolutions, in place; for weights that come folded."""
        fuse_norms(self)
        return self

    def meant_for(self, imgsz: int | tuple[int, int]) -> None:
        """Note the size that it is trained at, longest side or (height, width): it is run and exported at it then."""
        self.config = replace(self.config, imgsz=imgsz)
        self.spec = replace(self.spec, input=replace(self.spec.input, imgsz=imgsz))

    @property
    def is_fused(self) -> bool:
        """Whether the batch norms are folded."""
        return not any(isinstance(module, nn.BatchNorm2d) for module in self.modules())

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs of `infer` and `deploy()`."""
        return tuple(output.name for output in self.spec.outputs)

    @property
    def detect_head(self) -> DetectHead | None:
        """The head with boxes alone, if the network has one."""
        return next((h for h in self.model.values() if isinstance(h, DetectHead) and not isinstance(h, PoseHead)), None)

    @property
    def pose_head(self) -> PoseHead | None:
        """The head with boxes and keypoints, if the network has one."""
        return next((head for head in self.model.values() if isinstance(head, PoseHead)), None)

    @property
    def track_head(self) -> TrackHead | None:
        """The head with balls, if the network has one."""
        return next((head for head in self.model.values() if isinstance(head, TrackHead)), None)

    def heads(self) -> Iterator[tuple[str, Head]]:
        """Yield layer name and head."""
        for route in self.routes:
            if route.is_head:
                head = self.model[route.name]
                assert isinstance(head, DetectHead | TrackHead)
                yield route.name, head

    def example_input(self, height: int = EXAMPLE_SIDE, width: int = EXAMPLE_SIDE, batch: int = 1) -> Tensor:
        """Return uint8 noise [batch, planes, height, width], the same on every call."""
        generator = torch.Generator().manual_seed(0)
        shape = (batch, self.config.frames * self.config.channels, height, width)
        return torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)

    def _levels(self, images: Tensor) -> Iterator[tuple[Any, list[Tensor]]]:
        features = run_layers(self.model, self.routes, images)
        for route in self.routes:
            if route.is_head:
                yield self.model[route.name], [features[source] for source in route.sources]

    def _spec(self, heads: Sequence[Head], features: bool = False) -> ModelSpec:
        return spec_of(self.config, heads, self._stride, features)

    def _measure_strides(self) -> dict[str, int]:
        """Run the trunk on shapes alone (the meta device) and compare every layer's size with the input's."""
        shapes = deepcopy(self.model).to("meta").eval()
        probe = torch.empty(1, self.config.frames * self.config.channels, PROBE_SIDE, PROBE_SIDE, device="meta")
        try:
            outputs = run_layers(shapes, self.routes, probe, keep=True)
        except RuntimeError as error:
            raise ModelError(f"{self.config.name}: the layers do not fit together: {error}") from error
        return {name: PROBE_SIDE // output.shape[-1] for name, output in outputs.items()}


def head_word(head: nn.Module) -> str:
    """Return "track", "pose" or "detect"."""
    if isinstance(head, TrackHead):
        return "track"
    return "pose" if isinstance(head, PoseHead) else "detect"


def _keeps(head: object, track: bool, pose: bool) -> bool:
    return (track or not isinstance(head, TrackHead)) and (pose or not isinstance(head, PoseHead))
