#!/usr/bin/env bash
# py-trello 0.20.1: an hour that a card has waited has 61 minutes.
# get_stats_by_list tells how long a card was in each list of a board, in seconds, minutes or hours: what cycle times
# are made of. A card was in Draft for 61 hours and in Review for 122. One would expect that of time_unit="hours", as
# the minutes are 3660 and 7320. Seen: 60 and 120 hours; seconds are divided by 3660. Every time in hours is 1.6 percent
# short, so that an answer that took 24 hours and 20 minutes is in time by a limit of 24. The Trello API here is an
# object that the client takes in the place of its HTTP library.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check py-trello==0.20.1
TZ=UTC env/bin/python - <<'PYTHON'
from datetime import datetime, timedelta, timezone

from trello import Board, Card, List, TrelloClient

CREATED = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
LISTS = [{"id": "draft", "name": "Draft"}, {"id": "review", "name": "Review"}, {"id": "done", "name": "Done"}]
MOVED = [CREATED + timedelta(hours=61), CREATED + timedelta(hours=61 + 122)]
ACTIONS = [
    {"date": moved.isoformat(), "data": {"listBefore": LISTS[at], "listAfter": LISTS[at + 1]}}
    for at, moved in enumerate(MOVED)
]


class Trello:
    status_code = 200

    def request(self, method, url, **_):
        assert (method, url.rsplit("/", 1)[1]) == ("GET", "actions")
        return self

    def json(self):
        return ACTIONS


board = Board(TrelloClient("key", http_service=Trello()), board_id="board", name="Campaigns")
lists = [List(board, row["id"], row["name"]) for row in LISTS]
seen = {}
for unit in ("minutes", "hours"):
    card = Card(lists[2], f"{int(CREATED.timestamp()):08x}0000000000000000", name="Spring mailing")
    stats = card.get_stats_by_list(lists, time_unit=unit, done_list=lists[2])
    seen[unit] = [stats[name]["time"] for name in ("draft", "review", "done")]
    print(unit, "in Draft, Review and Done:", seen[unit])
assert seen == {"minutes": [3660, 7320, 0], "hours": [60, 120, 0]}
PYTHON
