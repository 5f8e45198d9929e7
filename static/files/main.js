// @ts-check
import { html, render } from "../vendor/lit-html/lit-html.js";
import "./text-shell.js";
import "./text-states.js";
import { startCounting } from "./attention-found.js";
import * as files from "./list.js";
import { enterPanel } from "./panel.js";
import { blank, button } from "./parts.js";
import { start } from "./session.js";
import { applyPreferences } from "./settings.js";
import { placeOf, shell, titleOf } from "./shell.js";
import { connect, state, update } from "./state.js";
import { t } from "./text.js";
/** @import {Area, Query, View} from "./types.js" */

// Boots the page: connects state to drawing, the address to the open place, keys to whoever uses them.

/** Places besides Files are loaded when they are entered first. @type {Record<string, () => Promise<Area>>} */
const LOADERS = {
  attention: () => import("./attention.js"),
  runs: () => import("./runs.js"),
  customers: () => import("./tree.js"),
};
/** @type {Record<string, Area>} */
const areas = { files };
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
let area = standIn(() => html``);

function draw() {
  render(shell(state, area.view(state)), root);
  document.title = titleOf(state);
}

/** What is shown of a place before its module is there. @param {() => View} content @returns {Area} */
function standIn(content) {
  const view = () => html`<h1>${t(`place.${placeOf(state.query)}`)}</h1>${content()}`;
  return { view, enter: () => {}, leave: () => {} };
}

function unloaded() {
  return blank("bad", t("place.unloaded"), button(t("bar.reload"), () => location.reload()));
}

/** @param {ReturnType<typeof placeOf>} name */
async function enter(name) {
  area.leave();
  area = areas[name] ?? standIn(() => html``);
  update();
  try {
    areas[name] ??= await LOADERS[name]();
  } catch {
    area = standIn(unloaded); // the connection is gone, or the server runs another release
    update();
    return;
  }
  if (placeOf(state.query) !== name) return;
  area = areas[name];
  area.enter();
  update();
}

/** @param {Query} query @param {Query} before */
function routed(query, before) {
  if (query.file !== before.file) enterPanel(query.file);
  if (placeOf(query) === placeOf(before)) area.routed?.(query, before);
  else enter(placeOf(query));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (area.key?.(event)) event.preventDefault();
});

applyPreferences(state.preferences);
connect(draw, routed);
root.replaceChildren();
enter(placeOf(state.query));
draw();
start().then(startCounting);
if (state.query.file) enterPanel(state.query.file);
