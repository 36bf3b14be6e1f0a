/**
 * Who may do what, rule by rule as in `fechatter/permissions.py`, which has the last word: a test compares the two.
 * What one may not do is not offered.
 */

/** @typedef {import("./types").ChatRole} ChatRole */
/** @typedef {import("./types").WorkspaceRole} WorkspaceRole */
/** @typedef {{type: string, role: string | null, workspaceRole: string}} Standing */

/** @type {Record<string, number>} */
const CHAT_RANKS = { member: 0, admin: 1, owner: 2 };
/** @type {Record<string, number>} */
const WORKSPACE_RANKS = { guest: 0, member: 1, admin: 2, owner: 3 };

/** @param {string | null} role */
const rules = (role) => role === "owner" || role === "admin";
/** @param {Standing} who */
const isPublic = (who) => who.type === "public_channel";
/** @param {Standing} who */
const rulesChannel = (who) => who.type.endsWith("_channel") && rules(who.role);
/** @param {string | null | undefined} role */
const chatRank = (role) => CHAT_RANKS[role ?? ""] ?? 0;
/** @param {string | null | undefined} role */
const rank = (role) => WORKSPACE_RANKS[role ?? ""] ?? 0;

/** @typedef {{role?: string | null, target?: string | null, oneself?: boolean}} About */

/** Of what one is to a chat. @type {Record<string, (who: Standing, about: About) => boolean>} */
export const CHAT_RULES = {
  see: (who) => who.role !== null || (isPublic(who) && who.workspaceRole !== "guest"),
  read: (who) => who.role !== null,
  always_post: (who) => rulesChannel(who) || (isPublic(who) && who.role !== null && rules(who.workspaceRole)),
  join: (who) => isPublic(who) && (who.role !== null || who.workspaceRole !== "guest"),
  leave: (who) => who.role !== null && who.type !== "single",
  rename: (who) => rulesChannel(who) || (who.type === "group" && who.role !== null),
  add_people(who) {
    if (who.type === "private_channel") return rules(who.role);
    return (who.type === "group" || isPublic(who)) && who.role !== null;
  },
  /** Another member, whose role in the chat is `role`. */
  remove(who, { role }) {
    if (who.type === "group") return who.role === "owner";
    return rulesChannel(who) && role !== "owner";
  },
  /** Make a member a `role`. */
  change_role(who, { role, oneself = false }) {
    if (who.type === "single" || who.role === null) return false;
    return who.role === "owner" || (oneself && chatRank(role) <= chatRank(who.role));
  },
  delete_anothers_message(who) {
    if (who.type === "group") return who.role === "owner";
    return rulesChannel(who) || (isPublic(who) && rules(who.workspaceRole));
  },
  delete_chat(who) {
    if (who.type === "single") return false;
    return who.role === "owner" || (isPublic(who) && who.workspaceRole === "owner");
  },
};

/** @param {string} mine @param {string | null | undefined} role */
const grants = (mine, role) => mine === "owner" || rank(role) < rank(mine);
/** @param {string} mine @param {string | null | undefined} target */
const isAbove = (mine, target) => rules(mine) && rank(target) < rank(mine);

/** Of one's role in a workspace. @type {Record<string, (mine: string, about: About) => boolean>} */
export const WORKSPACE_RULES = {
  make_chats: (mine) => mine !== "guest",
  rename_workspace: (mine) => rules(mine),
  delete_workspace: (mine) => mine === "owner",
  /** As `role`, or at all. */
  invite: (mine, { role = "guest" }) => rules(mine) && grants(mine, role),
  withdraw_invites: (mine) => rules(mine),
  /** Another, who is `target`, to `role`. */
  change_workspace_role: (mine, { target, role }) => isAbove(mine, target) && grants(mine, role),
  lower_oneself: (mine, { role }) => rank(role) < rank(mine),
  /** Another, who is `role`. */
  remove_from_workspace: (mine, { role }) => isAbove(mine, role),
  moderate: (mine) => rules(mine),
  /** Another, who is `role`, or null who has left. */
  suspend: (mine, { role }) => (role === null ? rules(mine) : isAbove(mine, role)),
  read_audit: (mine) => mine === "owner",
};
