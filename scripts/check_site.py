"""Check a built documentation site: `python scripts/check_site.py site`.

mkdocs looks at links between the pages' sources; this looks at what a browser gets, the API reference and the
navigation included. Every link inside the site leads to a file and a place in it, nothing is loaded from
another host, and pictures say what they show. Links to other hosts are not followed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
"""What a browser fetches by itself, and the attribute that says from where. `link` depends on its `rel`."""


class Page(HTMLParser):
    """What a page refers to, and the places in it that can be referred to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.untold: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") not in {"canonical", "next", "prev"}:
            self.loads.append(values.get("href", ""))
        elif tag in LOADED and LOADED[tag] in values:
            self.loads.append(values[LOADED[tag]])
        if tag == "img" and not values.get("alt"):
            self.untold.append(values.get("src", ""))


@cache
def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def faults(site: Path) -> Iterator[str]:
    """What is wrong, a line for each."""
    for path in sorted(site.rglob("*.html")):
        if path.name == "404.html":  # its links are for whatever address it is shown at
            continue
        page, name = read(path), path.relative_to(site).as_posix()
        yield from (f"{name}: loads {target}" for target in page.loads if urlsplit(target).netloc)
        yield from (f"{name}: a picture without alt: {target}" for target in page.untold)
        for target in dict.fromkeys(page.links + page.loads):
            if not _leads_somewhere(path, target):
                yield f"{name}: leads nowhere: {target}"


def _leads_somewhere(source: Path, target: str) -> bool:
    url = urlsplit(target)
    if url.scheme or url.netloc:
        return True
    path = (source.parent / unquote(url.path)).resolve() if url.path else source
    if path.is_dir():
        path /= "index.html"
    if not path.is_file():
        return False
    return not url.fragment or path.suffix != ".html" or unquote(url.fragment) in read(path).ids


def main() -> None:
    site = Path(sys.argv[1]).resolve()
    found = list(faults(site))
    print("\n".join(found) or f"{len(list(site.rglob('*.html')))} pages, every link leads somewhere")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
