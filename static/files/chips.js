// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clearFilters, filter, filterCount, TYPES, whereOf } from "./asking.js";
import { copy } from "./file-actions.js";
import { icon } from "./icons.js";
import { KINDS, nameOf } from "./objects.js";
import { button } from "./parts.js";
import { drawn, state } from "./state.js";
import { dayText, iso, isolated, t, tt } from "./text.js";
/** @import {PlaceIds, Query} from "./types.js" */

// The filters that are set, each with its cross. What the address asks for and nobody knows is shown too, so that an
// empty list is never a riddle.

/** @typedef {{name: string, value: string, without: Partial<Query>}} Chip */

/** What goes with an object's filter. */
const BELOW = {
  customer: ["customer", "project", "activity", "task"],
  project: ["project", "activity", "task"],
  activity: ["activity"],
  task: ["task"],
};

/** @param {Query} query @returns {Chip[]} */
function chipsOf(query) {
  /** @type {Chip[]} */
  const chips = [];
  const add = (/** @type {string} */ name, /** @type {string} */ value, /** @type {Partial<Query>} */ without) =>
    chips.push({ name, value, without });
  for (const kind of KINDS) {
    const without = Object.fromEntries(BELOW[kind].map((each) => [each, ""]));
    if (query[kind]) add(t(`object.${kind}`), nameOf(/** @type {PlaceIds} */ (query), kind), without);
  }
  for (const tag of query.tag) add(t("filter.tag"), tag, { tag: query.tag.filter((each) => each !== tag) });
  const where = whereOf(query);
  const isWhereKnown = Boolean(where) || !(query.where || query.state);
  if (where) add(t("filter.where"), t(`where.${where}`), { where: "", state: "" });
  if (!isWhereKnown) add(t("filter.unknown"), query.where || query.state, { where: "", state: "" });
  if (isType(query.type)) add(t("filter.type"), t(`type.${query.type}`), { type: "" });
  else if (query.type) add(t("filter.unknown"), query.type, { type: "" });
  if (query.from || query.to) add(...dates(query), { from: "", to: "", dates: "" });
  if (query.by) add(t("filter.person.label"), query.by, { by: "" });
  if (query.period) add(t("filter.period"), query.period, { period: "" });
  for (const name of query.unknown) add(t("filter.unknown"), name, {});
  return chips;
}

/** @param {string} type */
function isType(type) {
  return TYPES.some((each) => each === type);
}

/** @param {Query} query @returns {[string, string]} what the dates are of, and which */
function dates({ dates: which, from, to }) {
  const name = t(which === "changed" ? "dates.changed" : "dates.added");
  if (from && to) return [name, t("dates.between", { from: dayText(from), to: dayText(to) })];
  return [name, from ? t("dates.since", { from: dayText(from) }) : t("dates.until", { to: dayText(to) })];
}

/** The line of chips; nothing where no filter is set. */
export function chipLine() {
  const chips = chipsOf(state.query);
  if (chips.length === 0) return nothing;
  const copied = () => copy(location.href, t("filter.copied"));
  return html`<div class="chips">
    <ul class="tags" aria-label=${t("filter.chips")}>${chips.map(chipView)}</ul>
    ${button(t(filterCount(state.query) > 1 ? "filter.clear" : "filter.clear.one"), cleared, { look: "link" })}
    <span class="spread"></span>
    ${button(t("filter.copy"), copied, { look: "link wide-only", icon: "link" })}
  </div>`;
}

/** @param {Chip} chip @param {number} i */
function chipView(chip, i) {
  const { name, value } = chip;
  const title = t("filter.remove", { name, value: isolated(value) });
  return html`<li class="chip">
    <span class="chip-text">${tt("filter.chip", { name, value: iso(value) })}</span>
    <button type="button" aria-label=${title} @click=${() => remove(chip, i)}>${icon("close")}</button>
  </li>`;
}

/** @param {Chip} chip @param {number} i */
async function remove(chip, i) {
  filter(chip.without);
  await drawn();
  const crosses = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".chip button"));
  (crosses[Math.min(i, crosses.length - 1)] ?? document.getElementById("search"))?.focus();
}

async function cleared() {
  clearFilters();
  await drawn();
  document.getElementById("search")?.focus();
}
