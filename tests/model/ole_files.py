"""Writes OLE compound files (MS-CFB, version 3), as Office 97 does: enough of it for documents of a test."""

import struct
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
SUMMARY, DOCUMENT_SUMMARY = "\x05SummaryInformation", "\x05DocumentSummaryInformation"
type Tree = dict[str, "bytes | Tree"]


def property_set(text: str) -> bytes:
    """Something that begins like one."""
    return b"\xfe\xff\x00\x00" + text.encode("utf-16-le")


def a_doc(text: bytes = b"Minutes " * 900, **changes: "bytes | Tree | None") -> bytes:
    """A Word document with an embedded one; `changes` by a stream's name, None leaves it out."""
    tree: Tree = {
        "WordDocument": text,
        "1Table": b"table" * 30,
        "Data": b"picture" * 2000,
        SUMMARY: property_set("A title"),
        DOCUMENT_SUMMARY: property_set("A company"),
        "ObjectPool": {"_1": {"Contents": b"embedded", SUMMARY: property_set("of the embedded one")}},
    }
    changed = {**tree, **changes}
    return compound_file({name: content for name, content in changed.items() if content is not None})


@dataclass
class _Writer:
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    small: bytearray = field(default_factory=bytearray)
    mini_fat: list[int] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)

    def put(self, content: bytes) -> int:
        """A stream in sectors; where it begins."""
        start = len(self.sectors)
        parts = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        self.sectors += parts
        self.fat += [start + n + 1 for n in range(len(parts) - 1)] + [END] * bool(parts)
        return start if parts else END

    def put_small(self, content: bytes) -> int:
        start = len(self.mini_fat)
        count = -(-len(content) // MINI)
        self.small += content.ljust(count * MINI, b"\0")
        self.mini_fat += [start + n + 1 for n in range(count - 1)] + [END] * bool(count)
        return start if count else END

    def add(self, tree: Tree) -> int:
        """The entries of a storage's children, each the right sibling of the one before; the first one's id."""
        first = NONE
        right = NONE
        for name in sorted(tree, key=lambda each: (len(each), each.upper()), reverse=True):
            content = tree[name]
            if isinstance(content, bytes):
                start = self.put_small(content) if len(content) < CUTOFF else self.put(content)
                entry = _entry(name, 2, right, NONE, start, len(content))
            else:
                entry = _entry(name, 1, right, self.add(content), 0, 0)
            self.entries.append(entry)
            first = right = len(self.entries)  # the root is entry 0
        return first


def compound_file(tree: Tree, clsid: bytes = bytes(16)) -> bytes:
    writer = _Writer()
    child = writer.add(tree)
    small_size = len(writer.small)
    small_start = writer.put(bytes(writer.small))
    mini_table = _table(writer.mini_fat)
    mini_start = writer.put(mini_table)
    directory = _entry("Root Entry", 5, NONE, child, small_start, small_size, clsid) + b"".join(writer.entries)
    empty = _entry("", 0, NONE, NONE, 0, 0)
    directory += empty * (-len(directory) // 128 % 4)
    directory_start = writer.put(directory)
    fat_sectors = 1
    while fat_sectors * 128 < len(writer.fat) + fat_sectors:
        fat_sectors += 1
    first_fat = len(writer.sectors)
    writer.fat += [FAT_SECTOR] * fat_sectors
    table = _table(writer.fat)
    header = struct.pack(
        "<8s16sHHHHHHLLLLLLLLLL",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        0,
        0,
        fat_sectors,
        directory_start,
        0,
        CUTOFF,
        mini_start,
        len(mini_table) // SECTOR,
        END,
        0,
    )
    places = [first_fat + n for n in range(fat_sectors)]
    header += struct.pack("<109L", *(places + [FREE] * (109 - len(places))))
    return header + b"".join(writer.sectors) + table


def _table(entries: list[int]) -> bytes:
    padded = entries + [FREE] * (-len(entries) % 128)
    return struct.pack(f"<{len(padded)}L", *padded)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int, clsid: bytes = bytes(16)) -> bytes:
    raw = name.encode("utf-16-le") + (b"\0\0" if name else b"")
    return struct.pack(
        "<64sHBBIII16sIQQIII", raw, len(raw), kind, 1, NONE, right, child, clsid, 0, 0, 0, start, size, 0
    )
