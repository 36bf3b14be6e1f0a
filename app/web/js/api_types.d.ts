/** Made by `python -m tests.web.api_types` from /openapi.json: do not write in here. */

export interface AddedMembers {
  items: (ChatMember)[];
}

export interface AuditEntry {
  id: number;
  at: string;
  workspace_id: number | null;
  /** As `member.removed`; others will be added. */
  action: string;
  /** null: the operator, or nobody known. */
  actor_id: number | null;
  target_type: string | null;
  target_id: number | null;
  /** Where the call came from, of IPv6 the /64; empty: a command. */
  address: string;
  request_id: string;
  details: Record<string, unknown>;
}

export interface AuditEntryPage {
  items: (AuditEntry)[];
  next_cursor: string | null;
}

export interface Block {
  /** Who is blocked. */
  user_id: number;
  created_at: string;
}

export interface BlockPage {
  items: (Block)[];
  next_cursor: string | null;
}

export interface ByeEvent {
  reason: "signed_out" | "revoked" | "expired" | "restart";
}

export interface Channel {
  id: number;
  workspace_id: number;
  type: "single" | "group" | "private_channel" | "public_channel";
  name: string | null;
  topic: string;
  /** Of a channel: only its owners and admins post. */
  read_only: boolean;
  /** Of a channel: the seconds from one message of a member to its next one; 0 is none. */
  slow_mode: number;
  member_count: number;
  /** Of a single or a group; null of a channel. */
  member_ids: (number)[] | null;
  last_seq: number;
  created_at: string;
  /** The caller's own; null if not in it. */
  role: "owner" | "admin" | "member" | null;
  last_read_seq: number;
  unread_count: number;
  /** For members only, and for no token that may not `read`. */
  last_message: Message | null;
  is_member: boolean;
}

export interface ChannelPage {
  items: (Channel)[];
  next_cursor: string | null;
}

export interface Chat {
  id: number;
  workspace_id: number;
  type: "single" | "group" | "private_channel" | "public_channel";
  name: string | null;
  topic: string;
  /** Of a channel: only its owners and admins post. */
  read_only: boolean;
  /** Of a channel: the seconds from one message of a member to its next one; 0 is none. */
  slow_mode: number;
  member_count: number;
  /** Of a single or a group; null of a channel. */
  member_ids: (number)[] | null;
  last_seq: number;
  created_at: string;
  /** The caller's own; null if not in it. */
  role: "owner" | "admin" | "member" | null;
  last_read_seq: number;
  unread_count: number;
  /** For members only, and for no token that may not `read`. */
  last_message: Message | null;
}

export interface ChatChanges {
  name?: string | null;
  topic?: string;
  /** Of a channel: only its owners and admins post. */
  read_only?: boolean;
  /** Of a channel: the seconds from one message of a member to its next one; 0 is none. */
  slow_mode?: number;
}

export interface ChatCreatedEvent {
  type: "chat.created";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  chat: SharedChat;
}

export interface ChatDeletedEvent {
  type: "chat.deleted";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  chat: SharedChat;
}

export interface ChatLevel {
  /** `default` is all of singles and groups, none of channels. */
  level: "default" | "all" | "nothing";
}

export interface ChatList {
  items: (Chat)[];
  /** For `?cursor=` of the event stream. */
  cursor: string;
}

export interface ChatMember {
  user_id: number;
  name: string;
  email: string;
  avatar_url: string | null;
  joined_at: string;
  role: "owner" | "admin" | "member";
}

export interface ChatMemberPage {
  items: (ChatMember)[];
  next_cursor: string | null;
}

export interface ChatRoleChange {
  role: "owner" | "admin" | "member";
}

export interface ChatUpdatedEvent {
  type: "chat.updated";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  chat: SharedChat;
}

export interface ChosenLevel {
  chat_id: number;
  level: "all" | "nothing";
}

export interface Config {
  /** The public base URL of the event stream. */
  notify_url: string;
  version: string;
  /** Who may sign up; see the guide. */
  sign_up: "open" | "invited" | "domains" | "closed";
  /** Whether this installation can send mails. */
  mail: boolean;
}

export interface ConfirmedCode {
  /** Of an authenticator, or a recovery code. */
  code: string;
}

