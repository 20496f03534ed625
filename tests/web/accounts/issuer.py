"""An identity service for tests: a small HTTP server that signs what it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "junheng-desk"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGED = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Issuer:
    """`answer` holds claims that replace the right ones; `forged` signs with a key nobody knows."""

    def __init__(self) -> None:
        self.address = ""
        self.nonce = ""
        self.challenge = ""
        self.sub = "sub-1"
        self.answer: dict[str, Any] = {}
        self.forged = False
        self.raw: str | None = None
        self.claims: dict[str, Any] = {}
        self.stop: Callable[[], None] = lambda: None

    def token(self) -> str:
        """The identity as a signed token."""
        if self.raw is not None:
            return self.raw
        now = int(time.time())
        right = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.sub,
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 60,
        }
        claims = {name: value for name, value in (right | self.answer).items() if value is not None}
        self.claims = claims
        return jwt.encode(claims, FORGED if self.forged else _KEY, algorithm="RS256", headers={"kid": "one"})

    def signed(self, key: Any, algorithm: str, headers: dict[str, Any]) -> str:
        """The right claims, signed otherwise."""
        self.raw = None
        self.token()
        return jwt.encode(self.claims, key, algorithm=algorithm, headers=headers)

    def reply(self, path: str, form: Mapping[str, str]) -> tuple[int, Any]:
        """Status and JSON of an address."""
        if path.endswith("/.well-known/openid-configuration"):
            return 200, {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path.endswith("/keys"):
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return 200, {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        if path.endswith("/token"):
            verifier = form.get("code_verifier", "")
            digest = (
                base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            )
            if digest != self.challenge:
                return 400, {"error": "invalid_grant"}
            return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.token()}
        return 404, {}


@contextmanager
def serving() -> Iterator[Issuer]:
    """A running issuer."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*issuer.reply(self.path.partition("?")[0], {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*issuer.reply(self.path, form))

        def _send(self, status: int, content: Any) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    issuer.stop = stop
    try:
        yield issuer
    finally:
        stop()
