# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: one HTTP session for a task, with safe retries, a deadline and redaction.

Reads are repeated. A mutating request is repeated only when the provider surely did not carry it out: it was never
reached, or it answered 429. After any other error that leaves the outcome open, Ambiguous is raised.
"""

from __future__ import annotations

import random
import threading
import time
import typing as t
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

from .._core.errors import Ambiguous, Failure
from .codecs import Body, form_body, json_body, urlencoded
from .limits import pause_asked
from .network import Broken, Unreached, network_error
from .pace import Pace
from .refusals import Refusal, refused
from .secrets import Secrets

if t.TYPE_CHECKING:
    from .auth import Auth
from .clock import Clock
from .trace import Show, trace_line
from .wire import NOWHERE, Outgoing, RequestId, Response

try:
    import requests
    import urllib3
    import urllib3.exceptions

    REQUESTS_ERROR: ImportError | None = None
except ImportError as _error:
    REQUESTS_ERROR = _error

LARGEST_ANSWER = 256 * 1024 * 1024  # bytes; 100,000 numbers in one unpaged list are about 40 MB
_READ_AGAIN = (500, 502, 503, 504)


class Settings(t.NamedTuple):
    """The settings of a session: *timeout* in seconds for one whole request, at most *retries* repetitions, the CA.

    At most *concurrency* requests are under way at the same time, and at most *rate* are sent a second (None: no
    limit). The thread that sent a request calls *show* with a line about it.
    """

    timeout: float = 30.0
    retries: int = 3
    validate_certs: bool = True
    ca_path: str | None = None
    concurrency: int = 1
    rate: float | None = None
    show: Show | None = None


class Http:
    """The session. All requests of a task go through ``request``."""

    def __init__(
        self,
        settings: Settings,
        auth: Auth,
        clock: Clock,
        secrets: Secrets,
        explain: t.Callable[[Response], Failure],
        below: str = "",
        names: RequestId = NOWHERE,
    ) -> None:
        """Make a session that signs with *auth*; *explain* makes a Failure of a provider's error answer.

        The paths of all URLs begin with *below*, which a proxy removes before the provider sees them. *names* says
        where an answer has the provider's id of the request.
        """
        self.clock = clock
        self.secrets = secrets
        self._settings = settings
        self._auth = auth
        self._explain = explain
        self._below = below
        self._names = names
        self._pace = Pace(settings.rate)
        self._signing = threading.RLock()
        self._hosts: dict[str, dict[str, t.Any]] = {}
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(
                scheme, requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=max(2, settings.concurrency))
            )
        if not settings.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._session.headers.update({"User-Agent": "ansible-telco.numbers", "Accept": "application/json"})
        # No cookies: a task must not depend on state that its options do not show.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def request(
        self,
        method: str,
        url: str,
        *,
        query: t.Mapping[str, t.Any] | None = None,
        json: t.Any = None,
        form: t.Mapping[str, t.Any] | None = None,
        body: Body | None = None,
        expect: t.Collection[int] = (200,),
        refusals: t.Sequence[Refusal] = (),
        mutating: bool | None = None,
        auth: Auth | None = None,
        content_type: str | None = None,
        accept: str | None = None,
        hidden: bool = False,
    ) -> Response:
        """Send a request and return its answer, whose status is in *expect*.

        The request carries *json*, the fields of a *form*, or a *body* as it is. In *form* and *query* each item of a
        list is sent, and fields that are None are left out. *accept* is the wanted media type in place of JSON, and
        *content_type* is sent even without a body.
        By default each request but GET is *mutating*; a log-in is a POST that is not. The answer to a log-in is
        *hidden*: it holds a secret, so no message quotes it.
        *refusals* are the rejections that the provider's document lists for a mutating request; after any other error
        answer it may have been carried out. Raises the Failure that ``explain`` made of the answer, or Ambiguous when a
        mutating request may have been carried out.
        """
        if mutating is None:
            mutating = method != "GET"
        signer = auth or self._auth
        if body is None:
            body = form_body(form) if form is not None else Body() if json is None else json_body(json)
        headers = {"Content-Type": content_type or body.media_type, "Accept": accept}
        asked = urlencoded(query or {})
        full = f"{url}?{asked}" if asked else url
        renewed = False
        attempt = 0
        through = self._pace.through
        while True:
            outgoing = _outgoing(method, full, body.content, headers, self._below)
            self._wait_turn(outgoing)
            with self._signing:
                signer.sign(outgoing)
                generation = signer.generation
            failure, wait = self._attempt(outgoing, mutating, hidden, expect, refusals, attempt)
            if isinstance(failure, Response):
                return failure
            if (
                failure.http_status == 401
                and not isinstance(failure, Ambiguous)
                and not renewed
                and self._renew(signer, generation)
            ):
                renewed = True
                continue
            # A 429 does not count as a repetition while others got through: all threads together were too fast.
            counts = failure.http_status != 429 or self._pace.through == through
            if wait is None or (counts and attempt >= self._settings.retries):
                raise failure
            through = self._pace.through
            if failure.http_status == 429:
                self._pace.slow_down(wait)
            if not self.clock.sleep(wait):
                raise _deadline_failure(failure, wait)
            attempt += counts

    def _wait_turn(self, outgoing: Outgoing) -> None:
        """Wait until this request may be sent. Raises Failure ``deadline_exceeded`` when the deadline is earlier."""
        wait = self._pace.take_turn()
        if wait and not self.clock.sleep(wait):
            message = (
                f"The deadline comes before {outgoing.method} {outgoing.path} may be sent: raise 'deadline' or 'rate', "
                "or do less in one task."
            )
            raise Failure("deadline_exceeded", message)

    def _renew(self, signer: Auth, generation: int) -> bool:
        """Get a new proof after a 401, unless another thread has it already. Return whether there is one."""
        with self._signing:
            return signer.generation != generation or signer.renew()

    def _attempt(
        self,
        outgoing: Outgoing,
        mutating: bool,
        hidden: bool,
        expect: t.Collection[int],
        refusals: t.Sequence[Refusal],
        attempt: int,
    ) -> tuple[Response | Failure, float | None]:
        """Send once. Return the answer, or the failure and the seconds to wait before a repetition (None: never)."""
        if not self.clock.remaining():
            raise Failure(
                "deadline_exceeded",
                f"The deadline passed before {outgoing.method} {outgoing.path} could be sent: raise 'deadline'.",
            )
        try:
            response = self._send_and_show(outgoing, mutating)._replace(hidden=hidden)
        except Unreached as error:
            return Failure("connection_failed", error.message), _backoff(attempt) if error.repeatable else None
        except Broken as error:
            if mutating:
                return Ambiguous(error.message), None
            return Failure("connection_failed", error.message), _backoff(attempt)
        if response.status != 429:
            self._pace.note_through()
        if response.status in expect:
            return response, None
        failure, wait = self._failure_of(response, refusals, attempt)
        failure.request_id = response.request_id
        return failure, wait

    def _send_and_show(self, outgoing: Outgoing, mutating: bool) -> Response:
        """Send, call ``show`` with a line about it when there is one, and return the answer."""
        if self._settings.show is None:
            return self._exchange(outgoing, mutating)
        began = self.clock.now()
        ended: Response | Exception = Broken("it was interrupted")
        try:
            ended = self._exchange(outgoing, mutating)
            return ended
        except (Broken, Unreached) as error:
            ended = error
            raise
        finally:
            self._settings.show(trace_line(outgoing, ended, self.clock.now() - began, self.secrets))

    def _failure_of(
        self, response: Response, refusals: t.Sequence[Refusal], attempt: int
    ) -> tuple[Failure, float | None]:
        """Return the failure that an unexpected status means, and the seconds to wait before a repetition."""
        if 300 <= response.status < 400:
            path = urlsplit(response.url).path
            text = (
                f"{response.method} {path} was answered with a redirect (HTTP {response.status}), which is never "
                "followed: check api_url."
            )
            return (
                Ambiguous(text, http_status=response.status)
                if response.mutating
                else Failure("provider_error", text, http_status=response.status)
            ), None
        if 200 <= response.status < 300:
            return response.unreadable("this status is not documented"), None
        # An answer may repeat a secret of the request: it is masked before a part of it is cut out for a message.
        masked = self.secrets.mask(response.body.decode("utf-8", "replace")).encode("utf-8")
        failure = self._explain(response._replace(body=masked))
        if response.status == 429:
            return failure, _retry_after(response, attempt)
        if response.mutating:
            return (
                failure if refused(failure, refusals) and response.status < 500 else _undocumented(response, failure)
            ), None
        return failure, _retry_after(response, attempt) if response.status in _READ_AGAIN else None

    def _exchange(self, outgoing: Outgoing, mutating: bool) -> Response:
        """Send the request and return the whole answer, read within the time-out.

        A thread does it, because the time-out of the library starts again with each byte: a server that sends one byte
        now and then would hold the task.
        """
        allowed = min(self._settings.timeout, self.clock.remaining())
        done: list[Response | Exception] = []
        worker = threading.Thread(target=self._transfer, args=(outgoing, mutating, allowed, done), daemon=True)
        worker.start()
        worker.join(allowed + 0.5)
        if not done:
            raise Broken(
                f"{outgoing.method} {outgoing.path} was not answered within {allowed:.0f} s: raise 'timeout' or try "
                "later."
            )
        if isinstance(done[0], Exception):
            raise done[0]
        return done[0]

    def _transfer(self, outgoing: Outgoing, mutating: bool, allowed: float, done: list[Response | Exception]) -> None:
        try:
            # The request is prepared without the session: that would replace the signed header by one from .netrc.
            headers = {**self._session.headers, **outgoing.headers}
            prepared = requests.Request(outgoing.method, outgoing.url, headers, data=outgoing.body or None).prepare()
            with self._session.send(
                prepared, timeout=allowed, allow_redirects=False, **self._proxy_and_ca(outgoing.url)
            ) as answer:
                content = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
                if len(content) > LARGEST_ANSWER:
                    raise Broken(
                        f"The answer to {outgoing.method} {outgoing.path} is larger than {LARGEST_ANSWER >> 20} MiB."
                    )
                done.append(
                    Response(
                        outgoing.method,
                        outgoing.url,
                        answer.status_code,
                        answer.headers,
                        content,
                        mutating,
                        self.secrets,
                        self._names,
                    )
                )
        except (Broken, Unreached) as error:
            done.append(error)
        except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
            done.append(network_error(outgoing, error, self.secrets))

    def _proxy_and_ca(self, url: str) -> dict[str, t.Any]:
        """Return the proxy and the trusted CA for the host of *url*, from the options and the environment.

        The environment is read once for each host, because that takes a good part of the time of a request.
        """
        host = urlsplit(url).netloc
        if host not in self._hosts:
            verify = (self._settings.ca_path or True) if self._settings.validate_certs else False
            self._hosts[host] = dict(self._session.merge_environment_settings(url, {}, True, verify, None))
        return self._hosts[host]


def _deadline_failure(failure: Failure, wait: float) -> Failure:
    """Return the failure for a request that cannot be repeated before the deadline, with the provider's words."""
    if failure.code == "rate_limited":
        return Failure(
            "rate_limited",
            f"{failure.message} The provider asks to wait {wait:.0f} s, longer than the deadline leaves.",
            **failure.told,
        )
    return Failure(
        "deadline_exceeded", f"The deadline passed while a request was repeated: {failure.message}", **failure.told
    )


