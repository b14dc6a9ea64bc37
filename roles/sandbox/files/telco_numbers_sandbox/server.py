# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: finds the route, lets the handler compute and commit, then answers (or fails) as told."""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from . import shop
from .control import Control
from .faults import UNANSWERED, Active, Fault, Faults
from .process import StartError, hold, write_port
from .responding import plain, respond
from .seed import SeedError, default_seed, merge, plant
from .store import LoggedRequest, Store
from .wire import Answer, ApiError, Call, Provider, Route, is_mutating, parse_json

HOST = "127.0.0.1"
SECRET_FIELDS = ("password", "authorization", "secret")


def discover() -> list[Provider]:
    """Return the providers: each module beside this one that sets ``PROVIDER`` has one."""
    package = sys.modules[__package__ or ""]
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_"))
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return [module.PROVIDER for module in modules if hasattr(module, "PROVIDER")]


class Sandbox:
    """All providers behind one handler."""

    def __init__(self, store: Store, seed: Mapping[str, Any]) -> None:
        self.store = store
        self.providers = discover()
        self.routes = [(provider, route) for provider in self.providers for route in provider.routes()]
        self.faults = Faults()
        self.control = Control(store, self.providers, self.faults, seed)
        self._windows: dict[str, list[float]] = {}

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path, _mark, query = request.raw_path.partition("?")
        provider, below = self._below(path)
        origin = f"http://{request.host}" + (f"/{provider.name}" if provider else "")
        call = Call(
            request.method,
            below,
            query,
            request.headers,
            await request.read(),
            origin,
            time.time(),
            self.store,
            Active(),
        )
        if not request.raw_path.isascii():
            return plain(Answer(400, {"error": "a path holds only ASCII"}))
        if path.startswith("/_sandbox/"):
            return plain(self.control.handle(call))
        if provider is None:
            names = ", ".join(f"{origin}/{one.name}" for one in self.providers)
            error = f"no provider is at {path}: put the provider's name behind the address; there are {names}"
            return plain(Answer(404, {"error": error}))
        return await self._serve(request, call, provider, self._find(call, provider))

    def _below(self, path: str) -> tuple[Provider | None, str]:
        """Return the provider that a path begins with (None: unknown), and the documented path after its name."""
        name, slash, below = path.removeprefix("/").partition("/")
        found = next((one for one in self.providers if one.name == name), None)
        return (found, slash + below) if found else (None, path)

    def _find(self, call: Call, provider: Provider) -> Route | None:
        """The provider's route of a call, whose parameters are kept; None when no path or method fits."""
        for one, route in self.routes:
            params = route.match(call.path) if one is provider else None
            if params is not None and route.method == call.method:
                call.params = params
                return route
        return None

    async def _serve(
        self, request: web.BaseRequest, call: Call, provider: Provider, route: Route | None
    ) -> web.StreamResponse:
        call.settings = self.store.settings(provider.name)
        call.faults = self.faults.active(provider.name, call.method, call.path)
        entry = self._log(call, provider, route)
        striking = call.faults.take_transport()
        before = await self._strike(striking, "before")
        answer = Answer(200, {}) if before else self._committed(call, provider, route)
        fault = before or await self._strike(striking, "after")
        if fault and fault.kind in UNANSWERED:
            self._note(entry, call, None)
            return await respond(request, call, provider, answer, fault)
        response = await respond(request, call, provider, answer, fault) if fault else plain(answer)
        self._note(entry, call, response.status)
        return response

    @staticmethod
    async def _strike(faults: list[Fault], when: str) -> Fault | None:
        """Wait out the delays of this moment; return the fault that takes the answer over, if any."""
        for fault in faults:
            if fault.when == when and fault.kind == "delay":
                await asyncio.sleep(float(fault.spec["seconds"]))
            elif fault.when == when:
                return fault
        return None

    def _committed(self, call: Call, provider: Provider, route: Route | None) -> Answer:
        """Run the handler and return its answer. Its changes are committed, unless it raises an error."""
        try:
            if not all(value.isascii() for value in call.headers.values()):
                raise ApiError(400, "Headers must be ASCII")
            if route is None:
                raise self._no_route(call, provider)
            self._throttle(call, provider)
            with self.store.transaction():
                self._meanwhile(call, provider)
            with self.store.transaction():
                return route.handler(call)
        except ApiError as exc:
            answer = provider.refusal(call, exc)
            if exc.status == 429 and "X-RateLimit-Reset" not in answer.headers:
                answer.headers["Retry-After"] = "1"
            return answer
        except Exception:
            traceback.print_exc()
            return provider.error(500, "The sandbox failed; its output says why")

    def _no_route(self, call: Call, provider: Provider) -> ApiError:
        methods = sorted(
            {route.method for one, route in self.routes if one is provider and route.match(call.path) is not None}
        )
        if methods:
            return ApiError(405, f"Method {call.method} is not allowed here; allowed: {', '.join(methods)}")
        return ApiError(404, "Resource not found")

    def _meanwhile(self, call: Call, provider: Provider) -> None:
        """Apply the events since the last request: reservations that expired, and events that faults demand."""
        if call.faults.take("expire_instance"):
            shop.expire_sessions(self.store, "instance")
        forced = call.faults.take("expire_reservation")
        shop.expire_reservations(self.store, float("inf") if forced else call.now, provider=provider.name)
        meanwhile = call.faults.take("meanwhile")
        if meanwhile:
            self.control.apply(provider.name, str(meanwhile.spec["account"]), meanwhile.spec["change"])
        sale = call.faults.take("sell_between")
        if sale:
            offer = sale.spec.get("offer") or provider.wanted_offer(call)
            shop.sell(self.store, provider.name, str(offer), sale.spec.get("quantity"))

    def _throttle(self, call: Call, provider: Provider) -> None:
        """Refuse a request when there are more than the seed's ``requests_per_second``."""
        limit = call.settings.get("requests_per_second")
        if not limit:
            return
        recent = [moment for moment in self._windows.get(provider.name, []) if moment > call.now - 1]
        self._windows[provider.name] = recent
        if len(recent) >= int(limit):
            raise ApiError(429, "Too many requests")
        recent.append(call.now)

    def _log(self, call: Call, provider: Provider, route: Route | None) -> LoggedRequest:
        mutating = route.mutating if route else is_mutating(call.method)
        entry = LoggedRequest(
            self.control.next_request_id(), provider.name, call.method, call.path, mutating, dict(call.query)
        )
        entry.body = {"value": _loggable(call.body, secret=bool(route and route.session))}
        self.store.save(entry)
        return entry

    def _note(self, entry: LoggedRequest, call: Call, status: int | None) -> None:
        entry.status, entry.faults = status, call.faults.fired
        self.store.save(entry)


