#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A webhook and a mail server on the loopback interface: servers.py OUT prints both ports, then writes what each
received to OUT, one JSON object a line."""
import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

out = open(sys.argv[1], "a", buffering=1)


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        out.write(json.dumps({"webhook": json.loads(body), "path": self.path}) + "\n")
        self.send_response(500 if self.path == "/broken" else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def one_mail(client):
    lines = client.makefile("r", newline="\r\n")
    say = lambda text: client.sendall((text + "\r\n").encode())
    say("220 ready")
    envelope, data = [], []
    for line in lines:
        line = line.rstrip("\r\n")
        word = line[:4].upper()
        if word in ("EHLO", "HELO"):
            say("250 here")
        elif word == "DATA":
            say("354 go on")
            for text in lines:
                if text == ".\r\n":
                    break
                data.append(text.rstrip("\r\n"))
            out.write(json.dumps({"envelope": envelope, "mail": data}) + "\n")
            say("250 kept")
        elif word == "QUIT":
            say("221 bye")
            break
        else:
            envelope.append(line)
            say("250 ok")
    client.close()


def mails(server):
    while True:
        client, _ = server.accept()
        one_mail(client)


hook = HTTPServer(("127.0.0.1", 0), Hook)
mail = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=hook.serve_forever, daemon=True).start()
threading.Thread(target=mails, args=(mail,), daemon=True).start()
print(hook.server_port, mail.getsockname()[1], flush=True)
sys.stdin.read()
