"""What a page's markup says of itself, and what is against the house's style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

PRODUCT = " · 净土"
TYPED = {"input", "select", "textarea"}
UNSEEN = {"hidden", "submit", "button", "image", "reset"}


class Markup(HTMLParser):
    """One page: its language, title, headings, fields, labels, table headings, links, and whatever stands inline."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__(convert_charrefs=True)
        self.language = self.title = ""
        self.headings: list[str] = []
        self.columns: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.labelled: set[str] = set()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.inline: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        said = {name: value or "" for name, value in given}
        self._open.append(tag)
        self.ids.update([said["id"]] if "id" in said else [])
        self._inline(tag, said)
        if tag == "html":
            self.language = said.get("lang", "")
        elif tag in ("h1", "th"):
            (self.headings if tag == "h1" else self.columns).append("")
        elif tag == "a" and "href" in said:
            self.links.append(said["href"])
        elif tag == "label" and "for" in said:
            self.labelled.add(said["for"])
        elif tag in TYPED and said.get("type") not in UNSEEN:
            self.fields.append(said | ({"aria-label": "in its label"} if "label" in self._open else {}))
        if tag in ("input", "meta", "link", "br", "img", "hr"):
            self._open.pop()

    def _inline(self, tag: str, said: dict[str, str]) -> None:
        if tag == "style" or "style" in said:
            self.inline.append(f"<{tag} style>")
        if tag == "script" and "src" not in said and said.get("type") != "application/json":
            self.inline.append("<script>")
        self.inline += [f"<{tag} {name}>" for name in said if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        """Leave the tag, and what was left open inside it."""
        while tag in self._open and self._open.pop() != tag:
            continue

    def handle_data(self, text: str) -> None:
        """Gather the words of titles and headings."""
        if "svg" in self._open:
            return
        if "title" in self._open:
            self.title += text
        for tag, words in (("h1", self.headings), ("th", self.columns)):
            if tag in self._open:
                words[-1] += text


def against_the_style(page: str) -> Iterator[str]:
    """What is against the house's style on a page of the console."""
    found = Markup(page)
    headings = [" ".join(each.split()) for each in found.headings]
    if not found.language.startswith("zh"):
        yield f"the language is {found.language!r}"
    if len(headings) != 1 or " ".join(found.title.split()) != headings[0] + PRODUCT:
        yield f"title {found.title!r} and headings {headings}"
    for field in found.fields:
        if field.get("id") not in found.labelled and not field.get("aria-label") and not field.get("aria-labelledby"):
            yield f"no label for {field.get('name') or field}"
    yield from (f"inline {each}" for each in found.inline)
    yield from (f"id {each!r} stands twice" for each, times in found.ids.items() if times > 1)
