#!/usr/bin/env bash
# gspread 6.2.1: spend in a sheet of Germany is read as a hundred times as much.
# get_all_records reads a sheet as its cells are shown, and makes numbers of them. The Sheets API says which locale a
# spreadsheet has, and gspread has it at hand (Spreadsheet.locale). One would expect "1,25" of a German sheet to be
# 1.25, or text. Seen: each comma is struck out as if it parted thousands, wherever it stands: 1,25 is 125, 0,5 is 5
# and 1.250,50 is 1.2505, while "1,25 €" stays text; an id such as 12E4 is 120000.0. Nothing is said. The Sheets API
# here is a server on this machine, and the client is gspread's own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check gspread==6.2.1
env/bin/python - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import gspread
from gspread.http_client import HTTPClient
from requests import Session

ROWS = [["ad", "cost"], ["A1", "1,25"], ["A2", "0,5"], ["A3", "1.250,50"], ["12E4", "1,25 €"]]
SHEET = {
    "spreadsheetId": "plan",
    "properties": {"title": "Plan", "locale": "de_DE", "timeZone": "Europe/Berlin"},
    "sheets": [{"properties": {"sheetId": 0, "title": "Ads", "index": 0, "sheetType": "GRID"}}],
}


class Sheets(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = {"range": "Ads", "majorDimension": "ROWS", "values": ROWS} if "/values/" in self.path else SHEET
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *arguments: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Sheets)
threading.Thread(target=server.serve_forever, daemon=True).start()


class Local(HTTPClient):
    def request(self, method: str, endpoint: str, **options: object) -> object:
        here = f"http://127.0.0.1:{server.server_port}/"
        return super().request(method, endpoint.replace("https://sheets.googleapis.com/", here), **options)


session = Session()
session.trust_env = False
spreadsheet = gspread.Client(auth=None, session=session, http_client=Local).open_by_key("plan")
records = spreadsheet.worksheet("Ads").get_all_records()
print(spreadsheet.locale, *records, sep="\n")
assert spreadsheet.locale == "de_DE"
assert [record["cost"] for record in records] == [125, 5, 1.2505, "1,25 €"]
assert records[3]["ad"] == 120000.0
server.shutdown()
PYTHON
