// @ts-check
import { state, update } from "./state.js";

// Every request to the app. What goes wrong is a Problem; a lost sign-in is none: the request waits for it and goes on.

/** @typedef {"refused" | "offline" | "timeout"} ProblemKind */

/** What went wrong with a request: the server's problem document (RFC 9457), or that none came. */
export class Problem extends Error {
  /**
   * @param {ProblemKind} kind
   * @param {number} status 0 where no answer came
   * @param {any} [body] the problem document
   * @param {Response} [response]
   */
  constructor(kind, status, body, response) {
    super(body?.detail ?? body?.title ?? kind);
    this.kind = kind;
    this.status = status;
    /** @type {string} */ this.detail = body?.detail ?? "";
    /** @type {string | null} The member of the request at fault. */ this.field = body?.field ?? null;
    /** @type {any} The newer document, of a 412. */ this.current = body?.current ?? null;
    /** @type {string} */ this.reference = response?.headers.get("x-request-id") ?? body?.instance ?? "";
    /** @type {number | null} */ this.retryAfterS = Number(response?.headers.get("retry-after")) || null;
    /** @type {any} The whole document. */ this.body = body ?? {};
  }

  /** Whether the same request may succeed later. */
  get isPassing() {
    return this.kind !== "refused" || this.status === 429 || this.status >= 500;
  }
}

/**
 * @typedef {object} Ask
 * @property {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} [method]
 * @property {Record<string, string | number | boolean | string[] | null | undefined>} [query] what is empty is left out
 * @property {unknown} [body] sent as JSON
 * @property {string} [ifMatch]
 * @property {string} [ifNoneMatch]
 * @property {string} [idempotencyKey]
 * @property {AbortSignal} [signal]
 * @property {number} [timeoutMs] 20 s unless said
 */

/** @typedef {{status: number, data: any, etag: string | null}} Answer `data` is null for 204 and 304 */

/**
 * One request below /api. Raises Problem, and AbortError where `signal` stopped it.
 * @param {string} path such as "files" or "customers/x/files"; segments by `seg`
 * @param {Ask} [ask]
 * @returns {Promise<Answer>}
 */
export async function api(path, ask = {}) {
  for (;;) {
    const response = await fetched(path, ask);
    if (response.type === "opaqueredirect" || response.status === 401) {
      await signedInAgain(response, ask.signal);
      continue;
    }
    if (response.ok || response.status === 304) return answered(response, ask.signal);
    throw new Problem("refused", response.status, await bodyOf(response), response);
  }
}

/** A path segment. @param {string} text */
export function seg(text) {
  return encodeURIComponent(text);
}

/** The API path of a file. @param {{customer: string, id: string}} file */
export function filePath(file) {
  return `customers/${seg(file.customer)}/files/${seg(file.id)}`;
}

/** @param {string} path @param {Ask} ask @returns {Promise<Response>} */
async function fetched(path, ask) {
  const timeout = AbortSignal.timeout(ask.timeoutMs ?? 20_000);
  const signal = ask.signal ? AbortSignal.any([ask.signal, timeout]) : timeout;
  try {
    const response = await fetch(`/api/${path}${queryText(ask.query)}`, {
      method: ask.method ?? "GET",
      headers: headersOf(ask),
      body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
      redirect: "manual",
      cache: "no-store",
      signal,
    });
    if (!state.isOnline) update(() => (state.isOnline = true));
    return response;
  } catch (failure) {
    throw problemOf(failure, ask.signal);
  }
}

/** @param {unknown} failure @param {AbortSignal | undefined} signal */
function problemOf(failure, signal) {
  if (signal?.aborted) return failure;
  if (failure instanceof DOMException && failure.name === "TimeoutError") return new Problem("timeout", 0);
  update(() => (state.isOnline = false));
  return new Problem("offline", 0);
}

/** @param {Ask} ask */
function headersOf(ask) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json" };
  if (ask.body !== undefined) headers["content-type"] = "application/json";
  if (ask.ifMatch) headers["if-match"] = `"${ask.ifMatch.replaceAll('"', "")}"`;
  if (ask.ifNoneMatch) headers["if-none-match"] = ask.ifNoneMatch;
  if (ask.idempotencyKey) headers["idempotency-key"] = ask.idempotencyKey;
  return headers;
}

/** @param {Ask["query"]} query */
function queryText(query = {}) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const each of value) params.append(name, each);
    else if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
}

/** @param {Response} response @param {AbortSignal | undefined} signal @returns {Promise<Answer>} */
async function answered(response, signal) {
  const isEmpty = response.status === 204 || response.status === 304;
  try {
    const data = isEmpty ? null : await response.json();
    return { status: response.status, data, etag: response.headers.get("etag") };
  } catch (failure) {
    throw problemOf(failure, signal);
  }
}

/** @param {Response} response @returns {Promise<any>} */
async function bodyOf(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

// Sign-in happens in another tab, so that nothing typed here is lost. That tab says so, and what waited goes on.
const channel = new BroadcastChannel("moment-session");
/** @type {Set<() => void>} */
const waiting = new Set();
channel.addEventListener("message", wake);

function wake() {
  for (const resolve of waiting) resolve();
  waiting.clear();
}

/** This tab is signed in: tell the others, and let go on what waited here. */
export function signedIn() {
  channel.postMessage("signed-in");
  wake();
}

/** @param {Response} response @param {AbortSignal | undefined} signal @returns {Promise<void>} */
async function signedInAgain(response, signal) {
  const body = response.status === 401 ? await bodyOf(response) : {};
  update(() => {
    state.session = "out";
    state.signIn = body.signIn ?? "/";
  });
  await new Promise((resolve, reject) => {
    waiting.add(() => resolve(undefined));
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
  update(() => (state.session = "in"));
}
