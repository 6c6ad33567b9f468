# SPDX-License-Identifier: Apache-2.0
"""A feed's server on this machine, for tests: replays the recorded answers and misbehaves on request.

    server.py [FIXTURES]     prints "PORT TLSPORT" (TLSPORT 0 without openssl) and serves until it is killed

Every address of FIXTURES/manifest.json is answered under the same path and query, whatever its host was. Addresses below
/misbehave/ do what their name says."""
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

answers = {}
counts = {}


def load(folder):
    for entry in json.loads((folder / "manifest.json").read_text())["fixtures"]:
        if entry.get("url"):
            url = urllib.parse.urlsplit(entry["url"])
            key = url.path + ("?" + url.query if url.query else "")
            answers[key] = (entry["http_status"], entry["headers"], (folder / entry["file"]).read_bytes(), entry.get("delay", 0))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, headers=()):
        self.send_response(status)
        for key, value in dict(headers).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.close_connection = True
        if self.path in answers:
            counts[self.path] = counts.get(self.path, 0) + 1
            status, headers, body, delay = answers[self.path]
            time.sleep(delay)
            return self.send(status, body, headers)
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if not url.path.startswith("/misbehave/"):
            return self.send(404, b'{"status":"NOT_FOUND","message":"not recorded"}')
        counts[self.path] = counts.get(self.path, 0) + 1
        getattr(self, url.path.removeprefix("/misbehave/").replace("-", "_"))(query, counts[self.path])

    def echo(self, query, count):
        self.send(200, json.dumps({key.lower(): value for key, value in self.headers.items()}).encode())

    def count(self, query, count):
        self.send(200, str(counts.get("/misbehave/" + query["of"], 0)).encode())

    def asked(self, query, count):
        self.send(200, json.dumps(counts).encode())

    def stall(self, query, count):
        time.sleep(30)

    def cut(self, query, count):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"results":[')

    def slow_loris(self, query, count):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(300):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def large(self, query, count):
        self.send(200, b"x" * 2_000_000)

    def bomb(self, query, count):
        import gzip
        self.send(200, gzip.compress(b"0" * 20_000_000), {"Content-Encoding": "gzip"})

    def long_headers(self, query, count):
        self.send(200, b"{}", {f"X-{i}": "y" * 1000 for i in range(90)})

    def nonsense(self, query, count):
        self.wfile.write(b"\x00\x01\x02 this is not HTTP\r\n\r\n")

    def redirect(self, query, count):
        self.send(302, b"", {"Location": query["to"]})

    def flaky(self, query, count):
        self.send(500 if count <= int(query["times"]) else 200, b'{"status":"OK"}')

    def recite(self, query, count):
        said = json.dumps({"status": "ERROR", "message": "Key " + str(self.headers["Authorization"]) + " is not allowed"})
        self.send(int(query["status"]), said.encode(), {"X-Seen": self.headers["Authorization"].split()[-1]})

    def throttled_once(self, query, count):
        headers = {"Retry-After": query["wait"]} if "wait" in query else {}
        self.send(int(query.get("status", "429")) if count == 1 else 200, b'{"status":"ERROR"}', headers)

    def circle(self, query, count):
        at = int(query["at"])
        port = self.server.server_address[1]
        self.send(200, json.dumps({"next_url": f"http://127.0.0.1:{port}/misbehave/circle?at={(at + 1) % 3}"}).encode())

    def endless(self, query, count):
        at = int(query["at"])
        port = self.server.server_address[1]
        self.send(200, json.dumps({"next_url": f"http://127.0.0.1:{port}/misbehave/endless?at={at + 1}"}).encode())

    def elsewhere(self, query, count):
        self.send(200, b'{"next_url": "https://evil.example/v3?cursor=1"}')


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that gave up


def with_wrong_certificate(folder):
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=wrong.example", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/certificate.pem", f"{folder}/key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def main():
    if len(sys.argv) > 1:
        load(pathlib.Path(sys.argv[1]))
    plain = Server(("127.0.0.1", 0), Handler)
    with tempfile.TemporaryDirectory() as folder:
        tls = with_wrong_certificate(folder)
        if tls:
            threading.Thread(target=tls.serve_forever, daemon=True).start()
        print(plain.server_address[1], tls.server_address[1] if tls else 0, flush=True)
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        sys.stdin.read()  # until the test closes its end


main()
