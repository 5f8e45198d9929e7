// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { closeDialog, openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { pathText } from "./place-path.js";
import { may, update } from "./state.js";
import { size, t } from "./text.js";
import "./text-sync.js";
import { closed, dialog, makePlan, openFor, restart } from "./sync-dialog.js";
import { planStep } from "./sync-plan.js";
import { resultStep, runningStep } from "./sync-running.js";
/** @import {View} from "./types.js" */
/** @import {Option, Step, Sync} from "./sync-dialog.js" */

// The cloud button's dialog: which way, what would be done, doing it, what came of it.

/** Open it for a customer or project. @param {{customer: string, project?: string | null}} target */
export function openSync(target) {
  void openFor(target);
  const sync = /** @type {Sync} */ (dialog.open);
  openDialog({
    title: () => t("sync.title", { place: pathText(sync.scope) }),
    body: () => html`<div class="sync">${STEPS[sync.step](sync)}</div>`,
    closed,
  });
}

/** @type {Record<Step, (sync: Sync) => View>} */
const STEPS = {
  loading: () => html`${heading(t("sync.step.direction"))}<p class="hint" role="status">${t("sync.loading")}</p>`,
  choose,
  planning: (sync) => html`${heading(t("sync.step.plan"))}
    <p role="status">${t("sync.planning")}</p><progress aria-label=${t("sync.step.plan")}></progress>
    ${sync.known ? outdated() : nothing}${actions()}`,
  plan: (sync) => html`${heading(t("sync.step.plan.made"))}${sync.known ? outdated() : nothing}${planStep(sync)}`,
  running: (sync) => html`${heading(t("sync.step.running"))}${runningStep(sync)}`,
  result: (sync) => html`${heading(t("sync.step.result"))}${resultStep(sync)}`,
  failed: (sync) => html`${heading(t("sync.step.failed"))}
    <p role="alert">${sync.problem}</p><p>${t("sync.failed.safe")}</p>
    ${actions(html`<button type="button" class="button primary" @click=${() => restart(sync)}>${t("sync.again")}</button>`)}`,
};

/** @param {string} words */
function heading(words) {
  return html`<h3 id="sync-step" tabindex="-1">${words}</h3>`;
}

function outdated() {
  return html`<p class="aside-note">${icon("info")}<span>${t("sync.outdated")}</span></p>`;
}

/** @param {View} [more] */
function actions(more = nothing) {
  return html`<div class="dialog-foot">
    <button type="button" class="button" @click=${closeDialog}>${t("cancel")}</button>${more}
  </div>`;
}

/** @param {Sync} sync */
function choose(sync) {
  const { options } = sync;
  const toSharePoint = options.find((each) => each.direction === "to-sharepoint");
  if (!options.length) return html`${heading(t("sync.step.direction"))}<p>${t("sync.nothing")}</p>${actions()}`;
  return html`<form @submit=${(/** @type {Event} */ event) => planned(event, sync)}>
    ${heading(t("sync.step.direction"))}
    ${toSharePoint ? nothing : html`<p>${t("sync.all-there")}</p>`}
    <fieldset class="choices"><legend class="unseen">${t("sync.step.direction")}</legend>
      ${options.map((each) => radio(sync, each))}
    </fieldset>
    <p class="hint">${t("sync.plan-first")}</p>
    ${may("editor") ? nothing : html`<p class="aside-note">${icon("info")}<span>${t("sync.reader")}</span></p>`}
    ${actions(html`<button class="button primary" ?disabled=${!may("editor")}>${t("sync.make-plan")}</button>`)}
  </form>`;
}

/** @param {Sync} sync @param {Option} option */
function radio(sync, option) {
  const waiting = option.direction === "to-sharepoint"
    ? html`<span class="meta">${t(option.isExact ? "sync.waiting" : "sync.waiting.more", { n: option.files ?? 0, size: size(option.sizeBytes ?? 0) })}</span>`
    : html`<span class="meta">${t("sync.from.why")}</span>`;
  return html`<label class="choice">
    <input type="radio" name="direction" value=${option.direction} .checked=${sync.direction === option.direction}
      @change=${() => update(() => (sync.direction = option.direction))} />
    <span><span>${t(`runs.direction.${option.direction}`)}</span> ${waiting}</span>
  </label>`;
}

/** @param {Event} event @param {Sync} sync */
function planned(event, sync) {
  event.preventDefault();
  void makePlan(sync);
}
