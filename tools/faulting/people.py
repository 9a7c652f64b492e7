"""A person at a browser: signs in, reads pages, sends forms; knows nothing but what the answers say."""

from __future__ import annotations

import http.client
import json
import re
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE_SECONDS = 30
MULTIPART = "multipart/form-data; boundary="


class Interrupted(Exception):
    """No answer, or one that says that the system failed."""


@dataclass(frozen=True)
class File:
    """A file to be handed in."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    media_type: str
    text: str

    def json(self) -> Any:
        """The answer of the API."""
        return json.loads(self.text)

    def problems(self) -> str:
        """The sentences that a page or the API refuses with."""
        found = re.findall(r'class="[^"]*(?:error|refus|warning)[^"]*"[^>]*>(.*?)</', self.text, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>|\s+", " ", each).strip() for each in found) or self.text[:300]


@dataclass
class Person:
    """One account at its browser, with the cookies it holds."""

    port: int
    account: str
    password: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page, signing in first when the page asks for it."""
        answer = self._ask("GET", path)
        if answer.status == 302 and answer.location.startswith("/sign-in/"):
            self.sign_in()
            answer = self._ask("GET", path)
        return answer

    def sign_in(self) -> None:
        """Give account and password."""
        self._ask("GET", "/sign-in/")
        answer = self._post("/sign-in/", {"username": self.account, "password": self.password})
        if answer.status != 302:
            raise Interrupted(f"{self.account} cannot sign in: {answer.status} {answer.problems()}")

    def send(self, path: str, fields: dict[str, str], file: File | None = None) -> Answer:
        """Send a form; when the session is over, sign in and send it once more."""
        if "csrftoken" not in self.cookies:
            self.sign_in()
        answer = self._post(path, fields, file)
        if answer.status in {401, 403} or (answer.status == 302 and answer.location.startswith("/sign-in/")):
            self.sign_in()
            answer = self._post(path, fields, file)
        return answer

    def _post(self, path: str, fields: dict[str, str], file: File | None = None) -> Answer:
        fields = {**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        if file is None:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        boundary = uuid.uuid4().hex
        return self._ask("POST", path, _multipart(fields, file, boundary), MULTIPART + boundary)

    def _ask(self, method: str, path: str, body: bytes = b"", media_type: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if media_type:
            headers |= {"Content-Type": media_type, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body or None, headers)
            reply = connection.getresponse()
            text = reply.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()
        for line in reply.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        answer = Answer(
            reply.status,
            urlsplit(reply.headers.get("Location", "")).path,
            reply.headers.get_content_type(),
            text,
        )
        if answer.status >= 500:
            raise Failed(answer)
        return answer


class Failed(Interrupted):
    """The system answered that it failed; the answer must be a plain sentence."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        super().__init__(f"{answer.status}: {answer.problems()}")
        self.answer = answer


def _multipart(fields: dict[str, str], file: File, boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", file.content]
    return b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()])
