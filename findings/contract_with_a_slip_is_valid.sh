#!/usr/bin/env bash
# open-data-contract-standard 3.2.0: a misspelt key inside a contract is accepted and forgotten.
# The model of the whole document refuses keys that it does not know, so one would expect the same of what it holds.
# Seen: skipRow at the top raises; primaryKye, requird and classificatoin of a property pass validation and are gone
# from the model: a column that its owner marked as a required key and as personal data is neither.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check open-data-contract-standard==3.2.0
env/bin/python - <<'PYTHON'
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

document = {
    "version": "1.0.0", "kind": "DataContract", "apiVersion": "v3.0.2", "id": "contacts",
    "status": "active",
    "schema": [{
        "name": "contacts",
        "properties": [
            {"name": "email", "primaryKye": True, "requird": True, "classificatoin": "pii"}
        ],
    }],
}
read = OpenDataContractStandard.model_validate(document).schema_[0].properties[0]
print("kept of the property:", read.model_dump(exclude_none=True))
assert read.model_dump(exclude_none=True) == {"name": "email"}
try:
    OpenDataContractStandard.model_validate({**document, "skipRow": 1})
except ValidationError as error:
    print("at the top:", error.errors()[0]["msg"])
else:
    raise SystemExit("the top level takes unknown keys as well")
PYTHON
