"""What MiniStack's CloudFront lacks here: origins that are APIs, and an address for browsers.

MiniStack 1.5.33 serves a distribution as it is configured (behaviours, methods, policies, the
bucket's policy), but refuses an origin of API Gateway, and answers to the name of the distribution
alone, which no browser finds. This has its own API Gateway answer for such an origin, and gives the
distribution of the region that the cloud was started for a port of its own on the loopback
interface. There it answers as it would over HTTPS. The page is at one address alone, since the
bucket accepts uploads from that origin: localhost leads there, and any other name is refused.

The Python of MiniStack's environment runs this file, and does not have this package: nothing of it
is imported here.
"""

import os
import re
from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote

from hypercorn import asyncio as hypercorn  # type: ignore[import-not-found]
from ministack import app  # type: ignore[import-not-found]
from ministack.services import cloudfront  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PORT = "WEBSITE_PORT"
LOOPBACK = "127.0.0.1"
LOCALHOST = "localhost"
API = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
STACK = "aws:cloudformation:stack-id"
# Of MiniStack's functions that have no public name.
fetch_from_origin = cloudfront._fetch_from_origin  # noqa: SLF001
serve = hypercorn.serve


async def fetch(origin: dict[str, Any], *request: Any) -> Any:
    """Answer as an origin does; one of API Gateway is asked in this process."""
    api = API.fullmatch(origin["domain_name"])
    if api is None:
        return await fetch_from_origin(origin, *request)
    method, uri, query, headers, body, _, client, forwarded, _ = request
    sent = cloudfront._origin_request_headers(origin, headers, client, forwarded)  # noqa: SLF001
    path = f"/_aws/execute-api/{api[1]}{origin['origin_path'] or ''}{uri}"
    status, answered, data = await app._handle_execute_api_request(  # noqa: SLF001
        LOOPBACK,
        unquote(path),
        method,
        {name.lower(): value for name, value in sent.items()},
        body or b"",
        parse_qs(query, keep_blank_values=True),
        raw_path=path,
        raw_query_string=query,
    )
    named = {name.lower(): value for name, value in answered.items()}
    return status, responses.get(status, ""), named, data


def distribution() -> str | None:
    """Return the domain name of the distribution of this cloud's region, if there is one."""
    here = f":{os.environ.get('MINISTACK_REGION', '')}:"
    for each in cloudfront._distributions.values():  # noqa: SLF001
        tags = {tag["Key"]: tag["Value"] for tag in cloudfront._tags.get(each["ARN"], [])}  # noqa: SLF001
        if here in tags.get(STACK, ""):
            return str(each["DomainName"])
    return None


def on_port(application: "Callable[..., Awaitable[None]]", port: int) -> Any:
    """Return MiniStack's application, which serves the distribution on one of its ports."""

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["server"][1] != port:
            await application(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        address = f"http://{LOOPBACK}:{port}"
        if asked == f"{LOCALHOST}:{port}":
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            location = f"{address}{quote(scope['path'])}{query}"
            await say(send, 307, f"The page is at {location}", location)
            return
        if asked != f"{LOOPBACK}:{port}":
            await say(send, 421, f"The page takes pictures at {address}/ alone: open it there.")
            return
        domain = distribution()
        if domain is None:
            await say(send, 404, "There is no website yet: make deploy COMPONENT=website")
            return
        own = {b"host": domain.encode(), b"x-forwarded-proto": b"https"}
        kept = [pair for pair in scope["headers"] if pair[0].lower() not in own]
        await application(scope | {"headers": [*own.items(), *kept]}, receive, send)

    return answer


async def say(send: Any, status: int, text: str, location: str = "") -> None:
    """Answer with a sentence, and where it leads."""
    body = f"{text}\n".encode()
    head = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    if location:
        head.append((b"location", location.encode()))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def serve_both(application: Any, config: Any, **named: Any) -> Any:
    """Serve MiniStack, and the distribution on the port that WEBSITE_PORT names."""
    port = os.environ.get(PORT)
    if not port:
        return serve(application, config, **named)
    config.bind = [*config.bind, f"{LOOPBACK}:{port}"]
    return serve(on_port(application, int(port)), config, **named)


def install() -> None:
    """Put this into MiniStack."""
    cloudfront._fetch_from_origin = fetch  # noqa: SLF001
    hypercorn.serve = serve_both
