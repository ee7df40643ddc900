"""A registry for npm that has the packages of a folder, and sends whoever asks for others to the registry in use.

    registry.py FOLDER UPSTREAM PORT_FILE
"""

import base64
import hashlib
import json
import sys
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

FOLDER, UPSTREAM, PORT_FILE = Path(sys.argv[1]), sys.argv[2].rstrip("/"), Path(sys.argv[3])


def packages(base):
    """What the registry says of each package."""
    told = {}
    for file in sorted(FOLDER.glob("*.tgz")):
        with tarfile.open(file) as archive:
            manifest = json.load(archive.extractfile("package/package.json"))
        digest = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
        manifest["dist"] = {"tarball": f"{base}/-/{file.name}", "integrity": f"sha512-{digest}"}
        version = manifest["version"]
        told[manifest["name"]] = {"name": manifest["name"], "dist-tags": {"latest": version}, "versions": {version: manifest}}
    return told


class Registry(BaseHTTPRequestHandler):
    def do_GET(self):
        path = unquote(self.path.split("?")[0]).lstrip("/")
        known = self.server.known
        if path.startswith("-/") and (file := FOLDER / path[2:]).is_file():
            self.answer(200, file.read_bytes())
        elif path in known:
            self.answer(200, json.dumps(known[path]).encode())
        elif path.startswith(("@ecrlint/", "ecrlint")):
            self.answer(404, b"{}")
        else:
            self.answer(302, b"", Location=f"{UPSTREAM}{self.path}")

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
server.known = packages(f"http://127.0.0.1:{server.server_port}")
PORT_FILE.write_text(str(server.server_port))
server.serve_forever()
