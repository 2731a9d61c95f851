"""The site's checker finds what it is for. The site itself is built and checked by `make docs`."""

from __future__ import annotations

from pathlib import Path

from scripts.check_site import faults


def write(site: Path, name: str, body: str) -> None:
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<html><body>{body}</body></html>")


def test_site_whose_links_lead_somewhere_has_no_faults(tmp_path: Path) -> None:
    write(tmp_path, "index.html", '<a href="api/a.html#b">b</a> <a href="#top">top</a> <p id="top">')
    write(
        tmp_path, "api/a.html", '<h2 id="b">b</h2> <a href="..">home</a> <a href="https://example.com">x</a>'
    )
    assert list(faults(tmp_path)) == []


def test_site_with_dead_links_names_page_and_target(tmp_path: Path) -> None:
    write(tmp_path, "index.html", '<a href="api/a.html#c">c</a> <a href="gone.html"> <a href="#d">')
    write(tmp_path, "api/a.html", '<h2 id="b">b</h2> <img src="none.svg" alt="a bird">')
    assert list(faults(tmp_path)) == [
        "api/a.html: leads nowhere: none.svg",
        "index.html: leads nowhere: api/a.html#c",
        "index.html: leads nowhere: gone.html",
        "index.html: leads nowhere: #d",
    ]


def test_site_that_loads_from_elsewhere_is_at_fault(tmp_path: Path) -> None:
    write(tmp_path, "index.html", '<script src="https://cdn.example.com/a.js"></script>')
    write(
        tmp_path,
        "other.html",
        '<link rel="stylesheet" href="//a.example.com/a.css"><img src="other.html">',
    )
    assert list(faults(tmp_path)) == [
        "index.html: loads https://cdn.example.com/a.js",
        "other.html: loads //a.example.com/a.css",
        "other.html: a picture without alt: other.html",
    ]
