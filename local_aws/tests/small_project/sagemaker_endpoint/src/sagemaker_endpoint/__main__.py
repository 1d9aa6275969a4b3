"""Answers like the inference endpoint, from the standard library alone."""

import argparse
from http.server import BaseHTTPRequestHandler, HTTPServer

parser = argparse.ArgumentParser()
parser.add_argument("verb")
for option in ("--model", "--host", "--port", "--endpoint-name"):
    parser.add_argument(option, required=True)
options = parser.parse_args()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/ping" else 404)
        self.end_headers()


print(f"serving {options.model} as {options.endpoint_name}", flush=True)
HTTPServer((options.host, int(options.port)), Handler).serve_forever()
