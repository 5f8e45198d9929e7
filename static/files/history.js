// @ts-check
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { api, filePath, Problem } from "./api.js";
import { sectionTitle } from "./panel-parts.js";
import { button } from "./parts.js";
import { update } from "./state.js";
import { iso, moment, t, when } from "./text.js";
/** @import {FileDoc, HistoryLine, Page} from "./types.js" */

// What happened to a file, newest first: the newest 20, and all on request.

const NEWEST = 20;
const PAGE = 100;

/** @type {{key: string, lines: HistoryLine[], next: string, problem: string, isBusy: boolean}} */
const shown = { key: "", lines: [], next: "", problem: "", isBusy: false };

/** Read it, or read it again. @param {FileDoc} file @param {AbortSignal} signal */
export async function loadHistory(file, signal) {
  const key = `${file.customer}/${file.id}`;
  const isSame = shown.key === key;
  if (!isSame) update(() => Object.assign(shown, { key, lines: [], next: "", problem: "", isBusy: true }));
  try {
    const page = await read(file, { limit: Math.max(NEWEST, isSame ? Math.min(shown.lines.length, PAGE) : 0) }, signal);
    update(() => Object.assign(shown, { lines: page.items, next: page.nextPage ?? "", problem: "", isBusy: false }));
  } catch (problem) {
    if (signal.aborted) return;
    if (!(problem instanceof Problem)) throw problem;
    update(() => Object.assign(shown, { problem: problem.message, isBusy: false }));
  }
}

/**
 * @param {FileDoc} file
 * @param {{limit: number, page?: string}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<Page<HistoryLine>>}
 */
async function read(file, query, signal) {
  const { data } = await api(`${filePath(file)}/history`, { query: { newest: true, ...query }, signal });
  return data;
}

/** @param {FileDoc} file */
async function showAll(file) {
  update(() => (shown.isBusy = true));
  const { key } = shown;
  try {
    while (shown.next && shown.key === key) {
      const page = await read(file, { limit: PAGE, page: shown.next });
      update(() => Object.assign(shown, { lines: [...shown.lines, ...page.items], next: page.nextPage ?? "" }));
    }
  } catch (problem) {
    if (problem instanceof Problem) update(() => (shown.problem = problem.message));
  }
  update(() => (shown.isBusy = false));
}

/** @param {FileDoc} file */
export function historyView(file) {
  return html`<section class="panel-section" aria-labelledby="history-title">
    ${sectionTitle("history-title", t("history.title"))}
    <ol class="history" aria-busy=${shown.isBusy}>
      ${shown.lines.map(line)}
    </ol>
    ${shown.problem ? html`<p class="error">${t("history.failed")}</p>` : nothing}
    <div class="row">
      ${shown.next && !shown.isBusy ? button(t("history.all"), () => showAll(file)) : nothing}
      ${shown.lines.length ? button(t("history.csv"), () => saveCsv(file), { look: "link" }) : nothing}
    </div>
  </section>`;
}

/** @param {HistoryLine} entry */
function line(entry) {
  return html`<li class="side-${entry.side}">
    <time class="meta" datetime=${entry.at} title=${moment(entry.at)}>${when(entry.at)}</time>
    <div class="history-text">
      <span dir="auto">${entry.event}</span>
      <span class="meta">${entry.who ? html`${iso(entry.who)}, ` : nothing}${t(`history.side.${entry.side}`)}</span>
    </div>
  </li>`;
}

/** The newest line's text, for "Why is it here?". @returns {HistoryLine | undefined} */
export function newestLine() {
  return shown.lines[0];
}

/** @param {FileDoc} file */
async function saveCsv(file) {
  if (shown.next) await showAll(file);
  const columns = /** @type {const} */ (["at", "side", "who", "event"]);
  const rows = [columns, ...shown.lines.map((entry) => columns.map((column) => entry[column]))];
  const text = rows.map((cells) => cells.map(csvCell).join(",")).join("\r\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = `${file.name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {string} text a spreadsheet would run what begins like a formula */
function csvCell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
