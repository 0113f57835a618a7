"""A camera for tests: one RTSP connection, an MPEG transport stream over RTP, interleaved in the same TCP line."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=door\r\nt=0 0\r\nm=video 0 RTP/AVP 33\r\na=control:track1\r\n"
_ANSWERS = {
    "OPTIONS": ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN", ""),
    "DESCRIBE": ("Content-Type: application/sdp", _SDP),
    "SETUP": ("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1", ""),
    "PLAY": ("Session: 1", ""),
}


def _rtp_packets(transport_stream: bytes) -> Iterator[bytes]:
    """Seven transport packets to an RTP packet of payload type 33 (RFC 2250), framed as RFC 2326, 10.12 says."""
    size = 7 * 188
    for number, at in enumerate(range(0, len(transport_stream), size)):
        packet = struct.pack(">BBHII", 0x80, 33, number & 0xFFFF, number * 3600, 7) + transport_stream[at : at + size]
        yield struct.pack(">cBH", b"$", 0, len(packet)) + packet


def _serve(client: socket.socket, transport_stream: bytes) -> None:
    lines = client.makefile("rb")
    while request := lines.readline():
        method = request.split()[0].decode()
        sequence = b""
        while (line := lines.readline()).strip():
            if line.lower().startswith(b"cseq"):
                sequence = line.strip()
        extra, body = _ANSWERS.get(method, ("Session: 1", ""))
        length = f"Content-Length: {len(body)}"
        client.sendall(f"RTSP/1.0 200 OK\r\n{sequence.decode()}\r\n{extra}\r\n{length}\r\n\r\n{body}".encode())
        if method == "PLAY":
            for packet in _rtp_packets(transport_stream):
                client.sendall(packet)
            return


@contextmanager
def rtsp_server(transport_stream: bytes, times: int = 1) -> Iterator[str]:
    """Yield the URL; each of the first `times` connections gets the stream once, later ones are refused."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def run() -> None:
        for _ in range(times):
            with suppress(OSError):
                client, _address = server.accept()
                with client:
                    _serve(client, transport_stream)
        server.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"rtsp://127.0.0.1:{port}/door"
    finally:
        while thread.is_alive():  # a connection nobody made still waits to be accepted
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                pass
            thread.join(0.2)
