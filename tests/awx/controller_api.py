# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of a controller's API as the modules of awx.awx need to define things: objects with names, links between
them, settings.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import rules

TOKEN = "canary-controller-token"
# What an object of a kind has when nobody has said it, as far as the modules compare it.
DEFAULTS: dict[str, dict[str, Any]] = {
    "credentials": {"user": None, "team": None},
    "credential_types": {"managed": False},
    "inventories": {"kind": "", "host_filter": None},
    "job_templates": {"survey_spec": {}},
    "projects": {"scm_revision": "", "status": "successful"},
    "workflow_job_templates": {"survey_spec": {}},
}
# What unified_job_templates finds.
TEMPLATES = {
    "job_templates": "job_template",
    "workflow_job_templates": "workflow_job_template",
    "projects": "project",
    "inventory_sources": "inventory_source",
}


class Refused(Exception):
    """An answer that is an error: a status and a body."""


class Controller:
    """A controller that listens on loopback until it is stopped."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[int, dict[str, Any]]] = {}
        self.links: dict[str, list[int]] = {}
        self.settings: dict[str, Any] = {
            "AWX_ISOLATION_SHOW_PATHS": ["/etc/pki:/etc/pki:O"],
            "AWX_TASK_ENV": {"HTTPS_PROXY": "http://proxy"},
        }
        self.writes: list[tuple[str, str, Any]] = []
        self._next = 0
        self.make("organizations", {"name": "Default"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def named(self, kind: str, name: str) -> dict[str, Any]:
        """The object of a kind that has the name."""
        (found,) = [found for found in self.objects[kind].values() if found.get("name") == name]
        return found

    def linked(self, kind: str, name: str, how: str) -> list[int]:
        """The ids of what an object is linked to."""
        return self.links.get(f"{kind}/{self.named(kind, name)['id']}/{how}", [])

    # -- requests ------------------------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """The status and the body of the answer. Raises Refused."""
        if method != "GET":
            self.writes.append((method, path, body))
        kind, *rest = path.strip("/").split("/")
        if kind == "settings":
            return self._settings(method, body)
        if not rest:
            return (200, self._list(kind, query)) if method == "GET" else (201, self.make(kind, body))
        found = self.objects.get(kind, {}).get(int(rest[0]))
        if found is None:
            raise Refused(404, {"detail": "Not found."})
        if rest[1:] == ["survey_spec"]:
            return self._survey(method, found, body)
        if rest[1:] == ["create_approval_template"]:
            return 201, self._approval(found, body)
        if rest[1:]:
            return self._links(method, f"{kind}/{found['id']}/{rest[1]}", rest[1], body)
        if method == "PATCH":
            found.update(self._checked(kind, {**found, **body}))
        return 200, found

    def make(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """A new object."""
        if kind in ("job_templates", "projects", "credential_types", "inventories") and [
            *self._found(kind, {"name": body["name"]})
        ]:
            raise Refused(400, {"__all__": [f"{kind} with this name already exists."]})
        self._next += 1
        url = f"/api/v2/{kind}/{self._next}/"
        made = {
            **DEFAULTS.get(kind, {}),
            **self._checked(kind, body),
            "id": self._next,
            "url": url,
            "type": kind.rstrip("s"),
            "summary_fields": {},
        }
        made["related"] = (
            {"survey_spec": f"{url}survey_spec/"} if kind in ("job_templates", "workflow_job_templates") else {}
        )
        self.objects.setdefault(kind, {})[self._next] = made
        return made

    def _checked(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """*body* as it is kept and shown; AWX's rules are kept, and secrets hidden."""
        problems: list[str] = []
        if kind == "credential_types":
            problems = rules.inputs(body["inputs"]) + rules.injectors(body["injectors"], body["inputs"])
        elif kind == "schedules":
            asked = self._template(body["unified_job_template"])["survey_spec"]
            problems = rules.schedule(body["rrule"]) + rules.launch(asked, body.get("extra_data", {}))
        elif kind == "job_templates" and not body.get("playbook", "").endswith(".yml"):
            problems = ["Playbook not found for project."]
        if problems:
            raise Refused(400, {"detail": problems})
        kept = {key: "" if value is None and key == "kind" else value for key, value in body.items()}
        if kind == "credentials" and "inputs" in body:
            fields = self.objects["credential_types"][body["credential_type"]]["inputs"]["fields"]
            secret = {field["id"] for field in fields if field.get("secret")}
            kept["inputs"] = {key: "$encrypted$" if key in secret else value for key, value in body["inputs"].items()}
        return kept

    def _template(self, number: int) -> dict[str, Any]:
        return next(self.objects[kind][number] for kind in TEMPLATES if number in self.objects.get(kind, {}))

    def _found(self, kind: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        kinds: dict[str, str | None] = {**TEMPLATES} if kind == "unified_job_templates" else {kind: None}
        for name, type_ in kinds.items():
            for found in self.objects.get(name, {}).values():
                if all(str(type_ if key == "type" else found.get(key)) == str(value) for key, value in query.items()):
                    yield found

    def _list(self, kind: str, query: dict[str, str]) -> dict[str, Any]:
        found = list(self._found(kind, query))
        return {"count": len(found), "next": None, "previous": None, "results": found}

    def _settings(self, method: str, body: Any) -> tuple[int, Any]:
        if method == "PATCH":
            self.settings.update(body)
        return 200, self.settings

    @staticmethod
    def _survey(method: str, found: dict[str, Any], body: Any) -> tuple[int, Any]:
        if method == "POST":
            if rules.survey(body):
                raise Refused(400, {"error": rules.survey(body)})
            found["survey_spec"] = body
        return 200, found["survey_spec"]

    def _approval(self, node: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        made = self.make(
            "workflow_approval_templates",
            {key: value for key, value in body.items() if key in ("name", "description", "timeout")},
        )
        made.update({"identifier": node["identifier"], "workflow_job_template": node["workflow_job_template"]})
        node["unified_job_template"], node["related"]["unified_job_template"] = made["id"], made["url"]
        return made

    def _links(self, method: str, place: str, how: str, body: Any) -> tuple[int, Any]:
        linked = self.links.setdefault(place, [])
        if method == "POST":
            if body.get("disassociate"):
                linked.remove(body["id"])
            else:
                linked.append(body["id"])
            return 204, None
        kind = "workflow_job_template_nodes" if how.endswith("_nodes") else how
        return 200, {"count": len(linked), "next": None, "results": [self.objects[kind][number] for number in linked]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        controller = self
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                parts = urlsplit(self.path)
                path = re.sub(r"^/api/v2", "", parts.path)
                try:
                    if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                        raise Refused(401, {"detail": "Authentication credentials were not provided."})
                    with lock:
                        status, answer = controller.answer(self.command, path, dict(parse_qsl(parts.query)), body)
                        content = b"" if answer is None else json.dumps(answer).encode()
                except Refused as refused:
                    status, content = refused.args[0], json.dumps(refused.args[1]).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("X-API-Product-Name", "AWX")
                self.send_header("X-API-Product-Version", "24.6.1")
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_DELETE = _do

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        return Handler
