"""Parses lines of job logs (a JSON array on standard input) with Datadog's own client, and counts them."""

import json
import sys

from datadog_api_client import Configuration
from datadog_api_client.model_utils import validate_and_convert_types
from datadog_api_client.v2.model.ci_log_item import CILogItem

lines = json.load(sys.stdin)
for line in lines:
    item = validate_and_convert_types(line, (CILogItem,), ["line"], True, True, Configuration())
    unparsed = getattr(item, "_unparsed", False) or not isinstance(item, CILogItem)
    if unparsed or not set(line) <= set(CILogItem.attribute_map):
        sys.exit(f"not taken: {json.dumps(line)[:300]}")
print(f"{len(lines)} lines")
