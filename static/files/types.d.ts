// The shapes that the page's modules share. Only the type checker reads this file; no module loads it.

import type { TemplateResult } from "../vendor/lit-html/lit-html.js";

export type View = TemplateResult | typeof import("../vendor/lit-html/lit-html.js").nothing | string;

/** An object's name in a place; a project, activity or task may have a number before it. */
export interface PlaceName { id: string; name: string; number?: string | null }

export interface Place {
  customer: PlaceName;
  project: PlaceName | null;
  activity: PlaceName | null;
  task: PlaceName | null;
}

/** Ids of a place; what is null or absent is not narrowed. */
export interface PlaceIds { customer: string; project?: string | null; activity?: string | null; task?: string | null }

export type FileState = "expected" | "in-moment-cloud" | "waiting" | "moving" | "in-sharepoint" | "blocked" | "deleted";

/** A file as the API shows it (README, "The API in one look"). Times are ISO 8601. */
export interface FileDoc {
  id: string;
  customer: string;
  project: string | null;
  activity: string | null;
  task: string | null;
  name: string;
  requestedName: string;
  tags: string[];
  sizeBytes: number | null;
  contentType: string;
  createdAt: string;
  createdBy: string;
  modifiedAt: string | null;
  modifiedBy: string | null;
  period: string | null;
  movedTo: string | null;
  changedAt: string;
  state: FileState;
  reason: string;
  warning: string;
  inMomentCloud: boolean;
  link: string | null;
  proof: string | null;
  etag?: string;
  cause?: string | null;
  undoUntil?: string | null;
  place?: Place;
}

export interface Page<T> { items: T[]; nextPage?: string; count?: number }

export interface HistoryLine { at: string; side: "moment" | "sharepoint" | "app"; who: string; event: string }

/** A customer, project, activity or task as the API shows it. */
export interface DirectoryDoc {
  id: string;
  name: string;
  number?: string | null;
  storage?: "moment" | "sharepoint" | null;
  activity?: string | null;
  series?: string | null;
  period?: string | null;
  etag?: string;
}

export interface Me {
  id: string;
  name: string;
  roles: string[];
  isProgram: boolean;
  isDevelopment: boolean;
  signOutUrl: string | null;
  sharePointHosts: string[];
  uploadOrigin: string;
  undoSeconds: number;
  maxFileBytes: number;
  release: string;
}

/** The address, parsed: every filter, the open file (`customer/id`), the open run, the view. Empty text: not given. */
export interface Query {
  view: string;
  q: string;
  customer: string;
  project: string;
  activity: string;
  task: string;
  tag: string[];
  type: string;
  where: string;
  state: string;
  period: string;
  dates: string;
  from: string;
  to: string;
  by: string;
  run: string;
  sort: string;
  after: string;
  file: string;
  /** Names of parameters that mean nothing here; each is shown as a chip. */
  unknown: string[];
}

export interface Preferences {
  language: "en" | "nb";
  theme: "system" | "light" | "dark";
  rows: 25 | 50 | 100;
  isCompact: boolean;
  singleKeys: boolean;
  undoSeconds: number;
}

/** One line of Recent changes. `undo` is absent where it can't be undone any more, or never could. */
export interface Recent { id: number; at: Date; text: string; undo?: () => Promise<void>; until?: Date; isDone?: boolean }

export interface State {
  query: Query;
  preferences: Preferences;
  me: Me | null;
  session: "starting" | "in" | "out" | "refused";
  /** Where to sign in, from the 401. */
  signIn: string;
  isOnline: boolean;
  /** The server runs another release than this page. */
  isOutdated: boolean;
  /** Files that need attention, for the menu; null: not known. */
  attention: number | null;
  recent: Recent[];
  /** The entry whose undo bar is above the list. */
  undoBar: number | null;
}

/** One of the four places of the shell. Its state is its own module's; see the head of state.js. */
export interface Area {
  view(state: State): View;
  /** The place was entered; start watching. */
  enter(): void;
  /** The place was left; stop watching. */
  leave(): void;
  /** The address changed while the place was open. */
  routed?(query: Query, before: Query): void;
  /** A key pressed outside fields and dialogs; true: it was used. */
  key?(event: KeyboardEvent): boolean;
}
