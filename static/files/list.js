// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import "./text-list.js";
import { Problem } from "./api.js";
import { clearFilters, filterCount, listPart } from "./asking.js";
import { chipLine } from "./chips.js";
import { list } from "./files.js";
import { filterButtons } from "./filters.js";
import { keyPressed } from "./keys.js";
import { load, startWatching, stopWatching } from "./loading.js";
import { KINDS, nameOf } from "./objects.js";
import { pager } from "./pager.js";
import { bar, blank, button, crumbs } from "./parts.js";
import { undoBar } from "./recent.js";
import { searchBox } from "./searching.js";
import { clearSelection } from "./selection.js";
import { selectionBar } from "./selection-bar.js";
import { go, may, parsed, state } from "./state.js";
import { table } from "./table.js";
import { iso, t, tt } from "./text.js";
import { pickFiles } from "./upload.js";
/** @import {PlaceIds, Query, State, View} from "./types.js" */

// The place Files: search, filters, list.

/** @param {State} current @returns {View} */
export function view(current) {
  return html`${heading(current)} ${attentionBar(current)}
    <div class="find">${searchBox()}${filterButtons()}</div>
    ${chipLine()} ${undoBar(current)} ${stateBars(current)} ${selectionBar()} ${body()}`;
}

/** @param {State} current */
function heading({ query }) {
  const { customer, project } = query;
  const { activity, task } = query;
  const target = customer ? /** @type {PlaceIds} */ ({ customer, project, activity, task }) : null;
  const names = target ? KINDS.filter((kind) => target[kind]).map((kind) => nameOf(target, kind)) : [];
  return html`<div class="heading">
    <h1 id="place-title">${t("place.files")}</h1>
    ${target ? html`<p class="crumbs">${crumbs(names)}</p>` : nothing}
    <span class="spread"></span>
    ${target && may("editor")
      ? button(t("list.sync"), () => sync({ customer, project: project || null }), { icon: "cloud" })
      : nothing}
    ${may("editor")
      ? button(t("list.upload"), () => pickFiles(target), { look: "primary", icon: "upload" })
      : nothing}
  </div>`;
}

/** @param {{customer: string, project: string | null}} target */
async function sync(target) {
  const { openSync } = await import("./sync.js");
  openSync(target);
}

/** @param {State} current */
function attentionBar(current) {
  if (!current.attention || current.query.where === "needs-attention") return nothing;
  const shown = () => go({ ...parsed(""), view: "attention" });
  return bar("bad", t("list.attention", { n: current.attention }), button(t("list.attention.show"), shown));
}

/** @param {State} current */
function stateBars(current) {
  const isBusy = list.phase === "busy" || list.phase === "first";
  return [
    list.note ? bar("info", list.note) : nothing,
    isBusy && list.isSlow ? bar("info", t("list.slow")) : nothing,
    list.phase === "failed" && list.rows.length && current.isOnline ? bar(...failure(), again()) : nothing,
  ];
}

/** Why the list could not be read: how bad, and in words. @returns {["warn" | "bad", View]} */
function failure() {
  const problem = list.problem instanceof Problem ? list.problem : null;
  if (problem?.status === 403) return ["warn", t("list.forbidden")];
  if (problem && isAskedWrongly(problem)) return ["warn", html`<span dir="auto">${problem.detail}</span>`];
  const reference = problem?.reference ? ` ${t("list.reference", { id: problem.reference })}` : "";
  return ["bad", t("list.failed") + reference];
}

/** Another filter helps, trying again does not. @param {Problem} problem */
function isAskedWrongly({ status }) {
  return status === 400 || status === 404;
}

function again() {
  const isWrong = list.problem instanceof Problem && isAskedWrongly(list.problem);
  return isWrong ? button(t("list.nomatch.clear"), clearFilters) : button(t("list.again"), () => load());
}

/** The table, or what stands in its place. */
function body() {
  const isEmpty = list.rows.length === 0;
  if (isEmpty && list.phase === "failed") {
    return state.isOnline ? blank("bad", failure()[1], again()) : blank("cloud", t("list.offline"), again());
  }
  if (isEmpty && list.phase === "ready" && !list.newcomers.length) return empty();
  return html`${table()}${pager()}`;
}

function empty() {
  const n = filterCount(state.query);
  const { q } = state.query;
  if (!n && !q && !state.query.after) {
    return blank("folder", t("list.first"), html`<p>${t("list.first.how")}</p>`);
  }
  const key = q ? (n ? "list.nomatch.both" : "list.nomatch.q") : "list.nomatch.filters";
  const more = list.next ? html`<p>${t("list.nomatch.more")}</p>${pager()}` : nothing;
  const clear = button(t(n ? "list.nomatch.clear" : "list.nomatch.clear.q"), clearFilters);
  return blank("search", tt(key, { q: iso(q), n }), html`${clear}${more}`);
}

/** Start watching. */
export function enter() {
  load();
  startWatching();
}

/** Stop watching. */
export function leave() {
  stopWatching();
  clearSelection({ isSaid: false });
}

/** @param {Query} query @param {Query} before */
export function routed(query, before) {
  if (listPart(query) !== listPart(before)) {
    const isPage = listPart({ ...query, after: "", sort: "" }) === listPart({ ...before, after: "", sort: "" });
    if (!isPage) clearSelection();
    load();
  }
}

export { keyPressed as key };
