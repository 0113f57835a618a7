"""A tiny HEIC picture as phones make them: a grid of tiles, cut to its size; made once with pillow-heif."""

from __future__ import annotations

import base64
import zlib

import numpy as np

_GRID = (
    "c-"
    "muNV30{GsVvAy%}izhg51nBLl8SRGck>Uf$4Q_YDppk1Sn>t<P<^K3<a6VB@AdlATuQqD9Fgf5XE2v<j={>$xmhkGF%)O*cliZ7@"
    "_K5GzS9{gu%=Y7n5ROhKgw-iLpS%oZ(^;46IPGXe4!PP_a_Dm^jd8h*%GjItGS?nVETMU>-"
    "<b6v#<sg1RleC^LltNstlb%#5;RLsUU#Y=SJ<1X-"
    "~OvSAZsM+ov2WR~Q@f{W2Uv!JK|$o`mFkem;sMKX&EQlZ|70%A~bmjSgpGctpeO#n;CePH<W_s0(g27cxQpeYg#j6970|AQ1TgH$"
    "ksklZdNheV*HmJ=f*n#=-)M%HPso-EtBgCoO00Vu=_A{Z2tK(2RTJXn076KIKWa(+%xUUE(aP?VQ}tpUw(4p6L-"
    "oRbK0nF2Ka!Sw(C{~rKpCKwG$Lj{=?nc(>1;NSpKZkYwSumlK9L(GhA%nVGdP0TE8tqjaingvR;LTNTA%?_m*7*sNgQqy25CnYmC"
    "9UK8nK;N(cV}}i#2Il92Q!j&<2IG3khWDOJ_y2!7v!$k2`bXBa89#TR%AA=gc<$={Bid2P&p<90fy=zV{?|zQZ`{^pc6q2eu1W~L"
    "RbPL9ZD#*$P#6irW&VBIDDiO<x`ut1_u17yZO?y{4YC3N|2el}"
)

TILE, ROWS, COLUMNS, HEIGHT, WIDTH = 32, 2, 3, 60, 90


def heic_grid() -> bytes:
    """90x60 pixels in 3x2 tiles of 32, one colour each; the tiles reach over the edge."""
    return zlib.decompress(base64.b85decode(_GRID))


def colour_of_tile(row: int, column: int) -> np.ndarray:
    """The BGR colour of a tile."""
    return np.array((200 - 60 * column, 60 + 60 * column, 40 + 80 * row))
