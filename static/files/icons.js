// @ts-check
import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";

// Stroke paths on a 16 grid. An icon never stands alone, except close and "…", whose buttons have names.

/** @type {Record<string, string>} */
const PATHS = {
  file: "M4 1.8h5L12.5 5.3v8.9H4ZM8.8 2v3.5h3.5",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  close: "m4 4 8 8m0-8-8 8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  left: "m10 4-4 4 4 4",
  up: "m4 10 4-4 4 4",
  check: "m3 8.5 3.2 3.2L13 5",
  ok: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.4 8.2l1.8 1.8 3.4-3.6",
  warn: "M8 2.2 14.5 13.5H1.5ZM8 6.5v3.2m0 1.9v.1",
  bad: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5ZM8 5v3.6m0 2.2v.1",
  cloud: "M4.7 12.5a3.2 3.2 0 0 1-.3-6.4 4 4 0 0 1 7.6 1 2.8 2.8 0 0 1-.5 5.4Z",
  moving: "M2.5 8h10m-4-4 4 4-4 4",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6",
  bin: "M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9",
  upload: "M8 10.5v-8m-3.3 3L8 2.2l3.3 3.3M2.5 10.5v3h11v-3",
  download: "M8 2.5v8m-3.3-3L8 10.8l3.3-3.3M2.5 10.5v3h11v-3",
  sync: "M13.3 6.2A5.6 5.6 0 0 0 3.3 5m-.8-2.3V5.3H5M2.7 9.8a5.6 5.6 0 0 0 10 1.2m.8 2.3v-2.6H11",
  edit: "m3 13 .7-2.9 7.2-7.2 2.2 2.2-7.2 7.2Z",
  tag: "M2.5 2.5h5l6 6-5 5-6-6ZM5.3 5.3h.01",
  move: "M1.8 4h4.6L8 5.8h6.2v6.7H1.8Zm4 5.2h4.6m-1.7-1.8 1.8 1.8-1.8 1.8",
  undo: "M3.2 6.2h6a3.6 3.6 0 0 1 0 7.2H6M5.8 3.4 3 6.2 5.8 9",
  open: "M9.5 2.5h4v4m0-4-6 6M6.5 3.5h-4v10h10v-4",
  link: "M6.5 9.5l3-3M7.3 4.8l1.5-1.5a2.8 2.8 0 0 1 4 4l-1.6 1.5M8.7 11.2l-1.5 1.5a2.8 2.8 0 0 1-4-4l1.6-1.5",
  plus: "M8 3v10M3 8h10",
  menu: "M2.5 4.5h11m-11 3.5h11m-11 3.5h11",
  filter: "M2.5 4.5h11M4.5 8h7m-5 3.5h3",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.7v3.8m0-6.1v.1",
  pause: "M5.5 3.5v9m5-9v9",
  stop: "M4 4h8v8H4Z",
  people: "M8 8.2a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.8 13.5a5.2 5.2 0 0 1 10.4 0",
  folder: "M1.8 3.5h4.6L8 5.3h6.2v7.2H1.8Z",
};

/** @param {string} name a key of PATHS */
export function icon(name) {
  const path = PATHS[name];
  if (!path) console.error("no icon", name);
  const drawing = path ? svg`<path d=${path} />` : nothing;
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${drawing}</svg>`;
}
