// @ts-check
import { keyOf, list } from "./files.js";
import { say } from "./live.js";
import { update } from "./state.js";
import { t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// Which files are selected. Survives paging; a change of filter clears it and says so.

/** @type {Map<string, FileDoc>} */
const selected = new Map();
/** The row from which a range goes. @type {string} */
let anchor = "";
const MOST = 1000;

/** @param {FileDoc} file */
export function isSelected(file) {
  return selected.has(keyOf(file));
}

/** @returns {FileDoc[]} with what the list knows newer */
export function selectedFiles() {
  const rows = new Map(list.rows.map((row) => [keyOf(row), row]));
  return [...selected].map(([key, file]) => rows.get(key) ?? file);
}

/** Select it or not, or all from the last one to it. @param {FileDoc} file @param {{isRange?: boolean}} [how] */
export function toggle(file, { isRange = false } = {}) {
  const from = list.rows.findIndex((row) => keyOf(row) === anchor);
  const to = list.rows.findIndex((row) => keyOf(row) === keyOf(file));
  update(() => {
    if (isRange && from >= 0) select(list.rows.slice(Math.min(from, to), Math.max(from, to) + 1));
    else if (!selected.delete(keyOf(file))) select([file]);
  });
  anchor = keyOf(file);
  said();
}

/** @param {FileDoc[]} files */
function select(files) {
  for (const file of files) if (selected.size < MOST) selected.set(keyOf(file), file);
}

/** Select the page, or none of it where all of it is. */
export function togglePage() {
  const isAll = pageState() === "all";
  update(() => {
    if (isAll) for (const row of list.rows) selected.delete(keyOf(row));
    else select(list.rows);
  });
  said();
}

/** @returns {"none" | "some" | "all"} how much of the page is selected */
export function pageState() {
  const count = list.rows.filter(isSelected).length;
  if (count === 0) return "none";
  return count === list.rows.length ? "all" : "some";
}

/** @param {{isSaid?: boolean}} [how] @returns {boolean} whether there was a selection */
export function clearSelection({ isSaid = true } = {}) {
  if (selected.size === 0) return false;
  update(() => selected.clear());
  if (isSaid) say(t("selection.cleared"));
  return true;
}

/** Files that are gone are not selected. @param {FileDoc[]} files */
export function unselect(files) {
  update(() => files.forEach((file) => selected.delete(keyOf(file))));
}

function said() {
  say(t("selection.count", { n: selected.size }));
}
