// @ts-check
import { api, filePath, Problem } from "./api.js";
import { learnPlaces } from "./objects.js";
import { update } from "./state.js";
/** @import {FileDoc} from "./types.js" */

// The files that the list shows, and the one way in which a newer document of a file gets everywhere it is shown.

export const list = {
  /** @type {FileDoc[]} */ rows: [],
  /** Results that came while the page was looked at; they wait until asked for. @type {FileDoc[]} */ newcomers: [],
  /** @type {"first" | "ready" | "busy" | "failed"} */ phase: "first",
  /** Busy for so long that a bar should show it, and for so long that words should. */
  isLate: false,
  isSlow: false,
  /** @type {unknown} */ problem: null,
  /** A sentence about this page, such as that its cursor was dead. */
  note: "",
  /** The cursor of the next page. */
  next: "",
  /** All results, where one page was all. @type {number | null} */ count: null,
  /** @type {Date | null} */ loadedAt: null,
  /** Grows with each page that is read. */
  generation: 0,
};

/** Files that are known to have left the results. @type {Set<string>} */
export const left = new Set();

/** @type {Set<(file: FileDoc) => void>} */
const listeners = new Set();

/** @param {{customer: string, id: string}} file */
export const keyOf = (file) => `${file.customer}/${file.id}`;

/** Put a newer document of a file wherever it is shown. @param {FileDoc} file */
export function fileChanged(file) {
  const key = keyOf(file);
  learnPlaces([file]);
  update(() => {
    const newer = (/** @type {FileDoc} */ row) => ({ ...row, ...file, place: file.place ?? placeFrom(row, file) });
    list.rows = list.rows.map((row) => (keyOf(row) === key ? newer(row) : row));
    for (const heard of listeners) heard(file);
  });
}

/** The place of an older document, where the newer one is in the same. @param {FileDoc} older @param {FileDoc} newer */
export function placeFrom(older, newer) {
  const isSame = older.project === newer.project && older.activity === newer.activity && older.task === newer.task;
  return isSame ? older.place : undefined;
}

/** Hear of newer documents. @param {(file: FileDoc) => void} heard */
export function onFileChanged(heard) {
  listeners.add(heard);
}

/** Read one file anew, wherever it is shown. @param {FileDoc} file @param {AbortSignal} [signal] */
export async function refresh(file, signal) {
  try {
    const { data } = await api(filePath(file), { query: { include: "place" }, signal });
    fileChanged(data);
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
    fileChanged({ ...file, state: "deleted", undoUntil: null });
  }
}

/**
 * Take rows out of sight at once.
 * @param {FileDoc[]} files
 * @returns {() => void} puts them back where they were, while the same page is shown
 */
export function hideRows(files) {
  const keys = new Set(files.map(keyOf));
  const removed = [...list.rows.entries()].filter(([, row]) => keys.has(keyOf(row)));
  const { generation } = list;
  for (const key of keys) left.add(key);
  update(() => (list.rows = list.rows.filter((row) => !keys.has(keyOf(row)))));
  return () => {
    for (const key of keys) left.delete(key);
    if (generation !== list.generation) return;
    update(() => {
      const rows = [...list.rows];
      for (const [index, row] of removed) rows.splice(Math.min(index, rows.length), 0, row);
      list.rows = rows;
    });
  };
}
