#!/usr/bin/env python3
"""Check an exported ledger without the platform: only Python's standard library, one file, easy to read.

    verify_ledger.py LEDGER.jsonl [HEADS.json]

LEDGER.jsonl comes from ``jingtu ledger export``: one entry a line with stream, seq, previous, hash and body.
HEADS.json comes from an earlier ``jingtu ledger heads``, kept elsewhere: the ledger must still contain those entries.
Exit code 0 when all holds, 1 when something does not, 2 when a file cannot be read.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

GENESIS = "0" * 64


def faults(lines: Iterator[str], heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Everything that does not hold, as sentences with stream and number."""
    last: dict[str, tuple[int, str]] = {}
    found: set[str] = set()
    for line in lines:
        entry = json.loads(line)
        stream, seq = entry["stream"], entry["seq"]
        before, previous = last.get(stream, (0, GENESIS))
        if seq != before + 1:
            yield f"{stream} {seq}: follows {before}; entries are missing or out of order"
        if entry["previous"] != previous:
            yield f"{stream} {seq}: does not follow from the entry before it"
        text = f"{entry['previous']}{seq}\n{entry['body']}"
        if hashlib.sha256(text.encode()).hexdigest() != entry["hash"]:
            yield f"{stream} {seq}: content and hash do not agree"
        last[stream] = (seq, entry["hash"])
        if heads.get(stream) == (seq, entry["hash"]):
            found.add(stream)
    for stream in sorted(heads.keys() - found):
        yield f"{stream} {heads[stream][0]}: the entry noted earlier is no longer there as it was"


def main() -> int:
    """Read the files, print what does not hold."""
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    try:
        text = Path(sys.argv[1]).read_text(encoding="utf-8")
        noted = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")) if len(sys.argv) > 2 else []
    except (OSError, ValueError) as error:
        print(f"cannot read: {error}")
        return 2
    broken = list(faults(iter(text.splitlines()), {head["stream"]: (head["seq"], head["hash"]) for head in noted}))
    print("\n".join(broken) or f"{len(text.splitlines())} entries hold")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
