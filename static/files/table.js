// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { filter } from "./asking.js";
import { keyOf, list } from "./files.js";
import { icon } from "./icons.js";
import { load } from "./loading.js";
import { rangeText } from "./pager.js";
import { button } from "./parts.js";
import { row } from "./row.js";
import { pageState, togglePage } from "./selection.js";
import { state } from "./state.js";
import { t } from "./text.js";

// The table of files. Sorting is offered only where the server can: by time of adding, by name, by size.

/** @type {[string, string | null][]} column and its sort */
const COLUMNS = [
  ["name", "name"],
  ["tags", null],
  ["state", null],
  ["size", "size"],
  ["added", "newest"],
  ["changed", null],
];

export function table() {
  const isBusy = list.phase === "busy" || list.phase === "first";
  return html`<div class="table-box ${isBusy && list.isLate ? "late" : ""}">
    <table class="files" aria-labelledby="list-range" aria-busy=${isBusy}>
      <caption id="list-caption" tabindex="-1" class="shows-focus">
        <span class="caption-line">
          <span id="list-range">${rangeText()}</span>
          ${list.newcomers.length ? newcomers(list.newcomers.length) : nothing}
        </span>
      </caption>
      <thead>
        <tr>
          <td class="c-check">
            <label class="check"
              ><input
                type="checkbox"
                aria-label=${t("list.select.page")}
                .checked=${live(pageState() === "all")}
                .indeterminate=${live(pageState() === "some")}
                @click=${togglePage}
            /></label>
          </td>
          ${COLUMNS.map(([name, sort]) => heading(name, sort))}
          <td class="c-menu"><span class="unseen">${t("list.column.menu")}</span></td>
        </tr>
      </thead>
      <tbody>
        ${list.phase === "first" ? blanks() : repeat(list.rows, keyOf, (file) => row(file, state.query.file))}
      </tbody>
    </table>
  </div>`;
}

/** @param {string} name @param {string | null} sort */
function heading(name, sort) {
  const own = state.query.sort || "newest";
  if (sort === null) return html`<th scope="col" class="c-${name}">${t(`list.column.${name}`)}</th>`;
  const isSorted = own === sort;
  const direction = sort === "name" ? "ascending" : "descending";
  return html`<th scope="col" class="c-${name}" aria-sort=${isSorted ? direction : nothing}>
    <button type="button" class="sort" @click=${() => filter({ sort: sort === "newest" ? "" : sort })}>
      ${t(`list.column.${name}`)}${isSorted ? icon(sort === "name" ? "up" : "down") : nothing}
    </button>
  </th>`;
}

/** @param {number} n */
function newcomers(n) {
  return html`<span class="newcomers">${t("list.new", { n })} ${button(t("list.new.show"), show, { look: "link" })}</span>`;
}

async function show() {
  if (state.query.after) filter({});
  else await load();
  document.getElementById("list-caption")?.focus();
}

/** Rows without words while the first page is on its way. */
function blanks() {
  const columns = ["check", ...COLUMNS.map(([name]) => name), "menu"];
  const cell = (/** @type {string} */ name) => html`<td class="c-${name}"><i></i></td>`;
  return Array.from({ length: 8 }, () => html`<tr class="blank-row" aria-hidden="true">${columns.map(cell)}</tr>`);
}
