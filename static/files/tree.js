// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { Problem } from "./api.js";
import { icon } from "./icons.js";
import { drawn, go, may, state, update } from "./state.js";
import { t } from "./text.js";
import "./text-tree.js";
import { branchOf, chosenOf, load, objectOf, reveal } from "./tree-branches.js";
import { beginNew, editing } from "./tree-edit.js";
import { branchView, queryOf } from "./tree-list.js";
import { form, objectPane } from "./tree-pane.js";
/** @import {Query, State} from "./types.js" */

// Customers: the tree on the left, the chosen object on the right. The address says which one, and what is searched.

const REST_MS = 150;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** What is typed and not yet in the address. @type {string | null} */
let typing = null;
/** Why the chosen object can't be shown. */
let problem = "";

/** The place was entered. */
export function enter() {
  void load({ customer: "" }, "customer");
  void show(state.query);
}

/** The place was left. */
export function leave() {
  editing.open = null;
  typing = null;
  clearTimeout(timer);
}

/** @param {Query} query @param {Query} before */
export function routed(query, before) {
  if (query.q !== before.q) void load({ customer: "" }, "customer");
  // Back and Forward bring words that nobody typed.
  if (query.q !== typing?.trim()) typing = null;
  const isSame = ["customer", "project", "activity", "task"].every((key) => query[/** @type {"task"} */ (key)] === before[/** @type {"task"} */ (key)]);
  if (isSame) return;
  update(() => (editing.open = null));
  void show(query);
  void drawn().then(() => document.getElementById("object-title")?.focus());
}

/** @param {Query} query */
async function show(query) {
  const chosen = chosenOf(query);
  update(() => (problem = ""));
  if (!chosen) return;
  try {
    await reveal(chosen.ids, chosen.kind);
    await drawn();
    document.querySelector(".node-row.chosen")?.scrollIntoView({ block: "nearest" });
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    update(() => (problem = t(failure.status === 404 ? "tree.gone" : "tree.unread")));
  }
}

/** @param {State} current */
export function view(current) {
  const { query } = current;
  const chosen = chosenOf(query);
  const object = chosen && objectOf(chosen.ids, chosen.kind);
  const isAside = Boolean(chosen || editing.open);
  return html`<div class="tree-page ${isAside ? "has-pane" : ""}">
    <section class="tree" aria-labelledby="tree-title">
      <div class="page-head"><h1 id="tree-title" tabindex="-1">${t("place.customers")}</h1>
        ${may("editor") ? html`<button type="button" class="button" @click=${newCustomer}>${icon("plus")} ${t("tree.new.customer")}</button>` : nothing}</div>
      <input class="input" type="search" autocomplete="off" aria-label=${t("tree.find")} placeholder=${t("tree.find")} .value=${live(typing ?? query.q)} @input=${typed} />
      <p class="unseen" role="status">${found()}</p>
      <ul class="branch root">${branchView({ customer: "" }, "customer")}</ul>
      ${nobody(query)}
    </section>
    ${chosen && object
      ? objectPane(chosen.ids, chosen.kind, object)
      : editing.open
        ? html`<section class="pane" aria-labelledby="object-title">${form(editing.open)}</section>`
        : html`<section class="pane"><p class="hint" role="status">${chosen ? problem || t("tree.loading") : t("tree.choose")}</p></section>`}
  </div>`;
}

function found() {
  const branch = branchOf({ customer: "" }, "customer");
  return state.query.q && branch && !branch.isLoading ? t("tree.found", { n: branch.items.length }) : "";
}

/** @param {Query} query */
function nobody(query) {
  const branch = branchOf({ customer: "" }, "customer");
  if (!branch || branch.isLoading || branch.problem || branch.items.length) return nothing;
  return html`<p class="hint">${t(query.q ? "tree.none" : "tree.first")}</p>`;
}

async function newCustomer() {
  if (chosenOf(state.query)) go(queryOf({ customer: "" }));
  await drawn();
  await beginNew({ customer: "" }, "customer");
}

/** @param {Event} event */
function typed(event) {
  const { value } = /** @type {HTMLInputElement} */ (event.target);
  typing = value;
  clearTimeout(timer);
  timer = setTimeout(() => go({ q: value.trim() }, { replace: true }), REST_MS);
}
