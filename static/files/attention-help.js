// @ts-check
import { api, filePath } from "./api.js";
import { lookAgain, settled } from "./attention-found.js";
import { confirmFirst } from "./dialog.js";
import { copy, each } from "./file-actions.js";
import { fileChanged } from "./files.js";
import { alertText, say } from "./live.js";
import { nameOf } from "./objects.js";
import { offerUndo } from "./recent.js";
import { addressOf, go, parsed, state } from "./state.js";
import { causeSentence } from "./states.js";
import { isolated, t } from "./text.js";
/** @import {FileDoc} from "./types.js" */
/** @import {Group} from "./attention-groups.js" */

// What the buttons of Needs attention do.

const ASK_FROM = 26;

/** Have files tried again now. @param {FileDoc[]} files @param {(done: number) => void} progress */
export async function tryNow(files, progress) {
  let done = 0;
  const failed = await each(files, async (file) => {
    const { data } = await api(`${filePath(file)}/retry`, { method: "POST" });
    fileChanged(data);
    if (data.state !== "blocked") settled(data);
    progress((done += 1));
  });
  if (failed.length) alertText(t("attention.not-tried", { reason: failed[0].problem.message }));
  else say(t("attention.trying", { n: files.length }));
  lookAgain();
}

/** Delete files, with undo as everywhere; many only after asking. @param {FileDoc[]} files */
export function deleteFiles(files) {
  const n = files.length;
  if (n < ASK_FROM) void doDelete(files);
  else confirmFirst({ title: t("delete.title", { n }), text: t("delete.text"), action: t("delete.many", { n }), act: () => void doDelete(files) });
}

/** @param {FileDoc[]} files */
async function doDelete(files) {
  const holdSeconds = state.preferences.undoSeconds;
  const failed = await each(files, async (file) => {
    await api(filePath(file), { method: "DELETE", query: { holdSeconds } });
    settled(file);
  });
  if (failed.length) alertText(failed[0].problem.message);
  const gone = files.filter((file) => !failed.some((one) => one.file === file));
  if (!gone.length) return;
  const text = gone.length === 1 ? t("attention.deleted", { name: isolated(gone[0].name) }) : t("attention.deleted.many", { n: gone.length });
  offerUndo({ text, until: new Date(Date.now() + holdSeconds * 1000), undo: () => restore(gone) });
}

/** @param {FileDoc[]} files */
async function restore(files) {
  for (const file of files) fileChanged((await api(`${filePath(file)}/restore`, { method: "POST" })).data);
  lookAgain();
}

/** Open the file's panel over its customer's list. @param {FileDoc} file */
export function openAt(file) {
  go({ ...parsed(""), customer: file.customer, where: "needs-attention", file: `${file.customer}/${file.id}` });
}

/** What an administrator needs to know, on the clipboard for a message. @param {Group} group */
export function tell({ cause, customer, files }) {
  const name = nameOf({ customer }, "customer");
  const address = new URL(addressOf({ ...parsed(""), view: "attention" }), location.href).href;
  const lines = [causeSentence(cause, files[0]), t("attention.told.files", { n: files.length, name }), files[0].reason, address];
  void copy(lines.filter(Boolean).join("\n"), t("help.told"));
}
