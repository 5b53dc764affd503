#!/usr/bin/env bash
# CurrencyConverter 0.18.23: without a date, an amount in roubles is worth what it was on 1 March 2022.
# The European Central Bank has stopped some of its rates: roubles then, kuna at the end of 2022. Without a date "the
# most recent rate is used", and one would expect the last day of the file, or an error that it has no such rate, as
# there is from dollars to roubles. Seen: the day is the last one of the currency converted from, for both sides.
# Roubles become dollars and kuna become Swiss francs at rates of 2022, beside amounts of today, and nothing is raised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check CurrencyConverter==0.18.23
env/bin/python - <<'PYTHON'
from datetime import date

from currency_converter import CurrencyConverter, RateNotFoundError

converter = CurrencyConverter()
for old, new, last in (("RUB", "USD", date(2022, 3, 1)), ("HRK", "CHF", date(2022, 12, 30))):
    today = converter.bounds[new].last_date
    undated = converter.convert(100, old, new)
    print(f"100 {old} = {undated:.4f} {new}, by rates of {last}; the file ends on {today}")
    assert today >= date(2026, 1, 1)
    assert undated == converter.convert(100, old, new, date=last)
    for pair in ((old, new), (new, old)):
        day = {"date": today} if pair == (old, new) else {}
        try:
            converter.convert(100, *pair, **day)
        except RateNotFoundError as error:
            print(*pair, error)
        else:
            raise AssertionError(pair)
PYTHON
