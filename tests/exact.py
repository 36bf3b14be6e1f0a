"""Holds answers and events exactly to their schemas, though what is published allows for fields to come."""

from copy import deepcopy
from typing import Any

import jsonschema_rs


def close(description: Any) -> None:
    """Lets no schema of an API's description allow a field that it does not name."""
    for schema in description["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False


def accepts(description: Any, schema: str) -> Any:
    """A validator for this component, closed."""
    exact = deepcopy(description)
    close(exact)
    whole = {"$ref": f"#/components/schemas/{schema}", "components": exact["components"]}
    return jsonschema_rs.validator_for(whole, validate_formats=True)
