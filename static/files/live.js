// @ts-check

// The two live regions, which are in the HTML from the start. At most one message in 2 s each; the newest wins.

const REST_MS = 2000;

/** @param {string} id @returns {(text: string, how?: {isMinor?: boolean}) => void} */
function region(id) {
  let saidAt = -REST_MS;
  /** @type {string | null} */
  let next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const speak = () => {
    timer = undefined;
    const place = document.getElementById(id);
    if (next === null || !place) return;
    saidAt = performance.now();
    // The same words again are a new message: a changed node is read, an equal one is not.
    place.textContent = place.textContent === next ? `${next}\u00a0` : next;
    next = null;
  };
  return (text, { isMinor = false } = {}) => {
    if (isMinor && next !== null) return;
    next = text;
    timer ??= setTimeout(speak, Math.max(50, saidAt + REST_MS - performance.now()));
  };
}

/** Say something when the screen reader has time (`role=status`). What is minor never takes another's place. */
export const say = region("status");
/** Say something at once (`role=alert`): what fails, or that nothing was found. */
export const alertText = region("alert");
