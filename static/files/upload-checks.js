// @ts-check

// What can be said of a file before its bytes go: the name that SharePoint will show, and what would be refused. Pure.
// The server decides; this says it earlier. The rules are those of shared/model/names.py.

/**
 * @typedef {{ kind: "too-large" | "name-long" | "empty-name" | "path-long" | "renamed" | "taken" | "flattened",
 *   name?: string, length?: number }} Note
 */

export const MAX_NAME = 255;
const MAX_PATH = 400;
/** A site's address and the library's name, roughly; the server knows it exactly. */
const ADDRESS = 120;

const SPACE = "[ \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]";
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g;
const FORBIDDEN = /["*:<>?/\\|\ufdd0-\ufdef\ufffd\ufffe\uffff]/g;
const LONE = /\p{Surrogate}/gu;
const OWNER_FILE = new RegExp(`^(?:~\\$|${SPACE})+`);
const DEVICE = new RegExp(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=${SPACE}*(?:\\.|$))`, "i");
const WHOLE_NAMES = /^(\.lock|desktop(?=\.ini$))(?=\.ini$|$)/i;
const STOPS = new Set(["too-large", "name-long", "empty-name"]);

/**
 * The name that a file gets in SharePoint.
 * @param {string} name
 */
export function sharePointName(name) {
  const text = name.replace(LONE, "-").replace(INVISIBLE, "").normalize("NFC").replace(CONTROLS, " ").replace(FORBIDDEN, "-");
  const clean = trimmed(text.replace(/_vti_/gi, "-vti-")).replace(OWNER_FILE, "");
  const reserved = DEVICE.exec(clean) ?? WHOLE_NAMES.exec(clean);
  return reserved ? `${reserved[0]}_${clean.slice(reserved[0].length)}` : clean || "Unnamed";
}

/** @param {string} text */
function trimmed(text) {
  return text.replace(new RegExp(`^${SPACE}+|(?:${SPACE}|\\.)+$`, "g"), "");
}

/**
 * `report.docx`, 2 gives `report (2).docx`.
 * @param {string} name
 * @param {number} n
 */
export function numbered(name, n) {
  const [, stem, extension] = /^(.*?)(\.[^. ]{1,20})?$/s.exec(name) ?? ["", name, ""];
  return stem ? `${stem} (${n})${extension ?? ""}` : `${name} (${n})`;
}

/**
 * What a person should know of one file. `folders` are the names of the objects it goes to; `taken` says whether a name
 * is in use there; `isInFolder`: it was dropped within a folder, which does not come along.
 * @param {{ name: string, size: number }} file
 * @param {{ maxBytes: number, folders: string[], taken: (name: string) => boolean, isInFolder: boolean }} place
 * @returns {Note[]}
 */
export function notesOf(file, { maxBytes, folders, taken, isInFolder }) {
  /** @type {Note[]} */
  const notes = [];
  const name = sharePointName(file.name);
  const path = ADDRESS + folders.reduce((sum, folder) => sum + folder.length + 1, 0) + name.length;
  if (file.size > maxBytes) notes.push({ kind: "too-large" });
  if (!file.name.trim()) notes.push({ kind: "empty-name" });
  if (file.name.length > MAX_NAME) notes.push({ kind: "name-long", length: file.name.length });
  else if (path > MAX_PATH) notes.push({ kind: "path-long", length: path });
  if (name !== file.name) notes.push({ kind: "renamed", name });
  if (taken(name)) {
    let n = 2;
    while (taken(numbered(name, n))) n += 1;
    notes.push({ kind: "taken", name: numbered(name, n) });
  }
  if (isInFolder) notes.push({ kind: "flattened" });
  return notes;
}

/**
 * Whether it can't be uploaded at all.
 * @param {Note[]} notes
 */
export const isStopped = (notes) => notes.some((note) => STOPS.has(note.kind));
