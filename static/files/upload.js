// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { alertText, say } from "./live.js";
import { isolated, t } from "./text.js";
import "./text-upload.js";
import { dropSheet, listen } from "./upload-drop.js";
import { follow } from "./upload-follow.js";
import { keptFor } from "./upload-kept.js";
import { addUploads, onUpload, recallUploads, uploads } from "./upload-queue.js";
import { reviewed } from "./upload-review.js";
import { placeOfList } from "./upload-target.js";
import { trayView } from "./upload-tray.js";
import { askPlace } from "./upload-where.js";
/** @import {PlaceIds, State} from "./types.js" */
/** @import {Chosen} from "./upload-drop.js" */
/** @import {Upload} from "./upload-queue.js" */

// Uploads: files come in by button, drop or paste; the place is known before any byte goes; the tray shows the rest.

const INPUT = "upload-input";
/** What the open file chooser is for. @type {{target: PlaceIds | null, again: Upload | null}} */
let choosing = { target: null, again: null };

/** The tray of uploads, below every place, and what belongs to it. @param {State} _current */
export function uploadTray(_current) {
  return html`
    <input id=${INPUT} type="file" multiple hidden @change=${picked} />
    ${dropSheet()} ${trayView({ chooseAgain })}
  `;
}

/** Open the file chooser for a place; null: ask for one first. @param {PlaceIds | null} target */
export function pickFiles(target) {
  choose({ target, again: null });
}

/** @param {Upload} upload */
function chooseAgain(upload) {
  choose({ target: null, again: upload });
}

/** @param {typeof choosing} purpose */
function choose(purpose) {
  choosing = purpose;
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(INPUT));
  if (!input) return;
  input.multiple = !purpose.again;
  input.click();
}

/** @param {Event} event */
function picked(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const chosen = [...(input.files ?? [])].map((file) => ({ file, isInFolder: false }));
  // The same file chosen once more is a new choice.
  input.value = "";
  if (!chosen.length) return;
  const { target, again } = choosing;
  if (again) void goOn(chosen, again);
  else void offer(chosen, target);
}

/** @param {Chosen[]} chosen @param {Upload} upload an interrupted one */
async function goOn(chosen, upload) {
  if (keptFor(chosen[0].file, upload.target)?.key === upload.key) {
    addUploads([chosen[0].file], upload.target);
    return;
  }
  say(t("upload.other-file", { name: isolated(upload.name) }));
  await start(chosen, upload.target);
}

/** @param {Chosen[]} chosen @param {PlaceIds | null} target */
async function offer(chosen, target) {
  const ids = target ?? (await askPlace(chosen.length));
  if (ids) await start(chosen, ids);
}

/** @param {Chosen[]} chosen @param {PlaceIds} place */
async function start(chosen, place) {
  await reviewed(chosen, place, (files) => {
    say(t("upload.said.started", { n: files.length }));
    addUploads(files, place);
  });
}

onUpload((kind, upload) => {
  if (kind === "failed") alertText(t("upload.said.failed", { name: isolated(upload.name) }));
  if (kind !== "sent") return;
  follow(upload);
  const isLast = !uploads.list.some((each) => each.step === "queued" || each.step === "sending");
  if (isLast) say(t("upload.said.done", { n: uploads.list.filter((each) => each.step === "sent").length }));
});

listen((chosen) => void offer(chosen, placeOfList()));

addEventListener("beforeunload", (event) => {
  if (uploads.list.some((each) => each.step === "queued" || each.step === "sending")) event.preventDefault();
});

recallUploads();
