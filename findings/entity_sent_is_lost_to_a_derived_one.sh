#!/usr/bin/env bash
# snowplow-analytics-sdk 0.2.3: what an enrichment derives takes the place of what the page sent.
# A page sends two products with an event, and an enrichment adds a third by the same schema. One would expect the event
# to have three, as each of contexts and derived_contexts has several by one schema. Seen:
# the JSON has one list by schema, the derived one; the two that were sent are nowhere, and nothing is raised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check snowplow-analytics-sdk==0.2.3
env/bin/python - <<'PYTHON'
import json

from snowplow_analytics_sdk.event_transformer import ENRICHED_EVENT_FIELD_TYPES, transform


def products(*skus: str) -> str:
    entities = [{"schema": "iglu:com.acme/product/jsonschema/1-0-0", "data": {"sku": sku}} for sku in skus]
    schema = "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0"
    return json.dumps({"schema": schema, "data": entities})


def transformed(**fields: str) -> list[str]:
    line = "\t".join(fields.get(name, "") for name, _ in ENRICHED_EVENT_FIELD_TYPES)
    return [product["sku"] for product in transform(line)["contexts_com_acme_product_1"]]


sent = {"contexts": products("shoe", "sock")}
derived = {"derived_contexts": products("lace")}
print("sent", transformed(**sent), "with a derived one", transformed(**sent, **derived))
assert transformed(**sent) == ["shoe", "sock"]
assert transformed(**sent, **derived) == ["lace"]
PYTHON
