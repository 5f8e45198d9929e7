// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icons.js";
import { may } from "./state.js";
import { clock, hasText, t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// What a person reads of a file's state: words, the sentence of the cause, what happens next. The same everywhere.
//
// server's state     cause   shown         tone
// ------------------ ------- ------------- -------
// expected           -       uploading     info
// in-moment-cloud    -       cloud         neutral
// waiting            none    queued        neutral
// waiting            any     waiting       warn
// moving             -       moving        info
// in-sharepoint      none    sharepoint    ok
// in-sharepoint      any     saving        info     an edit of ours waits to reach SharePoint
// blocked            -       attention     bad
// deleted, undoable  -       deleted       neutral
// deleted            -       gone          neutral

/** @typedef {"uploading" | "cloud" | "queued" | "waiting" | "moving" | "sharepoint"} Living */
/** @typedef {Living | "saving" | "attention" | "deleted" | "gone"} Shown */

/** @type {Record<Shown, {tone: string, icon: string}>} */
const LOOK = {
  uploading: { tone: "info", icon: "upload" },
  cloud: { tone: "neutral", icon: "cloud" },
  queued: { tone: "neutral", icon: "cloud" },
  waiting: { tone: "warn", icon: "clock" },
  moving: { tone: "info", icon: "moving" },
  sharepoint: { tone: "ok", icon: "ok" },
  saving: { tone: "info", icon: "moving" },
  attention: { tone: "bad", icon: "warn" },
  deleted: { tone: "neutral", icon: "bin" },
  gone: { tone: "neutral", icon: "bin" },
};

/** States in which a page looks again every 2 s. */
const MOVING = new Set(["uploading", "queued", "moving", "saving"]);

/** Causes that pass by themselves. */
const PASSING = new Set(["locked", "throttled", "unreachable", "library-new"]);

/** @param {FileDoc} file @returns {Shown} */
export function shownState(file) {
  const hasCause = Boolean(file.cause);
  switch (file.state) {
    case "expected":
      return "uploading";
    case "in-moment-cloud":
      return "cloud";
    case "waiting":
      return hasCause ? "waiting" : "queued";
    case "moving":
      return "moving";
    case "in-sharepoint":
      return hasCause ? "saving" : "sharepoint";
    case "blocked":
      return "attention";
    case "deleted":
      return canBeUndone(file) ? "deleted" : "gone";
  }
}

/** @param {FileDoc} file */
export function isMoving(file) {
  return MOVING.has(shownState(file));
}

/** Whether a deletion can still be undone. @param {FileDoc} file */
export function canBeUndone(file) {
  return Boolean(file.undoUntil) && new Date(String(file.undoUntil)) > new Date();
}

/** The state as icon and words. @param {FileDoc} file */
export function badge(file) {
  const shown = shownState(file);
  return badgeOf(LOOK[shown].tone, LOOK[shown].icon, t(`state.${shown}`));
}

/** Any badge. @param {string} tone info, ok, warn, bad or neutral @param {string} iconName @param {string} words */
export function badgeOf(tone, iconName, words) {
  return html`<span class="badge ${tone}">${icon(iconName)}<span>${words}</span></span>`;
}

/** The second line: the cause's sentence and what happens next; empty where the words say all. @param {FileDoc} file */
export function secondLine(file) {
  const shown = shownState(file);
  if (shown === "deleted") return t("state.deleted.next", { time: clock(new Date(String(file.undoUntil))) });
  if (file.cause) {
    const next = shown === "waiting" || shown === "saving" ? ` ${t("state.waiting.next")}` : "";
    return causeSentence(file.cause, file) + next;
  }
  const key = `state.${shown}.next`;
  return hasText(key) ? t(key) : "";
}

/**
 * Why a file does not get on, in words. Causes have "-" between words ("no-access"). The server's own English
 * `reason` is shown as a detail beside it, and alone where the cause is not known here.
 * @param {string} cause
 * @param {{name?: string, reason?: string}} file
 */
export function causeSentence(cause, file) {
  const extension = extensionOf(file.name ?? "");
  const app = appOf(file.name ?? "") || t("cause.locked.office");
  if (hasText(`cause.${cause}`)) return t(`cause.${cause}`, { extension: `.${extension}`, app });
  return file.reason ? t("cause.other.text", { text: file.reason }) : t("cause.other.plain");
}

/** @type {[RegExp, string][]} */
const APPS = [[/^(doc|rtf|odt)/, "Word"], [/^(xls|ods)/, "Excel"], [/^(ppt|odp)/, "PowerPoint"]];

/** The Office app that opens it; empty where none does. @param {string} name */
export function appOf(name) {
  return APPS.find(([pattern]) => pattern.test(extensionOf(name)))?.[1] ?? "";
}

/** @param {string} name in lower case, without the dot; empty where there is none */
export function extensionOf(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

/**
 * The one button that helps, by cause: its text and the action it stands for. `retry`, `open`, `rename`, `move`,
 * `delete`, `tell` (mail or copy for the administrator), `command` (what the administrator runs), `storage`.
 * @type {Record<string, string>}
 */
const HELP = {
  locked: "retry",
  unreachable: "retry",
  "checked-out": "open",
  "no-access": "tell",
  "site-full": "retry",
  "library-limit": "tell",
  "library-gone": "storage",
  "path-too-long": "rename",
  "name-refused": "rename",
  "type-refused": "rename",
  malware: "delete",
  retention: "open",
  "copy-differs": "retry",
  "both-changed": "open",
  "object-gone": "move",
  "too-large": "delete",
  missing: "delete",
  other: "retry",
};

/**
 * The action that helps with a cause; null where waiting is all, or the person may not.
 * @param {string} cause
 * @returns {string | null}
 */
export function helpFor(cause) {
  const action = HELP[cause] ?? (PASSING.has(cause) ? null : "retry");
  const isForAll = action === "open" || action === "tell";
  return action && (isForAll || may("editor")) ? action : null;
}

/** Three letters in a tinted box. @param {string} name */
export function typeBox(name) {
  const extension = extensionOf(name);
  const letters = /^[a-z0-9]{1,5}$/.test(extension) ? extension.slice(0, 4) : "";
  return html`<span class="type ${toneOf(extension)}" aria-hidden="true">${letters || icon("file")}</span>`;
}

/** @param {string} extension @returns {string} */
function toneOf(extension) {
  if (/^(doc|odt|rtf|txt|md)/.test(extension)) return "text";
  if (/^(xls|ods|csv|tsv)/.test(extension)) return "sheet";
  if (/^(ppt|odp|key)/.test(extension)) return "slides";
  if (extension === "pdf") return "pdf";
  if (/^(png|jpe?g|gif|tiff?|svg|webp|heic|bmp)$/.test(extension)) return "image";
  return "plain";
}
