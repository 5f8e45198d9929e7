"""Checks the outcome of the demo: every sample file, in the product and in SharePoint, against the expectation."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

import requests
from azure.storage.blob import ContainerClient

from shared.settings import MOMENT_CLOUD_CONTAINER
from tools.samples.documents import text_in
from tools.samples.files import UNPLACED_BLOB, Sample
from tools.stack.graph_reader import GraphReader, Json
from tools.stack.loading import Loaded
from tools.stack.product import Product
from tools.stack.watch import Watch

_OFFICE = (".docx", ".xlsx", ".pptx")
_REWRITTEN = "rewritten, content equal"
_IDENTICAL = "identical"
_PIECE_BYTES = 1024 * 1024


class Checks:
    """What is wrong, as sentences; nothing when all is well."""

    def __init__(self, product: Product, reader: GraphReader, blobs: set[str]) -> None:
        self._product = product
        self._reader = reader
        self._blobs = blobs

    def problems(self, loaded: Sequence[Loaded], watch: Watch) -> list[str]:
        """Everything that is not as it should be."""
        found: list[str] = []
        for each in loaded:
            row = each.row_in(watch)
            faults = ["it has no record"] if row is None else list(self._faults(each.sample, row.document))
            found += [f"{each.sample.name}: {fault}" for fault in faults]
        return [*found, *self._strangers(loaded), *self._unplaced()]

    def _faults(self, sample: Sample, document: Json) -> Iterator[str]:
        if document["proof"] != _REWRITTEN and sample.content.size_bytes != document["sizeBytes"]:
            yield f"its record says {document['sizeBytes']} bytes, not {sample.content.size_bytes}"
        if ("." in sample.name) == bool(document["warning"]):
            yield f"the warning of a missing extension is wrong: {document['warning']!r}"
        if sample.place is None:
            yield from self._faults_in_moment_cloud(sample, document)
        else:
            yield from self._faults_in_sharepoint(sample, sample.place, document)

    def _faults_in_moment_cloud(self, sample: Sample, document: Json) -> Iterator[str]:
        if document["state"] != "in-moment-cloud" or document["link"] is not None:
            yield f"it should stay in Moment Cloud but is {document['state']}, {document['link']}"
            return
        url = self._product.content_url(document["customer"], document["id"])
        if _sha256(requests.get(url, stream=True, timeout=60)) != sample.content.sha256():
            yield "Moment Cloud gives other bytes than were uploaded"

    def _faults_in_sharepoint(self, sample: Sample, place: str, document: Json) -> Iterator[str]:
        if document["state"] != "in-sharepoint":
            yield f"its state is {document['state']}: {document['reason']}"
            return
        if document["name"] not in sample.names:
            yield f"it is named {document['name']!r}, not {' or '.join(sample.names)}"
        item = self._reader.find(f"{place}/{document['name']}")
        if item is None:
            yield f"it is not in {place}"
            return
        yield from self._faults_of_item(sample, document, item)
        if any(name.startswith(f"{sample.customer}/{document['id']}/") for name in self._blobs):
            yield "its blob is still in Moment Cloud"
        if sample.dropped_as in self._blobs:
            yield "the dropped blob is still in Moment Cloud"

    def _faults_of_item(self, sample: Sample, document: Json, item: Json) -> Iterator[str]:
        if item["webUrl"] != document["link"]:
            yield f"its link is {document['link']}, but SharePoint says {item['webUrl']}"
        if item["size"] != document["sizeBytes"]:
            yield f"SharePoint holds {item['size']} bytes, but its record says {document['sizeBytes']}"
        if self._product.content_url(document["customer"], document["id"]) != item["webUrl"]:
            yield "its address in Moment does not lead to SharePoint"
        columns = self._reader.columns(item)
        if columns != sample.columns:
            yield f"its columns are {columns}, not {sample.columns}"
        yield from self._faults_of_content(sample, document, item)

    def _faults_of_content(self, sample: Sample, document: Json, item: Json) -> Iterator[str]:
        if sample.name.endswith(_OFFICE):
            proofs = {_IDENTICAL, _REWRITTEN}
            with sample.content.open() as sent:
                same = text_in(sample.name, self._reader.content(item).content) == text_in(sample.name, sent.read())
        elif sample.name.endswith(".pdf"):  # SharePoint appends to it
            proofs = {_IDENTICAL, _REWRITTEN}
            with sample.content.open() as sent:
                same = self._reader.content(item).content.startswith(sent.read())
        else:
            proofs = {_IDENTICAL}
            same = _sha256(self._reader.content(item)) == sample.content.sha256()
        if not same:
            yield "SharePoint gives another content than was uploaded"
        if document["proof"] not in proofs:
            yield f"its proof is {document['proof']!r}"

    def _strangers(self, loaded: Sequence[Loaded]) -> Iterator[str]:
        """Each library holds as many files as were sent there, and no more."""
        expected = Counter(each.sample.place for each in loaded if each.sample.place is not None)
        present = Counter(path.rpartition("/")[0] for path in self._reader.file_paths())
        for place in sorted(expected | present):
            if expected[place] != present[place]:
                yield f"{place} holds {present[place]} files, not {expected[place]}"

    def _unplaced(self) -> Iterator[str]:
        reported = {each["blob"]: each["reason"] for each in self._product.items("unplaced-blobs")}
        if set(reported) != {UNPLACED_BLOB} or not reported[UNPLACED_BLOB]:
            yield f"{UNPLACED_BLOB}: the report of blobs without a record says {reported}"
        if UNPLACED_BLOB not in self._blobs:
            yield f"{UNPLACED_BLOB}: the blob is gone"


def names_of_blobs(storage: str) -> set[str]:
    """What is in Moment Cloud now."""
    with ContainerClient.from_connection_string(storage, MOMENT_CLOUD_CONTAINER) as container:
        return set(container.list_blob_names())


def _sha256(answer: requests.Response) -> str:
    digest = hashlib.sha256()
    for piece in answer.iter_content(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()
