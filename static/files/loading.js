// @ts-check
import { api, Problem } from "./api.js";
import { askedOf } from "./asking.js";
import { keyOf, left, list, refresh } from "./files.js";
import { alertText, say } from "./live.js";
import { learnPlaces } from "./objects.js";
import { watch } from "./poll.js";
import { go, state, update } from "./state.js";
import { isMoving } from "./states.js";
import { t } from "./text.js";
/** @import {FileDoc, Page, Query} from "./types.js" */
/** @import {Watch} from "./poll.js" */

// Reads the page of files that the address asks for, and looks at it again. Rows are updated in place and never move
// under the pointer: what is new waits in `newcomers`.

/**
 * One request of a page.
 * @typedef {{token: string, limit: number, etag: string | null, items: FileDoc[], next: string}} Part
 */

const READS_AT_MOST = 6;
const LOOKED_UP_AT_ONCE = 5;
/** Nobody is told of results while typing. */
const REST_MS = 1000;
/** @type {Part[]} */
let parts = [];
/** @type {AbortController | null} */
let loading = null;
/** @type {Watch | null} */
let watching = null;

/**
 * Read the page of the address. Old rows stay until it is there; an older request is dropped.
 * @param {{note?: string}} [why] a sentence to show with the page
 * @returns {Promise<void>}
 */
export async function load({ note = "" } = {}) {
  loading?.abort();
  const own = (loading = new AbortController());
  const phase = list.phase === "first" ? "first" : "busy";
  update(() => Object.assign(list, { phase, isLate: false, isSlow: false, note }));
  const late = setTimeout(() => update(() => (list.isLate = true)), 300);
  const slow = setTimeout(() => update(() => (list.isSlow = true)), 10_000);
  try {
    const read = await readPage(state.query, own.signal);
    update(() => show(read));
    announce();
  } catch (problem) {
    if (!own.signal.aborted) failed(problem);
  } finally {
    clearTimeout(late);
    clearTimeout(slow);
  }
}

/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Part[]>} */
async function readPage(query, signal) {
  /** @type {Part[]} */
  const read = [];
  let token = query.after;
  let missing = /** @type {number} */ (state.preferences.rows);
  do {
    const part = { token, limit: missing, etag: null, items: [], next: "" };
    await readPart(part, query, signal);
    read.push(part);
    missing -= part.items.length;
    token = part.next;
    // A page may hold fewer than asked while there is a next one (docs/search.md).
  } while (token && missing > 0 && read.length < READS_AT_MOST);
  return read;
}

/**
 * Fill a part.
 * @param {Part} part
 * @param {Query} query
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether anything changed
 */
async function readPart(part, query, signal) {
  const asked = { ...askedOf(query), limit: part.limit, page: part.token, include: "place" };
  const answer = await api("files", { query: asked, ifNoneMatch: part.etag ?? undefined, signal });
  if (answer.status === 304) return false;
  const page = /** @type {Page<FileDoc>} */ (answer.data);
  learnPlaces(page.items);
  Object.assign(part, { etag: answer.etag, items: page.items, next: page.nextPage ?? "" });
  return true;
}

/** @param {Part[]} read */
function show(read) {
  parts = read;
  left.clear();
  const rows = read.flatMap((part) => part.items);
  const next = read[read.length - 1].next;
  const count = state.query.after || next ? null : rows.length;
  const calm = { phase: "ready", problem: null, isLate: false, isSlow: false, newcomers: [], loadedAt: new Date() };
  Object.assign(list, { rows, next, count, ...calm, generation: list.generation + 1 });
}

/** @param {unknown} problem */
function failed(problem) {
  const field = problem instanceof Problem ? problem.field : null;
  if (field === "page" && state.query.after) {
    go({ after: "" }, { replace: true });
    load({ note: t("list.page.gone") });
  } else if (field === "sort" && state.query.sort) {
    go({ sort: "", after: "" }, { replace: true });
    load({ note: t("list.sort.toomany") });
  } else {
    update(() => Object.assign(list, { phase: "failed", problem, isLate: false, isSlow: false }));
    alertText(t("list.failed"));
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let announcing;

function announce() {
  clearTimeout(announcing);
  if (list.note) say(list.note);
  else if (list.rows.length === 0) alertText(t("list.nomatch.spoken"));
  else announcing = setTimeout(() => say(countText(), { isMinor: true }), REST_MS);
}

function countText() {
  return t(list.next ? "list.count.more" : "list.count", { n: list.rows.length });
}

/** @param {AbortSignal} signal */
async function look(signal) {
  if (list.phase === "failed") return load();
  if (list.phase !== "ready") return;
  const own = parts;
  let hasChanged = false;
  for (const [i, part] of own.entries()) {
    // As many more as wait, so that what they pushed off the page is not taken for gone.
    const asked = { ...part, limit: part.limit + (i === 0 ? list.newcomers.length : 0) };
    if (!(await readPart(asked, state.query, signal))) continue;
    hasChanged = true;
    Object.assign(part, { etag: asked.etag, items: asked.items });
  }
  if (own !== parts) return;
  update(() => (list.loadedAt = new Date()));
  if (hasChanged) await merge(signal);
}

/** @param {AbortSignal} signal */
async function merge(signal) {
  const fresh = new Map(parts.flatMap((part) => part.items).map((file) => [keyOf(file), file]));
  const shown = new Set(list.rows.map(keyOf));
  const newcomers = [...fresh].filter(([key]) => !shown.has(key) && !left.has(key)).map(([, file]) => file);
  const pushedOff = list.next ? Math.max(0, newcomers.length - list.newcomers.length) : 0;
  const stayed = list.rows.slice(0, list.rows.length - pushedOff);
  const missing = stayed.filter((file) => !fresh.has(keyOf(file)) && !left.has(keyOf(file)));
  update(() => {
    list.rows = list.rows.map((file) => newer(fresh.get(keyOf(file)), file));
    list.newcomers = newcomers;
  });
  // What left the results (deleted, moved, changed by someone) keeps its row and shows what it is now.
  for (const file of missing.slice(0, LOOKED_UP_AT_ONCE)) {
    left.add(keyOf(file));
    await refresh(file, signal);
  }
}

/**
 * An answer that was on its way during an edit is older than the row.
 * @param {FileDoc | undefined} fresh
 * @param {FileDoc} row
 */
function newer(fresh, row) {
  return fresh && Date.parse(fresh.changedAt) >= Date.parse(row.changedAt) ? fresh : row;
}

/** Start looking again and again. */
export function startWatching() {
  watching ??= watch(look, () => list.rows.some(isMoving));
}

/** Look again now, such as after an edit. */
export function lookSoon() {
  watching?.soon();
}

/** Stop looking. */
export function stopWatching() {
  watching?.stop();
  watching = null;
  loading?.abort();
}
