// @ts-check
import { html } from "../vendor/lit-html/lit-html.js";
import { Problem, api, seg } from "./api.js";
import { lookAgain } from "./attention-found.js";
import { alertText, say } from "./live.js";
import { isolated, moment, t } from "./text.js";
/** @import {GivenUp} from "./attention-groups.js" */

// For administrators: what the app gave up after several tries, for a reason that nobody foresaw.

/** @param {GivenUp[]} entries */
export function givenUpView(entries) {
  return html`<section aria-labelledby="given-up-title" class="given-up">
    <div class="page-head"><h2 id="given-up-title" tabindex="-1">${t("attention.given-up")}</h2>
      <button type="button" class="button" @click=${() => act("given-up/put-back", "POST", t("attention.given-up.said", { n: entries.length }))}>
        ${t("attention.given-up.all", { n: entries.length })}</button></div>
    <p class="hint">${t("attention.given-up.why")}</p>
    <ul class="troubles">${entries.map(entry)}</ul>
  </section>`;
}

/** @param {GivenUp} given */
function entry(given) {
  const path = `given-up/${seg(given.id)}`;
  const name = isolated(given.concerns);
  return html`<li class="trouble"><div class="trouble-head">
    <div class="trouble-text"><h3 dir="auto">${given.concerns}</h3>
      <p dir="auto">${given.reason}</p>
      <p class="meta">${t("attention.given-up.since", { time: moment(given.firstAt), n: given.times })}</p></div>
    <div class="trouble-actions">
      <button type="button" class="button" aria-label=${t("attention.help.of", { help: t("help.retry"), name })}
        @click=${() => act(`${path}/put-back`, "POST", t("attention.given-up.said", { n: 1 }))}>${t("help.retry")}</button>
      <button type="button" class="button" aria-label=${t("attention.help.of", { help: t("attention.given-up.forget"), name })}
        @click=${() => act(path, "DELETE", t("attention.given-up.forgotten"))}>${t("attention.given-up.forget")}</button>
    </div>
  </div></li>`;
}

/** @param {string} path @param {"POST" | "DELETE"} method @param {string} said */
async function act(path, method, said) {
  try {
    await api(path, { method });
    say(said);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    alertText(failure.message);
  }
  document.getElementById("attention-title")?.focus();
  lookAgain();
}
