// @ts-check
import { Problem } from "./api.js";
import { state } from "./state.js";

// Looking again, by one rule for the whole page: 2 s while something moves, else 15 s; never in a hidden tab; after
// errors 2, 4, 8 … 60 s with jitter, or as the server says.

export const FAST_MS = 2000;
export const IDLE_MS = 15_000;
const LONGEST_MS = 60_000;

/** @typedef {{stop(): void, soon(): void}} Watch `soon` looks again now, such as after an edit */

/** @type {Set<() => void>} */
const wakers = new Set();
const wakeAll = () => {
  if (!document.hidden) for (const wake of wakers) wake();
};
document.addEventListener("visibilitychange", wakeAll);
addEventListener("online", wakeAll);

/**
 * Look again and again until stopped. The first look is after one interval.
 * @param {(signal: AbortSignal) => Promise<void>} look raises Problem where it fails
 * @param {() => boolean} isFast whether something moves that people look at
 * @returns {Watch}
 */
export function watch(look, isFast) {
  const stopping = new AbortController();
  let failures = 0;
  let isLooking = false;
  let isAskedAgain = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number} ms */
  const plan = (ms) => {
    clearTimeout(timer);
    if (!stopping.signal.aborted && !document.hidden) timer = setTimeout(run, ms);
  };
  const run = async () => {
    if (isLooking || stopping.signal.aborted) return;
    isLooking = true;
    isAskedAgain = false;
    let wait = IDLE_MS;
    try {
      await look(stopping.signal);
      failures = 0;
      wait = isFast() ? FAST_MS : IDLE_MS;
    } catch (failure) {
      if (stopping.signal.aborted) return;
      if (!(failure instanceof Problem)) console.error(failure);
      failures += 1;
      wait = backOffMs(failures, failure instanceof Problem ? failure.retryAfterS : null);
    } finally {
      isLooking = false;
      plan(isAskedAgain ? 0 : wait);
    }
  };
  // Asked during a look: what that look read may be older than what it is asked for.
  const soon = () => {
    isAskedAgain = isLooking;
    plan(0);
  };
  wakers.add(soon);
  plan(isFast() ? FAST_MS : IDLE_MS);
  return {
    stop: () => {
      stopping.abort();
      clearTimeout(timer);
      wakers.delete(soon);
    },
    soon,
  };
}

/**
 * @param {number} failures in a row
 * @param {number | null} retryAfterS what the server asked for
 * @param {number} [chance] 0 to 1
 */
export function backOffMs(failures, retryAfterS, chance = Math.random()) {
  const usual = Math.min(LONGEST_MS, 1000 * 2 ** failures);
  const asked = (retryAfterS ?? 0) * 1000;
  return Math.max(asked, state.isOnline ? usual * (0.75 + chance / 2) : FAST_MS * 2);
}