export interface CreatedInvite {
  id: number;
  workspace_id: number;
  role: "owner" | "admin" | "member" | "guest";
  email: string | null;
  max_uses: number | null;
  uses: number;
  created_by: number;
  created_at: string;
  expires_at: string;
  token: string;
  url: string;
}

export interface CreatedToken {
  id: number;
  name: string;
  scopes: ("read" | "write" | "manage")[];
  created_at: string;
  /** To the hour; null: never. */
  last_used_at: string | null;
  expires_at: string;
  token: string;
}

/** Types will be added: ignore those that you do not know. */

export type Event = MessageCreatedEvent | MessageUpdatedEvent | MessageDeletedEvent | ChatCreatedEvent | ChatUpdatedEvent | ChatDeletedEvent | MemberAddedEvent | MemberUpdatedEvent | MemberRemovedEvent | ReadUpdatedEvent | WorkspaceUpdatedEvent | WorkspaceDeletedEvent | WorkspaceMemberAddedEvent | WorkspaceMemberUpdatedEvent | WorkspaceMemberRemovedEvent | TypingEvent | PresenceEvent;

export interface Forgot {
  email: string;
}

export interface History {
  items: (Message)[];
  has_more_before: boolean;
  has_more_after: boolean;
}

export interface Invite {
  id: number;
  workspace_id: number;
  role: "owner" | "admin" | "member" | "guest";
  email: string | null;
  max_uses: number | null;
  uses: number;
  created_by: number;
  created_at: string;
  expires_at: string;
}

export interface InvitePage {
  items: (Invite)[];
  next_cursor: string | null;
}

export interface LevelChoice {
  level: "default" | "all" | "nothing";
}

export interface MailedToken {
  /** The last part of the link in the mail. */
  token: string;
}

export interface MemberAddedEvent {
  type: "member.added";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  user_id: number;
  /** null of who is out. */
  role: "owner" | "admin" | "member" | null;
  member_count: number;
}

export interface MemberRemovedEvent {
  type: "member.removed";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  user_id: number;
  /** null of who is out. */
  role: "owner" | "admin" | "member" | null;
  member_count: number;
}

export interface MemberUpdatedEvent {
  type: "member.updated";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  user_id: number;
  /** null of who is out. */
  role: "owner" | "admin" | "member" | null;
  member_count: number;
}

export interface Message {
  id: number;
  chat_id: number;
  seq: number;
  sender_id: number;
  content: string | null;
  client_id: string | null;
  reply_to: number | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
}

export interface MessageChanges {
  /** Up to 10,000 characters, not only white space; kept exactly as sent. */
  content: string;
}

export interface MessageCreatedEvent {
  type: "message.created";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  message: Message;
}

export interface MessageDeletedEvent {
  type: "message.deleted";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  message: Message;
}

export interface MessageUpdatedEvent {
  type: "message.updated";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  message: Message;
}

export interface NewBlock {
  user_id: number;
}

export interface NewChat {
  workspace_id: number;
  type: "single" | "group" | "private_channel" | "public_channel";
  name?: string | null;
  topic?: string;
  /** The others; a single has exactly one, a group at least one. */
  member_ids?: (number)[];
}

export interface NewInvite {
  /** Only the account with this address may accept. */
  email?: string | null;
  role?: "owner" | "admin" | "member" | "guest";
  /** How many people it lets in; null: any number. If left out, 1 with `email`, else any. */
  max_uses?: number | null;
  /** Seconds. */
  expires_in?: number;
}

export interface NewMembers {
  user_ids: (number)[];
}

export interface NewMessage {
  /** Up to 10,000 characters, not only white space; kept exactly as sent. */
  content: string;
  /** Your own name for it: a repeat makes no second. */
  client_id?: string | null;
  /** The id of a message in the same chat. */
  reply_to?: number | null;
}

export interface NewReport {
  reason: string;
}

export interface NewSecondFactor {
  password: string;
}

export interface NewSubscription {
  /** https, of a public push service. */
  endpoint: string;
  keys: SubscriptionKeys;
  /** Milliseconds since 1970. */
  expirationTime?: number | null;
}

export interface NewSuspension {
  user_id: number;
  reason?: string;
}

export interface NewToken {
  name: string;
  scopes: ("read" | "write" | "manage")[];
  /** Seconds, a day to a year; else 90 days. */
  expires_in?: number;
}

