/**
 * One's own account: profile, password, sessions, second factor, tokens, blocks.
 */

import { all, api } from "../api.js";
import { send } from "../http.js";
import { account } from "../session.js";
import { dispatch } from "../store.js";

/** @param {any} me */
function show(me) {
  account.value = me;
  dispatch({ type: "local.users", people: [me] });
}

/** Afresh: signing in does not tell whether the address is confirmed, and it may have been meanwhile. */
export const loadProfile = async () => show(await api.get("/users/me"));

/** @param {{name?: string, avatar_url?: string | null}} changes */
export const updateProfile = async (changes) => show(await api.patch("/users/me", changes));

/** Every other session ends. @param {string} current @param {string} next */
export const changePassword = (current, next) =>
  api.post("/auth/password", { current_password: current, new_password: next });

/** Whoever has the address, or nobody. @param {string} email */
export const forgotPassword = (email) => send("POST", "/api/auth/forgot", { body: { email } });

/** A mail to one's own address, with a link that proves it. */
export const sendVerification = () => api.post("/auth/verification");

/** @returns {Promise<any[]>} */
export const loadSessions = async () => (await api.get("/auth/sessions")).items;

/** @param {number} sessionId */
export const endSession = (sessionId) => api.delete(`/auth/sessions/${sessionId}`);

export const loadSecondFactor = () => api.get("/auth/second-factor");

/** @param {string} password */
export const beginSecondFactor = (password) => api.post("/auth/second-factor", { password });

/** @param {string} code */
export const confirmSecondFactor = (code) => api.post("/auth/second-factor/confirm", { code });

/** @param {string} password @param {string} code */
export const renewRecoveryCodes = (password, code) =>
  api.post("/auth/second-factor/recovery-codes", { password, code });

/** @param {string} password @param {string} code */
export const endSecondFactor = (password, code) => api.post("/auth/second-factor/off", { password, code });

/** @returns {Promise<any[]>} */
export const loadTokens = async () => (await api.get("/auth/tokens")).items;

/** @param {{name: string, scopes: string[], expires_in?: number}} plan */
export const createToken = (plan) => api.post("/auth/tokens", plan);

/** @param {number} tokenId */
export const endToken = (tokenId) => api.delete(`/auth/tokens/${tokenId}`);

/** One page. @param {{cursor?: string | null}} [query] */
export const loadOwnAudit = (query = {}) => api.get("/auth/audit", query);

export const loadBlocks = () => all("/users/me/blocks");

/** @param {number} userId */
export const block = (userId) => api.post("/users/me/blocks", { user_id: userId });

/** @param {number} userId */
export const unblock = (userId) => api.delete(`/users/me/blocks/${userId}`);
