// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { path } from "./place-path.js";
import { may, update } from "./state.js";
import { t, tt } from "./text.js";
import { placeOfList } from "./upload-target.js";
/** @import {View} from "./types.js" */

// Files dragged onto the page or pasted into it. A sheet shows where they would go before they are let go.

/** @typedef {{file: File, isInFolder: boolean}} Chosen */

const MOST_FILES = 1000;

const sheet = { isOver: false };
let depth = 0;

/** Listen for drops and pastes. @param {(chosen: Chosen[]) => void} offer */
export function listen(offer) {
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  const isTaken = () => may("editor") && !document.querySelector("dialog[open]");
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    if (depth === 1 && isTaken()) open();
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = isTaken() ? "copy" : "none";
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth -= 1;
    // Leaving the window ends it, even where the counting of elements went wrong.
    if (depth <= 0 || event.relatedTarget === null) close();
  });
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    // Also where it is not taken: the browser would leave the page and show the file.
    event.preventDefault();
    close();
    if (!isTaken()) return;
    const chosen = await dropped(/** @type {DataTransfer} */ (event.dataTransfer));
    if (chosen.length) offer(chosen);
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const isInField = event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
    if (!files.length || isInField || !isTaken()) return;
    event.preventDefault();
    offer(files.map((file) => ({ file, isInFolder: false })));
  });
}

function open() {
  update(() => (sheet.isOver = true));
}

function close() {
  depth = 0;
  update(() => (sheet.isOver = false));
}

/** The sheet, while files are over the page. @returns {View} */
export function dropSheet() {
  if (!sheet.isOver) return nothing;
  const place = placeOfList();
  return html`<div class="drop-sheet" role="region" aria-label=${t("upload.drop")}><div class="drop-frame">
    ${icon("upload")}
    <p class="drop-title">${t("upload.drop")}</p>
    <p>${place ? tt("upload.drop.to", { place: path(place) }) : t("upload.drop.ask")}</p>
  </div></div>`;
}

/** The files of a drop, those of dropped folders among them. @param {DataTransfer} transfer @returns {Promise<Chosen[]>} */
async function dropped(transfer) {
  // Entries have to be taken before the first await; afterwards the drop is over.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) {
    return [...transfer.files].map((file) => ({ file, isInFolder: false }));
  }
  /** @type {Chosen[]} */
  const found = [];
  for (const entry of entries) if (entry) await gather(entry, false, found);
  return found;
}

/** @param {FileSystemEntry} entry @param {boolean} isInFolder @param {Chosen[]} found */
async function gather(entry, isInFolder, found) {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) {
    const at = /** @type {FileSystemFileEntry} */ (entry);
    found.push({ file: await new Promise((resolve, reject) => at.file(resolve, reject)), isInFolder });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    /** @type {FileSystemEntry[]} a hundred at a time */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const each of some) await gather(each, true, found);
  }
}
