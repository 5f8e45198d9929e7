// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { list } from "./files.js";
import { icon } from "./icons.js";
import { load } from "./loading.js";
import { button } from "./parts.js";
import { drawn, go, prefer, state } from "./state.js";
import { number, t } from "./text.js";

// Pages by cursor. Where each began is remembered, so that Previous and the range are right; of a pasted address
// neither is known.

/** @type {Map<string, {start: number, before: string}>} */
const trail = new Map();

/** The index of the page's first row among the results; null: not known. */
function startOfPage() {
  return state.query.after ? trail.get(state.query.after)?.start ?? null : 0;
}

/** "Files 1–50 of 12,431", as far as it is known. */
export function rangeText() {
  const { rows, next, count } = list;
  const start = startOfPage();
  if (rows.length === 0) return t("list.range.none");
  if (start === null) return t("list.range.later", { n: rows.length });
  const range = { from: number(start + 1), to: number(start + rows.length) };
  if (count !== null || !next) return t("list.range.all", { ...range, n: start + rows.length });
  return t("list.range.more", range);
}

/** Below the list: Previous, Next, rows per page. */
export function pager() {
  const isFirst = !state.query.after;
  const isKnown = isFirst || trail.has(state.query.after);
  return html`<nav class="pager" aria-label=${t("pager.label")}>
    ${isFirst && !list.next
      ? nothing
      : [
          button(t(isKnown ? "pager.previous" : "pager.first"), previous, { icon: "left", isDisabled: isFirst }),
          button([t("pager.next"), icon("right")], next, { isDisabled: !list.next }),
        ]}
    <span class="spread"></span>
    <label class="pager-rows"
      >${t("pager.rows")}
      <select @change=${chosen}>
        ${[25, 50, 100].map((n) => html`<option value=${n} ?selected=${n === state.preferences.rows}>${n}</option>`)}
      </select>
    </label>
  </nav>`;
}

function next() {
  trail.set(list.next, { start: (startOfPage() ?? 0) + list.rows.length, before: state.query.after });
  turn(list.next);
}

function previous() {
  turn(trail.get(state.query.after)?.before ?? "");
}

/** @param {string} after */
async function turn(after) {
  go({ after });
  scrollTo({ top: 0 });
  await drawn();
  document.getElementById("list-caption")?.focus({ preventScroll: true });
}

/** @param {Event} event */
function chosen(event) {
  prefer({ rows: /** @type {25 | 50 | 100} */ (Number(/** @type {HTMLSelectElement} */ (event.target).value)) });
  if (state.query.after) go({ after: "" });
  else load();
}
