// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { api } from "./api.js";
import { idsOf, pathOf, placeOf, titled } from "./objects.js";
import { update } from "./state.js";
import { shownState } from "./states.js";
import { iso, t, tt } from "./text.js";
/** @import {DirectoryDoc, FileDoc, PlaceIds, View} from "./types.js" */

// "Why is it here?": one sentence about the object, the storage rule and where it comes from, and what happens next.

const KNOWN_FOR_MS = 60_000;
/** @type {Map<string, {doc: DirectoryDoc | null, at: number}>} */
const docs = new Map();

/**
 * A customer or project with its storage location; null until it is known.
 * @param {PlaceIds} ids
 * @param {"customer" | "project"} kind
 */
function docOf(ids, kind) {
  const path = pathOf(ids, kind);
  const known = docs.get(path);
  if (!known || Date.now() - known.at > KNOWN_FOR_MS) {
    docs.set(path, { doc: known?.doc ?? null, at: Date.now() });
    api(path).then(
      ({ data }) => update(() => docs.set(path, { doc: data, at: Date.now() })),
      () => {}, // without it the sentence says less
    );
  }
  return docs.get(path)?.doc ?? null;
}

/** Where the rule says that the file is kept, and whose rule it is. @param {FileDoc} file */
export function storageRule(file) {
  const ids = file.place ? idsOf(file.place) : file;
  const customer = docOf(ids, "customer");
  const project = ids.project ? docOf(ids, "project") : null;
  if (!customer || (ids.project && !project)) return null;
  const isOwn = Boolean(project?.storage);
  return {
    storage: project?.storage ?? customer.storage ?? "moment",
    owner: isOwn && project ? project : customer,
    heir: isOwn ? null : project,
  };
}

/** @param {FileDoc} file @returns {View} */
export function whySentence(file) {
  const place = file.place ?? placeOf(file);
  const object = place.task ?? place.activity ?? place.project ?? place.customer;
  const rule = storageRule(file);
  return html`<p class="why">
    ${tt("why.belongs", { object: iso(titled(object)) })} ${rule ? [...ruleText(rule), next(file, rule.storage)] : nothing}
  </p>`;
}

/** @param {NonNullable<ReturnType<typeof storageRule>>} rule */
function ruleText({ storage, owner, heir }) {
  const key = heir ? `why.inherited.${storage}` : `why.own.${storage}`;
  return tt(key, { owner: iso(owner.name), heir: iso(heir?.name ?? "") });
}

const ON_THE_WAY = new Set(["queued", "moving", "uploading"]);

/**
 * What follows from the rule, where the file is not yet, or no longer, where it says.
 * @param {FileDoc} file
 * @param {string} storage
 */
function next(file, storage) {
  const shown = shownState(file);
  if (shown === "sharepoint" && storage === "moment") return t("why.stays");
  if (storage === "sharepoint" && ON_THE_WAY.has(shown)) return t("why.moves");
  if (shown === "waiting") return t("why.waits");
  return shown === "attention" ? t("why.stopped") : nothing;
}
