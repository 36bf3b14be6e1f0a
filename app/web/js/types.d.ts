/** What the client keeps and passes around; what the API says is in `api_types.d.ts`, which is generated. */

import type * as Api from "./api_types";

export type Account = Api.OwnUser | Api.User;
export type Chat = Api.Chat;
export type Channel = Api.SharedChat & { is_member: boolean };
export type Message = Api.Message;
export type Workspace = Api.Workspace;
export type WorkspaceRole = Workspace["role"];
export type ChatRole = NonNullable<Chat["role"]>;

/** `name` is null of somebody whom one may not know of, or not any more. */
export interface Person {
  id: number;
  name: string | null;
  email?: string;
  avatar_url?: string | null;
}

/** `complete` once all have been fetched; the events keep it so. */
export interface Members {
  roles: Record<number, string>;
  complete: boolean;
}

export interface Channels {
  byId: Record<number, Channel>;
  complete: boolean;
}

/** A part of a chat's history without holes, ascending. */
export interface History {
  items: Message[];
  /** Older ones are on the server. */
  hasMore: boolean;
  /** Newer ones are on the server. */
  hasMoreAfter: boolean;
  loading: boolean;
  /** Its first page has come. */
  isThere: boolean;
  /** So many are kept; of those that are not on screen fewer. */
  most: number;
}

export interface Table<T> {
  byId: Record<number, T>;
  order: number[];
}

/** An event of the stream, or a word of our own (`local.…`). */
export interface AnyEvent {
  type: string;
  [field: string]: any;
}

export interface State {
  me: number | null;
  /** Whether workspaces and chats have been fetched. */
  ready: boolean;
  workspaces: Table<Workspace>;
  /** `order`: newest activity first. */
  chats: Table<Chat>;
  users: { byId: Record<number, Person> };
  members: Record<number, Members>;
  chatMembers: Record<number, Members>;
  channels: Record<number, Channels>;
  messages: Record<number, History>;
  /** Single messages outside of `messages`, by id: what others reply to. */
  quoted: Record<number, Message | null>;
  /** The chats of which one wants to be told nothing. */
  muted: Record<number, boolean>;
  /** Until when (milliseconds), by chat and person. */
  typing: Record<number, Record<number, number>>;
  /** null of whom the server is being asked. */
  presence: Record<number, "online" | "offline" | null>;
  /** Another object with each stream: what was asked during one is not for the next. */
  stream: object;
  connection: "live" | "connecting" | "offline";
  /** What has to be asked for, with the events that came since: they are applied to the answer. */
  stale: { round: number; chats: Record<number, Wanted>; workspaces: Record<number, Wanted> };
}

/** `round` tells one question from the next about the same thing. */
export interface Wanted {
  round: number;
  since: AnyEvent[];
}

export interface Pending {
  clientId: string;
  chatId: number;
  text: string;
  replyTo: number | null;
  createdAt: string;
  state: "sending" | "waiting" | "failed";
  error: import("./http.js").ApiError | null;
}
