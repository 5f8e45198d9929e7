// @ts-check
import { render } from "../vendor/lit-html/lit-html.js";
import "./text-shell.js";
import "./text-states.js";
import * as attention from "./attention.js";
import { startCounting } from "./attention-found.js";
import * as files from "./list.js";
import { enterPanel } from "./panel.js";
import * as runs from "./runs.js";
import { start } from "./session.js";
import { applyPreferences } from "./settings.js";
import { placeOf, shell, titleOf } from "./shell.js";
import { connect, state, update } from "./state.js";
import * as customers from "./tree.js";
/** @import {Area, Query} from "./types.js" */

// Boots the page: connects state to drawing, the address to the open place, keys to whoever uses them.

/** @type {Record<string, Area>} */
const AREAS = { files, attention, runs, customers };
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
let area = AREAS[placeOf(state.query)];

function draw() {
  render(shell(state, area.view(state)), root);
  document.title = titleOf(state);
}

/** @param {Query} query @param {Query} before */
function routed(query, before) {
  if (query.file !== before.file) enterPanel(query.file);
  const next = AREAS[placeOf(query)];
  if (next === area) {
    area.routed?.(query, before);
    return;
  }
  area.leave();
  area = next;
  area.enter();
  update();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (area.key?.(event)) event.preventDefault();
});

applyPreferences(state.preferences);
connect(draw, routed);
root.replaceChildren();
draw();
start().then(startCounting);
area.enter();
if (state.query.file) enterPanel(state.query.file);
