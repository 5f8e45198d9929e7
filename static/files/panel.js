// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import "./text-panel.js";
import { api, Problem, seg } from "./api.js";
import { conflictNote } from "./conflict.js";
import { editOf, shownFile } from "./edits.js";
import { deleteFiles } from "./file-actions.js";
import { fileMenu } from "./file-menu.js";
import { keyOf, list, onFileChanged, placeFrom } from "./files.js";
import { helpButton } from "./help.js";
import { historyView, loadHistory } from "./history.js";
import { icon } from "./icons.js";
import { openMove } from "./move.js";
import { editName, isEditingName, nameEditor } from "./name-editor.js";
import { addressOfContent, openText } from "./opening.js";
import { details, panelTitle, sectionTitle } from "./panel-parts.js";
import { button, iconButton } from "./parts.js";
import { watch } from "./poll.js";
import { notes } from "./row.js";
import { drawn, go, may, state, update } from "./state.js";
import { badge, canBeUndone, isMoving, secondLine, typeBox } from "./states.js";
import { tagEditor } from "./tag-editor.js";
import { t } from "./text.js";
import { whySentence } from "./why.js";
/** @import {FileDoc} from "./types.js" */
/** @import {Watch} from "./poll.js" */

// The panel of one file, beside the list or, on a phone, in its place.

/** @type {{key: string, file: FileDoc | null, problem: Problem | null}} */
const open = { key: "", file: null, problem: null };
/** @type {AbortController | null} */
let reading = null;
/** @type {Watch | null} */
let watching = null;

/** The address names another file, or none. @param {string} key `customer/id` */
export async function enterPanel(key) {
  const before = open.key;
  reading?.abort();
  watching?.stop();
  watching = null;
  const stored = list.rows.find((row) => keyOf(row) === key) ?? null;
  update(() => Object.assign(open, { key, file: stored, problem: null }));
  if (!key) return focusRow(before);
  const own = (reading = new AbortController());
  watching = watch(look, () => Boolean(open.file && isMoving(open.file)));
  drawn().then(() => document.getElementById("panel-title")?.focus({ preventScroll: true }));
  await Promise.all([read(own.signal), stored ? loadHistory(stored, own.signal) : null]);
}

/** @param {AbortSignal} signal */
async function read(signal) {
  const [customer, id] = open.key.split("/");
  try {
    const { data } = await api(`customers/${seg(customer)}/files/${seg(id ?? "")}`, { query: { include: "place" }, signal });
    const isNews = !open.file || open.file.changedAt !== data.changedAt || open.file.state !== data.state;
    update(() => Object.assign(open, { file: data, problem: null }));
    if (isNews) await loadHistory(data, signal);
  } catch (problem) {
    if (signal.aborted) return;
    if (!(problem instanceof Problem)) throw problem;
    update(() => (open.problem = problem));
    if (problem.isPassing) throw problem;
  }
}

/** @param {AbortSignal} signal */
async function look(signal) {
  // A row of the list is looked at there; its news comes through onFileChanged or stands in the row.
  const inList = list.rows.find((row) => keyOf(row) === open.key);
  if (!inList || state.query.view) return read(signal);
  if (inList.changedAt !== open.file?.changedAt || inList.state !== open.file?.state) {
    update(() => (open.file = inList));
    await loadHistory(inList, signal);
  }
}

onFileChanged((file) => {
  if (keyOf(file) !== open.key) return;
  open.file = { ...file, place: file.place ?? (open.file ? placeFrom(open.file, file) : undefined) };
  loadHistory(file, reading?.signal ?? new AbortController().signal).catch(() => {});
});

/** @param {string} key of the file whose panel was closed */
async function focusRow(key) {
  await drawn();
  if (document.activeElement && document.activeElement !== document.body) return;
  const row = document.getElementById(`row-${key.split("/")[1]}`);
  (row ?? document.getElementById("list-caption"))?.focus({ preventScroll: true });
}

/** @returns {boolean} whether one was open */
export function closePanel() {
  if (!state.query.file) return false;
  go({ file: "" });
  return true;
}

/** The panel of the file in the address. */
export function panel() {
  const { file: stored, problem } = open;
  const file = stored ? shownFile(stored) : null;
  // The title is one element from the start, for it has the focus.
  return html`<section class="panel" aria-labelledby="panel-title">
    <div class="panel-head">
      ${file && stored && isEditingName(file, "panel")
        ? nameEditor(stored)
        : [file ? typeBox(file.name) : nothing, panelTitle(file ? file.name : instead(problem))]}
      ${tools()}
    </div>
    ${file && stored ? content(file, stored) : nothing}
  </section>`;
}

/** @param {FileDoc} file as it is shown @param {FileDoc} stored */
function content(file, stored) {
  const second = secondLine(file);
  return html`
    ${editOf(file)?.status === "saving" ? html`<p class="note">${t("edit.saving")}</p>` : notes(file)}
    ${conflictNote(file)}
    <div class="panel-state">
      ${badge(file)} ${second ? html`<p dir="auto">${second}</p>` : nothing}
      ${file.reason && file.cause ? reason(file.reason) : nothing} ${helpButton(file)}
    </div>
    ${actions(file, stored)}
    <section class="panel-section" aria-labelledby="why-title">
      ${sectionTitle("why-title", t("why.title"))} ${whySentence(file)} ${details(file)}
    </section>
    <section class="panel-section" aria-labelledby="tags-title">
      ${sectionTitle("tags-title", t("tags.title"))} ${tagEditor(file, stored)}
    </section>
    ${historyView(file)}
  `;
}

/** @param {FileDoc} file @param {FileDoc} stored */
function actions(file, stored) {
  const address = addressOfContent(file);
  const canEdit = may("editor") && file.state !== "deleted";
  return html`<div class="panel-actions">
    ${address ? openLink(address, file) : nothing}
    ${canEdit
      ? [
          button(t("menu.rename"), () => editName(stored, "panel")),
          button(t("menu.move"), () => openMove(stored)),
          button(t("menu.delete"), () => deleteFiles([stored])),
        ]
      : nothing}
    ${canBeUndone(file) && may("editor") ? nothing : fileMenu(file, "panel")}
  </div>`;
}

/** @param {string} address @param {FileDoc} file */
function openLink(address, file) {
  return html`<a class="button primary" href=${address} target="_blank" rel="noopener noreferrer">
    ${icon("open")}${openText(file)}
  </a>`;
}

/** The server's own words, in English. @param {string} text */
function reason(text) {
  return html`<details class="meta">
    <summary>${t("panel.reason")}</summary>
    <p dir="auto" lang="en">${text}</p>
  </details>`;
}

/** Previous, next, close. */
function tools() {
  const at = list.rows.findIndex((row) => keyOf(row) === open.key);
  const step = (/** @type {number} */ by, /** @type {string} */ name, /** @type {string} */ label) => {
    const to = at < 0 ? undefined : list.rows[at + by];
    return iconButton(label, name, () => to && go({ file: keyOf(to) }, { replace: true }), !to);
  };
  return html`<span class="panel-tools">
    ${step(-1, "up", t("panel.previous"))}${step(1, "down", t("panel.next"))}
    ${iconButton(t("panel.close"), "close", closePanel)}
  </span>`;
}

/** What the title says while there is no file. @param {Problem | null} problem */
function instead(problem) {
  if (!problem) return t("panel.loading");
  if (problem.status === 404) return t("panel.missing");
  return problem.status === 403 ? t("list.forbidden") : t("panel.failed");
}
