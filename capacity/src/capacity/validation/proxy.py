"""A proxy in front of the embedded cloud that enforces quotas, and the endpoint itself.

Each scenario has its own table and endpoint, named as the scenario is. The proxy plays API Gateway
and SubmitImage (which waits, and writes its row), counts executions, answers as the
endpoint, and passes everything else on to the emulator's DynamoDB.
"""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from capacity.validation.quotas import Quotas

LABELS = [f"label {number}" for number in range(5)]
ANSWER = {
    "probabilities": [0.5, 0.2, 0.1, 0.1, 0.1],
    "labels": LABELS,
    "predicted_label": LABELS[0],
}
# The emulator closes a connection that was idle for 5 s.
IDLE_SECONDS = 2
THROTTLED = "ThrottlingException"
REASONS = {200: "OK", 400: "Bad Request", 429: "Too Many Requests"}

type Answer = tuple[int, bytes]


class Proxy:
    """Serves every scenario that is registered.

    Args:
        cloud: Where the emulator answers.
    """

    def __init__(self, cloud: str) -> None:
        parts = urlsplit(cloud)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._scenarios: dict[str, Quotas] = {}
        self._free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while True:
                head, body = await _message(reader)
                status, answer = await self._answer(head, body)
                if status:
                    answer = _response(status, answer)
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: bytes, body: bytes) -> Answer:
        method, path, *_ = head.split(b"\r\n", 1)[0].decode().split(" ")
        if path == "/":
            return await self._dynamodb(head, body)
        kind, name, *rest = path.strip("/").split("/")
        if kind == "scenarios":
            if method == "PUT":
                self._scenarios[name] = Quotas(json.loads(body))
            quotas = self._scenarios[name]
            return 200, _json({"counts": quotas.counts, "endpoint": quotas.endpoint_seconds})
        quotas = self._scenarios[name]
        if kind == "submit":
            return await self._submit(quotas, json.loads(body))
        if kind == "endpoints":
            return await self._call(quotas)
        function, verb = rest
        if verb == "end":
            quotas.end(function)
            return 200, b"{}"
        start = quotas.begin(function)
        return (429, b"{}") if start is None else (200, _json({"start": start}))

    async def _submit(self, quotas: Quotas, request: dict[str, Any]) -> Answer:
        start = quotas.begin_submit()
        if start is None:
            return 429, b"{}"
        try:
            await asyncio.sleep(start + request["seconds"])
            if not quotas.write("submitted"):
                return 429, b"{}"
            await self._forward(_put(request["put"]))
            return 200, _json({"start": start})
        finally:
            quotas.end("submit")

    async def _call(self, quotas: Quotas) -> Answer:
        begun = quotas.begin_call()
        if begun is None:
            return 429, _json({"__type": THROTTLED, "message": "Too many invocations"})
        try:
            await asyncio.sleep(sum(begun))
        finally:
            quotas.end_call(sum(begun))
        return 200, _json(ANSWER)

    async def _dynamodb(self, head: bytes, body: bytes) -> Answer:
        if b"DynamoDB_20120810.UpdateItem" in head:
            request = json.loads(body)
            # Only the sweep counts attempts.
            what = "swept" if "Attempts" in request["UpdateExpression"] else "labelled"
            if not self._scenarios[request["TableName"]].write(what):
                return 400, _json({"__type": THROTTLED, "message": "Throughput exceeded"})
        return 0, await self._forward(head + body)

    async def _forward(self, request: bytes) -> bytes:
        while True:
            known, reader, writer = await self._connect()
            try:
                writer.write(request)
                head, body = await _message(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                # The emulator closes a connection after so many requests: it took none of this one.
                writer.close()
                if not known:
                    raise
                continue
            self._free.append((time.monotonic(), reader, writer))
            return head + body

    async def _connect(self) -> tuple[bool, asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            used, reader, writer = self._free.pop()
            if time.monotonic() - used < IDLE_SECONDS:
                return True, reader, writer
            writer.close()
        return False, *await asyncio.open_connection(self._host, self._port)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read a request or a response: its head with the empty line, and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head, await reader.readexactly(length)


def _response(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/x-amz-json-1.0\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _put(request: dict[str, Any]) -> bytes:
    body = _json(request)
    credential = "AWS4-HMAC-SHA256 Credential=test/20261127/us-east-1/dynamodb/aws4_request"
    head = (
        "POST / HTTP/1.1\r\nHost: dynamodb\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\n"
        "Content-Type: application/x-amz-json-1.0\r\n"
        f"Authorization: {credential}, SignedHeaders=host, Signature=none\r\n"
    )
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


async def main(cloud: str) -> None:
    """Serve on a free port of the loopback interface, and print the port."""
    server = await asyncio.start_server(Proxy(cloud).serve, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