export interface NewWorkspace {
  name: string;
}

export interface NotificationChanges {
  /** Nothing is pushed until then, ten years ahead at most; null: now on. */
  paused_until?: string | null;
}

export interface NotificationSettings {
  paused_until: string | null;
  /** Those not at `default`, by id. */
  chats: (ChosenLevel)[];
}

export interface OpenedInvite {
  workspace_name: string;
  inviter_name: string;
  role: "owner" | "admin" | "member" | "guest";
  expires_at: string;
}

export interface OwnUser {
  id: number;
  email: string;
  name: string;
  avatar_url: string | null;
  created_at: string;
  /** Whether it is proved that the address is read by this person. */
  email_verified: boolean;
}

export interface PasswordAndCode {
  password: string;
  /** Of an authenticator, or a recovery code. */
  code: string;
}

export interface PasswordChange {
  current_password: string;
  new_password: string;
}

export interface PersonalToken {
  id: number;
  name: string;
  scopes: ("read" | "write" | "manage")[];
  created_at: string;
  /** To the hour; null: never. */
  last_used_at: string | null;
  expires_at: string;
}

export interface PersonalTokenPage {
  items: (PersonalToken)[];
  next_cursor: string | null;
}

export interface Presence {
  /** Those of them who have a live stream, and whom one may know. */
  online: (number)[];
}

export interface PresenceEvent {
  type: "presence";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  user_id: number;
  state: "online" | "offline";
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** A stable word for programs. */
  code: string;
  request_id: string;
  /** With 422: the reasons by the dotted name of the field. */
  errors?: Record<string, (string)[]>;
}

export interface Profile {
  name?: string;
  avatar_url?: string | null;
}

export interface PushKey {
  /** For `applicationServerKey`: an uncompressed point in base64url. */
  public_key: string;
}

export interface PushSubscription {
  id: number;
  /** Of the endpoint; the rest of it is not shown. */
  origin: string;
  /** The session with which it ends. */
  session_id: number;
  /** Whether that is the one that asks. */
  current: boolean;
  device: string;
  created_at: string;
  expires_at: string | null;
}

export interface PushSubscriptionPage {
  items: (PushSubscription)[];
  next_cursor: string | null;
}

export interface Read {
  last_read_seq: number;
  unread_count: number;
}

export interface ReadUpTo {
  seq: number;
}

export interface ReadUpdatedEvent {
  type: "read.updated";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  last_read_seq: number;
}

export interface ReadyEvent {
  user_id: number;
  /** Where it starts; null: a `reset` follows. */
  cursor: string | null;
}

export interface RecoveryCodes {
  recovery_codes: (string)[];
}

export interface Refresh {
  /** If left out, that of the cookie. */
  refresh_token?: string;
}

export interface Report {
  id: number;
  workspace_id: number;
  chat_id: number;
  message_id: number;
  author_id: number;
  /** The message's text as it was then; null once it is deleted, and for a token that may not `read`. */
  content: string | null;
  reporter_id: number;
  reason: string;
  created_at: string;
  resolved_at: string | null;
  resolved_by: number | null;
}

export interface ReportChange {
  resolved: boolean;
}

export interface ReportPage {
  items: (Report)[];
  next_cursor: string | null;
}

export interface Reset {
  /** The last part of the link in the mail. */
  token: string;
  password: string;
}

export interface ResetEvent {
  /** A place in the stream. */
  cursor: string;
}

export interface SecondFactor {
  is_on: boolean;
  recovery_codes_left: number;
}

export interface Secret {
  /** To type into an authenticator, in base 32. */
  secret: string;
  /** The same, to be shown as a QR code. */
  otpauth_url: string;
}

export interface Session {
  id: number;
  /** As the client called itself when signing in. */
  device: string;
  created_at: string;
  /** When it signed in or last refreshed. */
  last_seen_at: string;
  current: boolean;
}

export interface SessionPage {
  items: (Session)[];
  next_cursor: string | null;
}

export interface SharedChat {
  id: number;
  workspace_id: number;
  type: "single" | "group" | "private_channel" | "public_channel";
  name: string | null;
  topic: string;
  /** Of a channel: only its owners and admins post. */
  read_only: boolean;
  /** Of a channel: the seconds from one message of a member to its next one; 0 is none. */
  slow_mode: number;
  member_count: number;
  /** Of a single or a group; null of a channel. */
  member_ids: (number)[] | null;
  last_seq: number;
  created_at: string;
}

