// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { icon } from "./icons.js";
import { path } from "./place-path.js";
import { go, update } from "./state.js";
import { badge, badgeOf, secondLine, typeBox } from "./states.js";
import { duration, iso, isolated, percent, size, t, tt } from "./text.js";
import { cancel, remove, retry, uploads } from "./upload-queue.js";
/** @import {View} from "./types.js" */
/** @import {Upload} from "./upload-queue.js" */

// The tray at the bottom: every upload of this page until it is cleared, one line each, in two steps: its bytes, then
// its way to where it belongs.

const OVER = new Set(["done", "cancelled"]);
const NEEDS_PERSON = new Set(["failed", "kept"]);

/** @param {{chooseAgain: (upload: Upload) => void}} actions @returns {View} */
export function trayView(actions) {
  const { list, isOpen } = uploads;
  if (!list.length) return nothing;
  const canCancel = list.some((each) => each.step === "queued" || each.step === "sending");
  return html`<section class="tray" aria-labelledby="tray-title">
    <div class="tray-head">
      <h2 id="tray-title" tabindex="-1">${summary(list)}</h2>
      ${canCancel ? html`<button class="button quiet" @click=${cancelAll}>${t("upload.cancel-all")}</button>` : nothing}
      ${list.some((each) => OVER.has(each.step))
        ? html`<button class="button quiet" @click=${clear}>${t("upload.clear")}</button>`
        : nothing}
      <button class="button quiet square" aria-expanded=${isOpen} aria-controls="tray-list" @click=${toggle}
        aria-label=${t(isOpen ? "upload.hide" : "upload.show")}>${icon(isOpen ? "down" : "up")}</button>
    </div>
    <ul id="tray-list" class="tray-list" ?hidden=${!isOpen} tabindex="0" aria-labelledby="tray-title">
      ${isOpen ? repeat(list, (each) => each.key, (each) => line(each, actions)) : nothing}
    </ul>
  </section>`;
}

/** @param {Upload[]} list */
function summary(list) {
  const done = list.filter((each) => each.step === "done").length;
  const moving = list.filter((each) => each.step === "sent").length;
  const needs = list.filter((each) => NEEDS_PERSON.has(each.step) || each.record?.state === "blocked").length;
  const total = list.filter((each) => each.step !== "cancelled").length;
  const parts = [t("upload.summary", { done, n: total })];
  if (moving) parts.push(t("upload.on-the-way", { n: moving }));
  if (needs) parts.push(t("upload.need-you", { n: needs }));
  return parts.join(", ");
}

/** @param {Upload} upload @param {{chooseAgain: (upload: Upload) => void}} actions */
function line(upload, actions) {
  return html`<li class="tray-line">
    ${typeBox(upload.name)}
    <div class="tray-name">
      ${upload.fileId && (upload.step === "sent" || upload.step === "done")
        ? html`<a href="#" @click=${(/** @type {Event} */ event) => show(event, upload)}>${iso(upload.record?.name ?? upload.name)}</a>`
        : iso(upload.name)}
      <span class="meta">${path(upload.target)}</span>
    </div>
    <div class="tray-state">${stateOf(upload)}</div>
    <div class="tray-actions">${buttons(upload, actions)}</div>
  </li>`;
}

/** @param {Upload} upload @returns {View} */
function stateOf(upload) {
  const name = iso(upload.name);
  const done = upload.sizeBytes ? upload.sentBytes / upload.sizeBytes : 0;
  switch (upload.step) {
    case "queued":
      return badgeOf("neutral", "clock", t("upload.queued"));
    case "sending":
      return html`<progress max=${Math.max(1, upload.sizeBytes)} .value=${upload.sentBytes}
          aria-label=${t("upload.progress-of", { name: isolated(upload.name) })}></progress>
        <span class="meta">${upload.isOffline
          ? tt("upload.stopped", { name, percent: percent(done) })
          : progressText(upload, done)}</span>`;
    case "failed":
      return html`${badgeOf("bad", "warn", t("upload.not-uploaded"))}
        <span class="meta">${tt(`upload.failed.${upload.fault?.kind}`, { name, detail: upload.fault?.detail ?? "" })}
        ${upload.fault?.reference ? t("upload.reference", { id: upload.fault.reference }) : nothing}</span>`;
    case "cancelled":
      return badgeOf("neutral", "close", t("upload.cancelled"));
    case "kept":
      return html`${badgeOf("warn", "pause", t("upload.interrupted"))}<span class="meta">${t("upload.choose-again.why")}</span>`;
    default:
      return upload.record
        ? html`${badge(arrived(upload))}<span class="meta">${secondLine(arrived(upload))}</span>`
        : badgeOf("neutral", "bin", t("state.gone"));
  }
}

/** Its bytes are there, even where the record does not know it yet. @param {Upload} upload */
function arrived(upload) {
  const record = /** @type {NonNullable<Upload["record"]>} */ (upload.record);
  return record.state === "expected" ? { ...record, state: /** @type {const} */ ("waiting"), cause: null } : record;
}

/** @param {Upload} upload @param {number} done */
function progressText(upload, done) {
  const words = t("upload.so-far", { percent: percent(Math.floor(done * 100) / 100), sent: size(upload.sentBytes), size: size(upload.sizeBytes) });
  const left = secondsLeft(upload);
  return left === null ? words : `${words}, ${t("upload.left", { time: duration(left) })}`;
}

/** From the last ten seconds; null until there is enough to tell. @param {Upload} upload */
function secondsLeft({ pace, sizeBytes, sentBytes }) {
  const first = pace[0];
  const last = pace.at(-1);
  if (!first || !last || last.at - first.at < 2000 || last.bytes <= first.bytes) return null;
  return Math.max(1, ((sizeBytes - sentBytes) * (last.at - first.at)) / 1000 / (last.bytes - first.bytes));
}

/** @param {Upload} upload @param {{chooseAgain: (upload: Upload) => void}} actions */
function buttons(upload, actions) {
  const name = isolated(upload.name);
  const button = (/** @type {string} */ action, /** @type {() => void} */ act) =>
    html`<button type="button" class="button small" aria-label=${t(`upload.${action}.of`, { name })} @click=${act}>${t(`upload.${action}`)}</button>`;
  const removal = button("remove", () => refocused(() => remove(upload)));
  switch (upload.step) {
    case "queued":
    case "sending":
      return button("cancel", () => refocused(() => void cancel(upload)));
    case "failed":
      return [button("again", () => refocused(() => retry(upload))), removal];
    case "cancelled":
      return [button("again", () => refocused(() => retry(upload))), removal];
    case "kept":
      return [button("choose-again", () => actions.chooseAgain(upload)), removal];
    default:
      return nothing;
  }
}

/** The button goes with what it did; the focus must not fall to the body. @param {() => void} act */
function refocused(act) {
  document.getElementById("tray-title")?.focus();
  act();
}

/** @param {Event} event @param {Upload} upload */
function show(event, upload) {
  event.preventDefault();
  go({ file: `${upload.target.customer}/${upload.fileId}` });
}

function toggle() {
  update(() => (uploads.isOpen = !uploads.isOpen));
}

function clear() {
  refocused(() => update(() => (uploads.list = uploads.list.filter((each) => !OVER.has(each.step)))));
}

function cancelAll() {
  refocused(() => {
    for (const each of uploads.list) if (each.step === "queued" || each.step === "sending") void cancel(each);
  });
}
