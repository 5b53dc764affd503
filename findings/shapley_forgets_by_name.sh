#!/usr/bin/env bash
# marketing-attribution-models 2.1.1 (MAM on Polars): who gets nothing of a long journey is decided by the alphabet.
# Its Shapley value looks at four channels of a journey (max_size=4); one would expect the last four of the journey, or
# a message. It sorts the channels by name and keeps the last four names, so another name of a channel is another share.
# Seen: of five channels that always meet, in one order, the one called Ads gets 0 of 40 conversions and the others 10;
# called Zads it gets 10 and Blog, the next by name, gets 0. No warning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check marketing-attribution-models==2.1.1
env/bin/python -W error::UserWarning - <<'PYTHON'
import polars
from mam.core import MAM


def shares(name):
    path = f"Email > Blog > {name} > Search > Video"
    journeys = polars.DataFrame(
        {"path": [path, path], "converted": [True, False], "count": [40, 60]}
    )
    model = MAM(
        journeys, format_type="grouped_journey", channels_colname="path",
        journey_with_conv_colname="converted", occurrences_colname="count",
    )
    found = model.run_shapley().to_pandas().set_index("channels")["attribution"]
    return {channel: round(float(credit), 6) for channel, credit in found.items() if credit}


as_ads, as_zads = shares("Ads"), shares("Zads")
print("called Ads: ", as_ads)
print("called Zads:", as_zads)
assert set(as_ads) == {"Blog", "Email", "Search", "Video"}
assert set(as_zads) == {"Email", "Search", "Video", "Zads"}
PYTHON
