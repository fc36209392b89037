"""`python -m ml.serving.openapi`: the contract as an OpenAPI document, the same bytes on every run."""

import json
import sys
from typing import Any

from ml.serving.app import create_app
from ml.serving.settings import Settings


def document() -> dict[str, Any]:
    nowhere = Settings(port=0, bind="127.0.0.1", secret="", database_url=None, policy="random", shadows=())
    return create_app(nowhere).inside.openapi()


def main() -> None:
    sys.stdout.write(json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
