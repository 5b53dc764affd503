#!/usr/bin/env bash
# facebook-business 26.0.3: of a postcode with a dash, Meta's SDK hashes what stands before it, in every country.
# Meta's documentation asks for postcodes "with no spaces and no dash", and for the first five digits in the United
# States alone. One would expect 00-950 in Warsaw to be hashed as 00950, and 1000-001 in Lisbon as 1000001. Seen: 00
# and 1000, in the Conversions API and in custom audiences; 94035-1234 becomes 94035, as it should. Hashes tell nobody:
# each postcode of Poland, Portugal, Japan and Brazil is sent as a part of itself, and is the key of a match that can't
# be.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check facebook-business==26.0.3
env/bin/python - <<'PYTHON'
from hashlib import sha256

from facebook_business.adobjects.customaudience import CustomAudience
from facebook_business.adobjects.serverside.user_data import UserData

KEYS = CustomAudience.Schema.MultiKeySchema
CODES = [
    ("us", "94035-1234", "94035", "94035"),
    ("pl", "00-950", "00950", "00"),
    ("pt", "1000-001", "1000001", "1000"),
    ("jp", "100-0001", "1000001", "100"),
    ("br", "01310-100", "01310100", "01310"),
]
for country, code, asked, sent in CODES:
    event = UserData(zip_code=code, country_code=country).normalize()["zp"]
    event = event[0] if isinstance(event, list) else event
    audience = CustomAudience.format_params([KEYS.zip], [[code]], is_raw=True)["payload"]["data"][0][0]
    print(country, code, "asked for:", asked, "sent as the hash of:", sent)
    assert event == audience == sha256(sent.encode()).hexdigest()
PYTHON
