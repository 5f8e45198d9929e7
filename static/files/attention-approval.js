// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { Problem, api, seg } from "./api.js";
import { answered, lookAgain } from "./attention-found.js";
import { closeDialog, openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { say } from "./live.js";
import { nameOf } from "./objects.js";
import { sharePointAddress } from "./opening.js";
import { path } from "./place-path.js";
import { may, update } from "./state.js";
import { iso, isolated, moment, size, t, tt, when } from "./text.js";
/** @import {Approval} from "./attention-groups.js" */

// A library from which too much vanished at once: which files, and a person's answer. Approving repeats the number that
// was shown, so that nobody agrees to more than was seen; nothing happens by default.

/** @typedef {{id: string, name: string, project: string | null, activity: string | null, task: string | null, link: string | null, sizeBytes: number | null, modifiedAt: string | null, modifiedBy: string | null}} Doomed */

const PAGE = 100;

/** @typedef {{approval: Approval, files: Doomed[], nextPage: string | undefined, isRead: boolean, isBusy: boolean, problem: string}} Review */

/** @param {Approval} approval */
export function approvalView(approval) {
  const { customer, files, libraryFiles, since } = approval;
  const name = nameOf({ customer }, "customer");
  return html`<div class="trouble-head">
    <span class="trouble-icon bad">${icon("stop")}</span>
    <div class="trouble-text">
      <h2>${tt("attention.vanished", { files, n: libraryFiles, name: iso(name) })}</h2>
      <p class="meta">${t("attention.vanished.safe", { time: since ? moment(since) : "" })}</p>
    </div>
    <div class="trouble-actions">
      <button type="button" class="button" aria-label=${t("attention.review.of", { name: isolated(name) })} @click=${() => review(approval)}>${t("attention.review")}</button>
    </div>
  </div>`;
}

/** @param {Approval} approval */
function review(approval) {
  const { customer, files, libraryFiles } = approval;
  /** @type {Review} */
  const own = { approval, files: [], nextPage: undefined, isRead: false, isBusy: false, problem: "" };
  openDialog({
    title: () => t("attention.vanished", { files, n: libraryFiles, name: isolated(nameOf({ customer }, "customer")) }),
    body: () => body(own),
    foot: () => foot(own),
  });
  void more(own);
}

/** Read the next page of names. @param {Review} own */
async function more(own) {
  await attempt(own, async () => {
    const { data } = await api(`customers/${seg(own.approval.customer)}/library/deletions`, { query: { limit: PAGE, page: own.nextPage } });
    update(() => Object.assign(own, { files: [...own.files, ...data.items], nextPage: data.nextPage, isRead: true }));
  });
}

/** @param {Review} own @param {() => Promise<void>} action */
async function attempt(own, action) {
  update(() => Object.assign(own, { isBusy: true, problem: "" }));
  try {
    await action();
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    update(() => (own.problem = failure.message));
    // More vanished meanwhile: what is on the screen is no longer what would happen.
    if (failure.status === 409) lookAgain();
  } finally {
    update(() => (own.isBusy = false));
  }
}

/** @param {Review} own @param {"approve" | "dismiss"} answer */
function give(own, answer) {
  void attempt(own, async () => {
    const { customer, files } = own.approval;
    await api(`customers/${seg(customer)}/library/${answer}`, { method: "POST", body: { files } });
    closeDialog();
    answered(own.approval);
    say(t(`attention.${answer}.said`, { n: files }));
  });
}

/** @param {Review} own */
function body(own) {
  const { approval, files, nextPage, isBusy, problem } = own;
  return html`<p>${t("attention.review.why")}</p>
    <div class="doomed-box" tabindex="0" role="region" aria-labelledby="dialog-title">
      <table class="doomed"><caption class="unseen">${t("attention.review.caption", { n: approval.files })}</caption>
        <thead><tr><th scope="col">${t("attention.column.name")}</th><th scope="col">${t("attention.column.size")}</th><th scope="col">${t("attention.column.editor")}</th></tr></thead>
        <tbody>${files.map((file) => row(approval.customer, file))}</tbody></table>
      ${isBusy && !own.isRead ? html`<p class="hint">${t("attention.loading")}</p>` : nothing}
      ${nextPage ? html`<button type="button" class="button small" ?disabled=${isBusy} @click=${() => more(own)}>${t("attention.review.more", { n: approval.files - files.length })}</button>` : nothing}
    </div>
    ${problem ? html`<p class="error" role="alert">${icon("bad")}<span dir="auto">${problem}</span></p>` : nothing}
    ${may("administrator") ? nothing : html`<p class="aside-note">${icon("info")}<span>${t("attention.review.reader")}</span></p>`}`;
}

/** @param {Review} own */
function foot(own) {
  const { approval, files, isRead, isBusy } = own;
  const bin = recycleBin(files);
  return html`${bin ? html`<a class="button" href=${bin} target="_blank" rel="noopener noreferrer">${icon("open")} ${t("attention.bin")}</a>` : nothing}
    ${may("administrator")
      ? html`<button type="button" class="button danger" ?disabled=${isBusy || !isRead} @click=${() => give(own, "approve")}>${t("attention.approve", { n: approval.files })}</button>
        <button type="button" class="button primary" data-first ?disabled=${isBusy && isRead} @click=${() => give(own, "dismiss")}>${t("attention.dismiss")}</button>`
      : nothing}`;
}

/** @param {string} customer @param {Doomed} file */
function row(customer, file) {
  return html`<tr>
    <th scope="row">${iso(file.name)}<div class="meta">${path({ customer, project: file.project, activity: file.activity, task: file.task })}</div></th>
    <td class="number">${size(file.sizeBytes)}</td>
    <td>${file.modifiedBy ? iso(file.modifiedBy) : nothing} <span class="meta">${file.modifiedAt ? when(file.modifiedAt) : nothing}</span></td>
  </tr>`;
}

/** The recycle bin of the files' site, from the address of one of them. @param {Doomed[]} files */
function recycleBin(files) {
  const address = files.map((file) => sharePointAddress(/** @type {any} */ (file))).find((each) => each);
  const site = address && /^\/(?:sites|teams)\/[^/]+/.exec(new URL(address).pathname);
  return site ? new URL(`${site[0]}/_layouts/15/RecycleBin.aspx`, address).href : null;
}
