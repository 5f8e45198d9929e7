// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { approvalView } from "./attention-approval.js";
import { givenUpView } from "./attention-given-up.js";
import { groupView } from "./attention-group.js";
import { found, lookAgain, startLooking, stopLooking } from "./attention-found.js";
import { grouped } from "./attention-groups.js";
import { clock, t } from "./text.js";
import "./text-attention.js";
/** @import {State} from "./types.js" */
/** @import {Problem} from "./api.js" */

// Needs attention: what waits for a person, oldest first, each with the one button that helps.

/** The place was entered. */
export const enter = startLooking;
/** The place was left. */
export const leave = stopLooking;

/** @param {State} _current */
export function view(_current) {
  const groups = grouped(found.files);
  const isEmpty = !groups.length && !found.approvals.length && !found.givenUp.length;
  return html`<div class="page-head"><h1 id="attention-title" tabindex="-1">${t("place.attention")}</h1>
      ${found.checkedAt && !isEmpty ? html`<span class="hint">${t("attention.checked", { time: clock(found.checkedAt) })}</span>` : nothing}</div>
    ${found.problem ? unread(found.problem) : nothing}
    ${isEmpty ? empty() : nothing}
    <ul class="troubles">
      ${repeat(found.approvals, (each) => each.customer, (each) => html`<li class="trouble">${approvalView(each)}</li>`)}
      ${repeat(groups, (each) => each.key, (each) => html`<li class="trouble">${groupView(each)}</li>`)}
    </ul>
    ${found.isAll ? nothing : html`<p class="hint">${t("attention.more", { n: found.files.length })}</p>`}
    ${found.givenUp.length ? givenUpView(found.givenUp) : nothing}`;
}

function empty() {
  if (found.problem) return nothing;
  return html`<div class="blank"><p role="status">${found.checkedAt ? t("attention.none", { time: clock(found.checkedAt) }) : t("attention.loading")}</p></div>`;
}

/** @param {Problem} problem */
function unread(problem) {
  return html`<div class="bar warn"><span class="bar-text">${t("attention.unread")}
    ${problem.reference ? t("attention.reference", { id: problem.reference }) : nothing}</span>
    <button type="button" class="button" @click=${lookAgain}>${t("attention.again")}</button></div>`;
}
