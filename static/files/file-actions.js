// @ts-check
import { api, filePath, Problem } from "./api.js";
import { confirmFirst } from "./dialog.js";
import { fileChanged, hideRows, keyOf, list } from "./files.js";
import { alertText, say } from "./live.js";
import { lookSoon } from "./loading.js";
import { offerUndo } from "./recent.js";
import { unselect } from "./selection.js";
import { drawn, go, may, state } from "./state.js";
import { isolated, t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// What is done to files besides edits: delete with its undo, try again, copy the link.

const ASK_FROM = 26;
const AT_ONCE = 4;

/** Delete files; more than 25 only after asking. @param {FileDoc[]} files */
export function deleteFiles(files) {
  const wanted = files.filter((file) => file.state !== "deleted");
  if (!may("editor") || wanted.length === 0) return;
  const n = wanted.length;
  const act = () => void doDelete(wanted);
  if (n < ASK_FROM) act();
  else confirmFirst({ title: t("delete.title", { n }), text: t("delete.text"), action: t("delete.many", { n }), act });
}

/** @param {FileDoc[]} files */
async function doDelete(files) {
  const holdSeconds = state.preferences.undoSeconds;
  const focusNext = focusAfter(files);
  const putBack = hideRows(files);
  unselect(files);
  if (files.some((file) => keyOf(file) === state.query.file)) go({ file: "" });
  focusNext();
  const failed = await each(files, (file) => api(filePath(file), { method: "DELETE", query: { holdSeconds } }));
  if (failed.length === files.length) {
    putBack();
    alertText(t("delete.failed", { reason: failed[0].problem.message }));
    return;
  }
  const deleted = files.filter((file) => !failed.some((each) => each.file === file));
  if (failed.length) alertText(t("delete.some", { n: failed.length, reason: failed[0].problem.message }));
  const [{ name }] = deleted;
  const n = deleted.length;
  const text = n === 1 ? t("delete.done", { name: isolated(name) }) : t("delete.done.many", { n });
  const until = new Date(Date.now() + holdSeconds * 1000);
  offerUndo({ text, spoken: `${text} ${t("delete.spoken")}`, until, undo: () => restore(deleted, putBack) });
}

/** @param {FileDoc[]} files @param {() => void} putBack */
async function restore(files, putBack) {
  const failed = await each(files, async (file) => {
    const { data } = await api(`${filePath(file)}/restore`, { method: "POST", body: {} });
    fileChanged({ ...data, place: data.place ?? file.place });
  });
  putBack();
  lookSoon();
  if (failed.length) throw failed[0].problem;
}

/**
 * Do something with each file, some at once.
 * @param {FileDoc[]} files
 * @param {(file: FileDoc) => Promise<unknown>} act
 * @returns {Promise<{file: FileDoc, problem: Error}[]>} what failed
 */
export async function each(files, act) {
  /** @type {{file: FileDoc, problem: Error}[]} */
  const failed = [];
  const rest = [...files];
  const worker = async () => {
    for (let file = rest.shift(); file; file = rest.shift()) {
      const own = file;
      await act(own).catch((problem) => failed.push({ file: own, problem }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
}

/**
 * Where the focus goes when these rows are gone: the next row, or the one before, or the list.
 * @param {FileDoc[]} files
 */
function focusAfter(files) {
  const inList = document.activeElement?.closest("[data-key], .panel, .selection-bar");
  if (!inList) return () => {};
  const gone = new Set(files.map(keyOf));
  const last = list.rows.findLastIndex((row) => gone.has(keyOf(row)));
  const next = list.rows.slice(last + 1).find((row) => !gone.has(keyOf(row)));
  const before = list.rows.slice(0, last).findLast((row) => !gone.has(keyOf(row)));
  const id = `row-${(next ?? before)?.id ?? ""}`;
  return () => drawn().then(() => (document.getElementById(id) ?? document.getElementById("list-caption"))?.focus());
}

/** Try now what waits or is blocked. @param {FileDoc} file */
export async function tryNow(file) {
  try {
    const { data } = await api(`${filePath(file)}/retry`, { method: "POST", body: {} });
    fileChanged({ ...data, place: data.place ?? file.place });
    say(t("retry.done"));
    lookSoon();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    alertText(t("retry.failed", { reason: problem.message }));
  }
}

/** @param {string} text @param {string} said */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said);
  } catch {
    alertText(t("copy.failed"));
  }
}
