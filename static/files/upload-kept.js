// @ts-check
/** @import {PlaceIds} from "./types.js" */

// Unfinished uploads, kept over a reload: which announced file belongs to which file of the person's computer. Only ids,
// names and numbers are kept, never content; the browser does not let a page open the file again by itself.

/**
 * @typedef {object} Kept
 * @property {string} key idempotency key of the announcement
 * @property {string} file id of the announced file
 * @property {string} name
 * @property {number} sizeBytes
 * @property {number} lastModified milliseconds
 * @property {PlaceIds} target
 * @property {number} keptAt milliseconds
 */

const STORAGE_KEY = "moment.uploads";
const LEVELS = /** @type {const} */ (["customer", "project", "activity", "task"]);
/** Storage forgets uncommitted blocks after a week. */
const LONGEST_MS = 7 * 24 * 3600 * 1000;

/** @returns {Kept[]} */
export function keptUploads() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => Date.now() - each.keptAt < LONGEST_MS) : [];
  } catch {
    return [];
  }
}

/** @param {Omit<Kept, "keptAt">} upload */
export function keep(upload) {
  write([...keptUploads().filter((each) => each.key !== upload.key), { ...upload, keptAt: Date.now() }]);
}

/** @param {string} key */
export function forget(key) {
  write(keptUploads().filter((each) => each.key !== key));
}

/**
 * The unfinished upload of the same file to the same place.
 * @param {{ name: string, size: number, lastModified: number }} file
 * @param {PlaceIds} target
 * @returns {Kept | undefined}
 */
export function keptFor(file, target) {
  return keptUploads().find(
    (each) =>
      each.name === file.name &&
      each.sizeBytes === file.size &&
      each.lastModified === file.lastModified &&
      LEVELS.every((level) => (each.target[level] || null) === (target[level] || null)),
  );
}

/** A full or forbidden storage costs the resuming, not the upload. @param {Kept[]} kept */
function write(kept) {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(kept.slice(-200)));
  } catch {
    // as said above
  }
}
