// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { openMove } from "./move.js";
import { editName, isEditingName, nameEditor } from "./name-editor.js";
import { nameOf } from "./objects.js";
import { sharePointAddress } from "./opening.js";
import { path } from "./place-path.js";
import { addressOf, may, parsed, update } from "./state.js";
import { causeSentence, helpFor, typeBox } from "./states.js";
import { duration, iso, isolated, number, t } from "./text.js";
import { deleteFiles, openAt, tell, tryNow } from "./attention-help.js";
/** @import {FileDoc} from "./types.js" */
/** @import {Group} from "./attention-groups.js" */

// One cause of one customer: the sentence, how many files, for how long, the button that helps; the files on demand.

const SHOWN = 100;
/** Causes that one answer settles for all their files. */
const FOR_ALL = new Set(["retry", "tell", "storage", "delete"]);

/** Groups whose files are shown. @type {Set<string>} */
const opened = new Set();
/** How many files of a group were asked for anew, while that goes on. @type {Map<string, number>} */
const trying = new Map();

/** @param {Group} group */
export function groupView(group) {
  const { files, key, customer } = group;
  const [first] = files;
  const help = helpFor(group.cause);
  const isOpen = opened.has(key);
  const ageS = (Date.now() - new Date(group.since).getTime()) / 1000;
  const asked = trying.get(key);
  return html`<div class="trouble-head">
      <span class="trouble-icon bad">${icon("warn")}</span>
      <div class="trouble-text">
        <h2>${causeSentence(group.cause, first)}</h2>
        <p class="meta">${iso(nameOf({ customer }, "customer"))} · ${t("attention.files", { n: files.length })} · ${duration(ageS)}</p>
        ${asked === undefined ? nothing : html`<p class="meta">${t("attention.tried", { done: number(asked), n: files.length })}</p>`}
        ${first.reason && may("administrator") && group.cause !== "other" ? html`<p class="meta" dir="auto">${first.reason}</p>` : nothing}
      </div>
      <div class="trouble-actions">
        ${help && (files.length === 1 || FOR_ALL.has(help)) ? button(help, group) : nothing}
        <button type="button" class="button quiet" aria-expanded=${isOpen} aria-controls=${isOpen ? `trouble-${key}` : nothing}
          aria-label=${t("attention.names.of", { names: t("attention.names", { n: files.length }), cause: causeSentence(group.cause, first), customer: isolated(nameOf({ customer }, "customer")) })}
          @click=${() => toggle(key)}>${icon(isOpen ? "up" : "down")} ${t("attention.names", { n: files.length })}</button>
      </div>
    </div>
    ${isOpen ? names(group, help) : nothing}`;
}

/** @param {string} key */
function toggle(key) {
  update(() => (opened.has(key) ? opened.delete(key) : opened.add(key)));
}

/** @param {Group} group @param {string | null} help */
function names({ key, files, customer, cause }, help) {
  return html`<ul class="trouble-files" id=${`trouble-${key}`}>
    ${files.slice(0, SHOWN).map((file) => html`<li>
      ${typeBox(file.name)}
      <div class="trouble-file">${isEditingName(file, "row") ? nameEditor(file) : html`<a id=${`row-${file.id}`} href=${addressOf({ ...parsed(""), file: `${file.customer}/${file.id}`, customer: file.customer, where: "needs-attention" })}>${iso(file.name)}</a>`}
        <span class="meta">${path({ customer: file.customer, project: file.project, activity: file.activity, task: file.task })}</span></div>
      ${help && files.length > 1 && help !== "tell" && help !== "storage" ? button(help, { key, cause, customer, files: [file], since: file.changedAt }, true) : nothing}
    </li>`)}
    ${files.length > SHOWN ? html`<li><a href=${addressOf({ ...parsed(""), customer, where: "needs-attention" })}>${t("attention.names.all", { n: files.length })}</a></li>` : nothing}
  </ul>`;
}

/** The button that helps. @param {string} help @param {Group} group @param {boolean} [isOne] one of several files */
function button(help, group, isOne = false) {
  const [file] = group.files;
  const name = isolated(file.name);
  const n = group.files.length;
  const look = `button ${isOne ? "small" : ""} ${help === "delete" ? "danger" : ""}`;
  const label = isOne ? t("attention.help.of", { help: t(`help.${help}`), name }) : nothing;
  const plain = (/** @type {() => void} */ act, /** @type {any} */ words = t(`help.${help}`)) =>
    html`<button type="button" class=${look} aria-label=${label} ?disabled=${trying.has(group.key)} @click=${act}>${words}</button>`;
  switch (help) {
    case "retry":
      return plain(() => void again(group));
    case "open": {
      const address = sharePointAddress(file);
      return address ? html`<a class=${look} href=${address} target="_blank" rel="noopener noreferrer" aria-label=${label}>${t("help.open")}</a>` : nothing;
    }
    case "rename":
      return plain(() => rename(group.key, file));
    case "move":
      return plain(() => openMove(file));
    case "storage":
      return html`<a class=${look} href=${addressOf({ ...parsed(""), view: "customers", customer: group.customer })}>${t("help.storage")}</a>`;
    case "tell":
      return may("administrator") ? nothing : plain(() => tell(group));
    case "delete":
      return plain(() => deleteFiles(group.files), t("attention.delete", { n }));
    default:
      return plain(() => openAt(file), t("attention.open"));
  }
}

/** In the list of its group, where its name is. @param {string} key @param {FileDoc} file */
function rename(key, file) {
  opened.add(key);
  void editName(file, "row");
}

/** @param {Group} group */
async function again(group) {
  update(() => trying.set(group.key, 0));
  try {
    await tryNow(group.files, (/** @type {number} */ done) => update(() => trying.set(group.key, done)));
  } finally {
    update(() => trying.delete(group.key));
  }
}

