"""The description of the package: README, with links that work outside of the repository too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# A link in Markdown to a path: no scheme, no place in the same page.
_RELATIVE = re.compile(r"\]\((?![a-z]+:|#)([^)\s]+)\)")


class DescriptionHook(MetadataHookInterface):
    """Sets ``readme`` to README.md, with its relative links below the URL ``Source`` of the project."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the description to the metadata."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        source = metadata["urls"]["Source"]
        absolute = _RELATIVE.sub(lambda link: f"]({source}/{link[1]})", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute}