def _undocumented(response: Response, failure: Failure) -> Ambiguous:
    """Return the Ambiguous failure for an answer that is no documented refusal of a mutating request."""
    message = failure.message
    if response.status < 500:
        words = failure.provider_message or response.words()
        message = (
            f"{response.method} {urlsplit(response.url).path} was answered HTTP {response.status}, which is no refusal "
            "that the provider's document lists: "
            f"it may have been carried out ({words or 'no body'})."
        )
    if response.request_id:
        message += f" The provider knows the request as {response.request_id}."
    return Ambiguous(message, **{**failure.told, "http_status": response.status})


def _outgoing(method: str, url: str, body: bytes, headers: t.Mapping[str, str | None], below: str) -> Outgoing:
    path = urlsplit(url).path
    path = path[len(below) :] if path.startswith(below + "/") else path
    return Outgoing(method, url, path, body, {name: value for name, value in headers.items() if value})


def _backoff(attempt: int) -> float:
    """Return the seconds before repetition *attempt* + 1. They vary, so that parallel tasks do not collide again."""
    return float(min(8.0, 0.25 * 2**attempt) * random.uniform(0.75, 1.25))


def _retry_after(response: Response, attempt: int) -> float:
    """Return the seconds that the answer asks to wait, else the usual pause."""
    asked = pause_asked(response.headers, response.status == 429, time.time())
    return _backoff(attempt) if asked is None else asked
