// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clearFilters, filter, filterCount, TYPES, whereOf } from "./asking.js";
import { copy } from "./file-actions.js";
import { icon } from "./icons.js";
import { KINDS, nameOf } from "./objects.js";
import { drawn, state } from "./state.js";
import { dayText, iso, isolated, t, tt } from "./text.js";
/** @import {PlaceIds, Query} from "./types.js" */

// The filters that are set, each with its cross. What the address asks for and nobody knows is shown too, so that an
// empty list is never a riddle.

/** @typedef {{key: string, name: string, value: string, without: Partial<Query>}} Chip */

/** @param {Query} query @returns {Chip[]} */
function chipsOf(query) {
  /** @type {Chip[]} */
  const chips = [];
  const below = { customer: ["customer", "project", "activity", "task"], project: ["project", "activity", "task"], activity: ["activity"], task: ["task"] };
  for (const kind of KINDS) {
    const without = Object.fromEntries(below[kind].map((each) => [each, ""]));
    if (query[kind]) chips.push({ key: kind, name: t(`object.${kind}`), value: nameOf(/** @type {PlaceIds} */ (query), kind), without });
  }
  for (const tag of query.tag) chips.push({ key: `tag-${tag}`, name: t("filter.tag"), value: tag, without: { tag: query.tag.filter((each) => each !== tag) } });
  const where = whereOf(query);
  if (where) chips.push({ key: "where", name: t("filter.where"), value: t(`where.${where}`), without: { where: "", state: "" } });
  else if (query.where || query.state) chips.push(unknownChip("where", query.where || query.state, { where: "", state: "" }));
  if (query.type) chips.push(typeChip(query.type));
  if (query.from || query.to) chips.push(dateChip(query));
  if (query.by) chips.push({ key: "by", name: t("filter.person.label"), value: query.by, without: { by: "" } });
  if (query.period) chips.push({ key: "period", name: t("filter.period"), value: query.period, without: { period: "" } });
  for (const name of query.unknown) chips.push(unknownChip(`unknown-${name}`, name, {}));
  return chips;
}

/** @param {string} key @param {string} value @param {Partial<Query>} without */
function unknownChip(key, value, without) {
  return { key, name: t("filter.unknown"), value, without };
}

/** @param {string} type */
function typeChip(type) {
  const isKnown = TYPES.some((each) => each === type);
  return isKnown ? { key: "type", name: t("filter.type"), value: t(`type.${type}`), without: { type: "" } } : unknownChip("type", type, { type: "" });
}

/** @param {Query} query */
function dateChip({ dates, from, to }) {
  const value = from && to ? t("dates.between", { from: dayText(from), to: dayText(to) }) : from ? t("dates.since", { from: dayText(from) }) : t("dates.until", { to: dayText(to) });
  return { key: "dates", name: t(dates === "changed" ? "dates.changed" : "dates.added"), value, without: { from: "", to: "", dates: "" } };
}

/** The line of chips; nothing where no filter is set. */
export function chipLine() {
  const chips = chipsOf(state.query);
  if (chips.length === 0) return nothing;
  return html`<div class="chips">
    <ul class="tags" aria-label=${t("filter.chips")}>
      ${chips.map(
        (chip, i) => html`<li class="chip">
          <span class="chip-text">${tt("filter.chip", { name: chip.name, value: iso(chip.value) })}</span>
          <button type="button" aria-label=${t("filter.remove", { name: chip.name, value: isolated(chip.value) })} @click=${() => remove(chip, i)}>${icon("close")}</button>
        </li>`,
      )}
    </ul>
    <button type="button" class="button link" @click=${cleared}>${t(filterCount(state.query) > 1 ? "filter.clear" : "filter.clear.one")}</button>
    <span class="spread"></span>
    <button type="button" class="button link wide-only" @click=${() => copy(location.href, t("filter.copied"))}>${icon("link")}${t("filter.copy")}</button>
  </div>`;
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
