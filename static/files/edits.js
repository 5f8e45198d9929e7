// @ts-check
import { api, filePath, Problem } from "./api.js";
import { fileChanged, keyOf, list, placeFrom, refresh } from "./files.js";
import { alertText, say } from "./live.js";
import { lookSoon } from "./loading.js";
import { offerUndo } from "./recent.js";
import { update } from "./state.js";
import { t } from "./text.js";
import { backOf, holds, mergedTags, outcome } from "./three-way.js";
/** @import {FileDoc, Place} from "./types.js" */
/** @import {Change} from "./three-way.js" */

// Edits of a file: shown at once, sent with If-Match, merged or put to the person where somebody else was faster
// (three-way.js). What can't be sent waits here, with what was typed, until it can.

/**
 * @typedef {object} Edit
 * @property {Change} change
 * @property {FileDoc} base the file when the edit began
 * @property {Place} [place] the names of the new place
 * @property {string} text what is said in Recent changes
 * @property {"saving" | "unsaved" | "conflict"} status
 * @property {FileDoc} [theirs] of a conflict
 * @property {string} [who] who made theirs
 */

/** @type {Map<string, Edit>} */
const edits = new Map();
/** @type {(file: FileDoc, change: Change, message: string) => void} */
let refused = (_file, _change, message) => alertText(message);
const TRIES = 4;

/** Who shows the message of a refused edit beside its field. @param {typeof refused} shows */
export function onRefused(shows) {
  refused = shows;
}

/** @param {{customer: string, id: string}} file @returns {Edit | undefined} */
export function editOf(file) {
  return edits.get(keyOf(file));
}

/** The file with what is being saved already in it. @param {FileDoc} file @returns {FileDoc} */
export function shownFile(file) {
  const edit = editOf(file);
  return edit ? { ...file, .../** @type {Partial<FileDoc>} */ (edit.change), place: edit.place ?? file.place } : file;
}

/**
 * Change a file. One edit of a file at a time: another waits for it.
 * @param {FileDoc} file as it was when the person began
 * @param {Change} change
 * @param {string} text what was done, for Recent changes
 * @param {Place} [place] the names of a new place
 */
export async function save(file, change, text, place) {
  while (editOf(file)?.status === "saving") await new Promise((resolve) => setTimeout(resolve, 100));
  const base = list.rows.find((row) => keyOf(row) === keyOf(file) && row.etag === file.etag) ?? file;
  if (holds(change, base)) return;
  /** @type {Edit} */
  const edit = { change, base, text, place, status: "saving" };
  update(() => edits.set(keyOf(file), edit));
  await send(edit, file.etag);
}

/** @param {Edit} edit @param {string | undefined} etag */
async function send(edit, etag) {
  const { base } = edit;
  update(() => (edit.status = "saving"));
  let theirs = base;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const { data } = await api(filePath(base), { method: "PATCH", body: edit.change, ifMatch: etag });
      return saved(edit, data, theirs);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status !== 412 || !problem.current) return failed(edit, problem);
      theirs = problem.current;
      etag = theirs.etag;
      const next = outcome(edit.change, base, theirs);
      if (next.kind === "send") edit.change = next.change;
      else if (next.kind === "same") return saved(edit, theirs, theirs);
      else if (next.kind === "gone") return failed(edit, new Problem("refused", 404, { detail: t("edit.gone") }));
      else return conflict(edit, theirs);
    }
  }
  update(() => (edit.status = "unsaved"));
}

/** @param {Edit} edit @param {FileDoc} file @param {FileDoc} theirs what it was merged with */
async function saved(edit, file, theirs) {
  const { base, change } = edit;
  update(() => edits.delete(keyOf(base)));
  fileChanged({ ...file, place: file.place ?? edit.place ?? placeFrom(base, file) });
  const merged = change.tags && theirs !== base ? t("edit.merged", { name: await whoChanged(base) }) : undefined;
  offerUndo({ text: edit.text, spoken: merged, undo: () => takeBack(base, change) });
  lookSoon();
}

/** @param {Edit} edit @param {Problem} problem */
function failed(edit, problem) {
  if (problem.isPassing) {
    update(() => (edit.status = "unsaved"));
    alertText(t("edit.unsaved"));
    return;
  }
  update(() => edits.delete(keyOf(edit.base)));
  refused(edit.base, edit.change, problem.message);
  if (problem.status === 404) refresh(edit.base).catch(() => {});
}

/** @param {Edit} edit @param {FileDoc} theirs */
async function conflict(edit, theirs) {
  const who = await whoChanged(theirs);
  update(() => Object.assign(edit, { status: "conflict", theirs, who }));
  alertText(t("edit.conflict.spoken", { name: who }));
}

/** Who changed the file last, from its history. @param {FileDoc} file */
async function whoChanged(file) {
  const asked = api(`${filePath(file)}/history`, { query: { newest: true, limit: 1 } });
  const who = await asked.then(({ data }) => data.items[0]?.who, () => ""); // the name is a courtesy
  return who || t("edit.someone");
}

/** Of a conflict: leave it as they made it. @param {FileDoc} file */
export function keepTheirs(file) {
  const edit = editOf(file);
  if (!edit?.theirs) return;
  const { theirs } = edit;
  update(() => edits.delete(keyOf(file)));
  fileChanged(theirs);
  say(t("edit.kept"));
}

/** Of a conflict: make it as I wanted. @param {FileDoc} file */
export function useMine(file) {
  const edit = editOf(file);
  if (!edit?.theirs) return;
  const { theirs } = edit;
  edit.base = theirs;
  send(edit, theirs.etag);
}

/** Drop an edit that can't be sent. @param {FileDoc} file */
export function dropEdit(file) {
  update(() => edits.delete(keyOf(file)));
}

/** Send again what could not be sent. */
export function sendUnsaved() {
  for (const edit of edits.values()) if (edit.status === "unsaved") send(edit, edit.base.etag);
}
addEventListener("online", sendUnsaved);

/** Take an edit back, unless somebody changed the same since. @param {FileDoc} base @param {Change} change */
async function takeBack(base, change) {
  const { data } = await api(filePath(base));
  const now = /** @type {FileDoc} */ (data);
  const back = change.tags ? { tags: mergedTags(change.tags, base.tags, now.tags) } : backOf(change, base);
  if (!change.tags && !holds(change, now)) throw new Error(t("edit.changed.since"));
  const answer = await api(filePath(base), { method: "PATCH", body: back, ifMatch: now.etag });
  fileChanged({ ...answer.data, place: answer.data.place ?? placeFrom(base, answer.data) });
  lookSoon();
}
