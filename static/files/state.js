// @ts-check
/** @import {Preferences, Query, Recent, State} from "./types.js" */

// The state that areas share, and the address, which is most of it.
//
// How an area (upload, sync, attention, runs, tree) plugs in:
// - Its module exports `view(state)`, `enter()`, `leave()` (types.d.ts, Area); main.js knows it by name. Parts that are
//   no area (upload tray, sync dialog) export a view that shell.js draws.
// - Its own state is a const in its own module. Change it, or anything here, inside `update(() => {...})`: the page is
//   drawn once in the next frame. Draw only from state; never touch the document from a view.
// - `go({view: "runs", run: id})` changes the address and so the page; `{replace: true}` where Back should not return.
//   What is typed goes with replace. An area hears of it in `routed(query, before)`.
// - Requests: `api(path, {...})` of api.js. Repeated ones: `watch(...)` of poll.js, which knows of hidden tabs, being
//   offline and back-off.
// - Words: `texts({en, nb})` in text-<area>.js, `t("area.key", {n})` in templates; names of files and people inside a
//   sentence with `tt("key", {name: iso(name)})`, so that hostile text stays apart (text.js).
// - `say(text)` and `alertText(text)` of live.js speak to screen readers. Never speak of progress.
// - `offerUndo({text, undo, until})` of recent.js shows the bar above the list and adds to Recent changes.
// - `openSync({customer, project})` of sync.js opens the cloud button's dialog; `pickFiles(target)` of upload.js opens
//   the file chooser for a place (or asks for one where `target` is null).
// - `fileChanged(file)` of files.js puts a newer document of a file wherever it is shown.
// - A file's badge, the sentence of its cause and the button that helps are made in states.js.

const TEXT_KEYS = /** @type {const} */ ([
  "view", "q", "customer", "project", "activity", "task", "type", "where", "state", "period", "dates", "from", "to",
  "by", "run", "sort", "after", "file",
]);

/** @type {Preferences} */
const USUAL = { language: "en", theme: "system", rows: 50, isCompact: false, singleKeys: true, undoSeconds: 60 };

/** @type {State} */
export const state = {
  query: parsed(location.search),
  preferences: stored(),
  me: null,
  session: "starting",
  signIn: "",
  isOnline: navigator.onLine,
  isOutdated: false,
  attention: null,
  recent: [],
  undoBar: null,
};

/** @type {() => void} */
let draw = () => {};
/** @type {(query: Query, before: Query) => void} */
let routed = () => {};
let isDue = false;

/**
 * Connect the page: how it is drawn, and who hears of a new address.
 * @param {() => void} drawing
 * @param {(query: Query, before: Query) => void} routing
 */
export function connect(drawing, routing) {
  draw = drawing;
  routed = routing;
  addEventListener("popstate", () => arrive(parsed(location.search)));
}

/**
 * Change state, then draw the page in the next frame.
 * @param {(state: State) => void} [change]
 */
export function update(change) {
  change?.(state);
  if (isDue) return;
  isDue = true;
  // A hidden tab has no frames, but what it says of itself (the title) should be right.
  const later = document.hidden ? (/** @type {() => void} */ f) => setTimeout(f, 50) : requestAnimationFrame;
  later(() => {
    if (isDue) drawNow();
  });
}

function drawNow() {
  isDue = false;
  draw();
}

/** Draw what is due at once, to move the focus there: the next key may come before the next frame. */
export async function drawn() {
  drawNow();
}

/**
 * Change the address by some parameters. A new filter always begins at its first page.
 * @param {Partial<Query>} change
 * @param {{replace?: boolean}} [how]
 */
export function go(change, { replace = false } = {}) {
  const query = { ...state.query, ...change };
  const url = addressOf(query);
  if (url === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", url);
  else history.pushState(null, "", url);
  arrive(query);
}

/** @param {Query} query */
function arrive(query) {
  const before = state.query;
  update(() => {
    state.query = query;
  });
  routed(query, before);
}

/** The address of a query, relative to the host. @param {Query} query */
export function addressOf(query) {
  const params = new URLSearchParams();
  for (const key of TEXT_KEYS) if (query[key]) params.set(key, query[key]);
  for (const tag of query.tag) params.append("tag", tag);
  const text = params.toString();
  return location.pathname + (text && `?${text}`);
}

/** @param {string} search @returns {Query} */
export function parsed(search) {
  const params = new URLSearchParams(search);
  const given = [...new Set(params.keys())];
  const texts = Object.fromEntries(TEXT_KEYS.map((key) => [key, params.get(key) ?? ""]));
  const unknown = given.filter((key) => key !== "tag" && !(key in texts));
  return /** @type {Query} */ ({ ...texts, tag: params.getAll("tag").filter(Boolean), unknown });
}

/** The query without any filter, in the same view. @returns {Query} */
export function noFilters() {
  return { ...parsed(""), view: state.query.view, file: state.query.file, sort: state.query.sort };
}

/** @param {Partial<Preferences>} change */
export function prefer(change) {
  update(() => Object.assign(state.preferences, change));
  try {
    localStorage.setItem("moment.preferences", JSON.stringify(state.preferences));
  } catch {
    // Storage is full or forbidden: the choice holds for this page only.
  }
}

/** @returns {Preferences} */
function stored() {
  const language = navigator.languages.some((each) => /^(nb|nn|no)\b/i.test(each)) ? "nb" : "en";
  try {
    const kept = JSON.parse(localStorage.getItem("moment.preferences") ?? "{}");
    return { ...USUAL, language, ...kept };
  } catch {
    return { ...USUAL, language };
  }
}

/** @param {string} role "reader", "editor" or "administrator"; each may what the one before may */
export function may(role) {
  const order = ["reader", "editor", "administrator"];
  return (state.me?.roles ?? []).some((own) => order.indexOf(own) >= order.indexOf(role));
}

/** @param {number} id @returns {Recent | undefined} */
export function recentOf(id) {
  return state.recent.find((each) => each.id === id);
}