export interface SharedWorkspace {
  id: number;
  name: string;
  /** The name in plain ASCII, unique; it never changes. */
  slug: string;
  member_count: number;
  created_at: string;
}

export interface SignIn {
  email: string;
  password: string;
  /** Of an authenticator, or a recovery code. */
  code?: string;
  /** Keep the refresh token in a cookie that no script can read; for browsers. */
  cookie?: boolean;
}

export interface SignUp {
  /** Unique without regard to case. */
  email: string;
  password: string;
  name: string;
  /** Also make a workspace of this name. */
  workspace?: string;
  /** Keep the refresh token in a cookie that no script can read; for browsers. */
  cookie?: boolean;
  /** The token of an invitation: also enter that workspace. */
  invite?: string;
}

export interface SignedIn {
  /** A JWT, signed with EdDSA. */
  access_token: string;
  /** Good for one refresh; null: it is in the cookie. */
  refresh_token: string | null;
  token_type: "Bearer";
  /** Seconds the access token lasts. */
  expires_in: number;
  user: User;
}

export type StreamEvent = Event | ReadyEvent | ResetEvent | ByeEvent;

export interface SubscriptionKeys {
  /** A point of P-256, uncompressed, in base64url. */
  p256dh: string;
  /** 16 bytes in base64url. */
  auth: string;
}

export interface Suspension {
  user_id: number;
  name: string;
  /** What the person will be again; null of who had left before. */
  role: "owner" | "admin" | "member" | "guest" | null;
  reason: string;
  suspended_by: number;
  suspended_at: string;
}

export interface SuspensionPage {
  items: (Suspension)[];
  next_cursor: string | null;
}

export interface Ticket {
  ticket: string;
  expires_in: number;
}

export interface Tokens {
  /** A JWT, signed with EdDSA. */
  access_token: string;
  /** Good for one refresh; null: it is in the cookie. */
  refresh_token: string | null;
  token_type: "Bearer";
  /** Seconds the access token lasts. */
  expires_in: number;
}

export interface TypingEvent {
  type: "typing";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  chat_id: number;
  user_id: number;
}

export interface Unverified {
  user: User;
}

export interface User {
  id: number;
  email: string;
  name: string;
  avatar_url: string | null;
  created_at: string;
}

export interface Workspace {
  id: number;
  name: string;
  /** The name in plain ASCII, unique; it never changes. */
  slug: string;
  member_count: number;
  created_at: string;
  /** The caller's own. */
  role: "owner" | "admin" | "member" | "guest";
}

export interface WorkspaceChanges {
  name?: string;
}

export interface WorkspaceDeletedEvent {
  type: "workspace.deleted";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  workspace: SharedWorkspace;
}

export interface WorkspaceMember {
  user_id: number;
  name: string;
  email: string;
  avatar_url: string | null;
  joined_at: string;
  role: "owner" | "admin" | "member" | "guest";
}

export interface WorkspaceMemberAddedEvent {
  type: "workspace.member_added";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  user_id: number;
  /** null of who is out. */
  role: "owner" | "admin" | "member" | "guest" | null;
}

export interface WorkspaceMemberPage {
  items: (WorkspaceMember)[];
  next_cursor: string | null;
}

export interface WorkspaceMemberRemovedEvent {
  type: "workspace.member_removed";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  user_id: number;
  /** null of who is out. */
  role: "owner" | "admin" | "member" | "guest" | null;
}

export interface WorkspaceMemberUpdatedEvent {
  type: "workspace.member_updated";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  user_id: number;
  /** null of who is out. */
  role: "owner" | "admin" | "member" | "guest" | null;
}

export interface WorkspacePage {
  items: (Workspace)[];
  next_cursor: string | null;
}

export interface WorkspaceRoleChange {
  role: "owner" | "admin" | "member" | "guest";
}

export interface WorkspaceUpdatedEvent {
  type: "workspace.updated";
  workspace_id: number;
  /** Who did it. */
  actor_id: number;
  at: string;
  workspace: SharedWorkspace;
}
