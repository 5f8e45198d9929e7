"""The files that both contestants get: the same names, folders, sizes and bytes."""

import random
from dataclasses import dataclass

from tools.samples.content import Content, large, of_bytes

_LARGE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """One file; `folder` counts from 0."""

    folder: int
    number: int
    size_bytes: int

    @property
    def name(self) -> str:
        """Its name; a kind that SharePoint does not rewrite."""
        return f"file {self.number:05}.bin"

    @property
    def path(self) -> str:
        """Where rclone finds and puts it."""
        return f"{folder_name(self.folder)}/{self.name}"

    def content(self) -> Content:
        """Bytes that no other file has, but that are the same each time; a large one is made while it is read."""
        if self.size_bytes > _LARGE_BYTES:
            return large(self.size_bytes)
        return of_bytes(random.Random(self.path).randbytes(self.size_bytes))


def samples(files: int, folders: int, size_bytes: int) -> list[Sample]:
    """So many files of one size, spread evenly over the folders."""
    return [Sample(number * folders // files, number, size_bytes) for number in range(files)]


def folder_name(folder: int) -> str:
    """The same for both."""
    return f"Folder {folder:03}"