def _loggable(body: bytes, secret: bool) -> Any:
    """Return a body for the log, without credentials."""
    if not body:
        return None
    try:
        found = parse_json(body)
    except ValueError:
        return None if secret else body.decode(errors="replace")[:100_000]
    if isinstance(found, dict):
        return {name: "<hidden>" if name in SECRET_FIELDS else value for name, value in found.items()}
    return None if secret else found


def _seed(path: Path | None) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text(encoding="utf-8")) if path else {}
        return merge(default_seed(), given)
    except OSError as exc:
        raise StartError(f"the seed {path} cannot be read: {exc.strerror}") from None
    except (ValueError, SeedError) as exc:
        raise StartError(f"the seed {path} is not usable: {exc}") from None


async def run(port: int, data_dir: Path, seed_file: Path | None, port_file: Path | None) -> None:
    """Serve until a signal says stop."""
    seed = _seed(seed_file)
    with hold(data_dir):
        store = Store(data_dir / "sandbox.sqlite3")
        sandbox = Sandbox(store, seed)
        if store.is_new():
            try:
                with store.transaction():
                    plant(store, sandbox.providers, seed)
            except SeedError as exc:
                raise StartError(f"the seed {seed_file} is not usable: {exc}") from None
        try:
            await _listen(sandbox, port, [data_dir / "sandbox.port", *([port_file] if port_file else [])])
        finally:
            store.close()


async def _listen(sandbox: Sandbox, port: int, port_files: Sequence[Path]) -> None:
    runner = web.ServerRunner(web.Server(sandbox.handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, HOST, port, shutdown_timeout=0.5)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise StartError(f"port {port} on {HOST} is in use") from None
    address: tuple[str, int] = runner.addresses[0]
    for path in port_files:
        write_port(path, address[1])
    print(f"the sandbox listens on http://{HOST}:{address[1]}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()
