// @ts-check
import { api, Problem, signedIn } from "./api.js";
import { state, update } from "./state.js";
import { backOffMs } from "./poll.js";

// Who is signed in, and whether the server still runs this release of the page.

const OWN_RELEASE = import.meta.url.match(/\/static\/([^/]+)\/files\//)?.[1] ?? "";
const RELEASE_CHECK_MS = 10 * 60_000;

/** Learn who it is; goes on trying while the server can't be reached. @returns {Promise<void>} */
export async function start() {
  for (let failures = 1; ; failures += 1) {
    try {
      await learn();
      signedIn();
      break;
    } catch (failure) {
      if (failure instanceof Problem && !failure.isPassing) {
        update(() => (state.session = "refused"));
        return;
      }
      const wait = backOffMs(failures, failure instanceof Problem ? failure.retryAfterS : null);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  let checkedAt = Date.now();
  const check = () => {
    if (document.hidden || Date.now() - checkedAt < RELEASE_CHECK_MS) return;
    checkedAt = Date.now();
    learn().catch(() => {});
  };
  document.addEventListener("visibilitychange", check);
  setInterval(check, RELEASE_CHECK_MS);
}

async function learn() {
  const { data } = await api("me");
  update(() => {
    state.me = data;
    state.session = "in";
    state.isOutdated = Boolean(OWN_RELEASE && data.release && data.release !== OWN_RELEASE);
  });
}

addEventListener("offline", () => update(() => (state.isOnline = false)));
addEventListener("online", () => update(() => (state.isOnline = true)));
