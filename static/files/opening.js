// @ts-check
import { filePath } from "./api.js";
import { state } from "./state.js";
import { appOf } from "./states.js";
import { t } from "./text.js";
/** @import {FileDoc} from "./types.js" */

// Where a file's name leads: to its SharePoint address where its host is one of ours, else to the app, which knows
// where the content is. A link is text from outside, so no other address is ever followed.

/** @param {FileDoc} file @returns {string | null} null where there is nothing to open yet */
export function addressOfContent(file) {
  if (file.state === "deleted" || (file.state === "expected" && !file.inMomentCloud)) return null;
  return sharePointAddress(file) ?? `/api/${filePath(file)}/content`;
}

/** @param {FileDoc} file @returns {string | null} */
export function sharePointAddress(file) {
  if (!file.link || !URL.canParse(file.link)) return null;
  const url = new URL(file.link);
  const isOurs = state.me?.sharePointHosts.includes(url.host) && /^https?:$/.test(url.protocol);
  return isOurs ? url.href : null;
}

/** What opening is called: "Open in Word". @param {FileDoc} file */
export function openText(file) {
  if (!sharePointAddress(file)) return t("open.download");
  const app = appOf(file.name);
  return app ? t("open.in", { app }) : t("open.sharepoint");
}

/** Open it as its link would. @param {FileDoc} file */
export function openFile(file) {
  const address = addressOfContent(file);
  if (address) window.open(address, "_blank", "noopener,noreferrer");
}
