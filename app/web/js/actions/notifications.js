/**
 * What one wants to be told of while one is away; the browser's own part is in `push.js`.
 */

import { api } from "../api.js";
import { dispatch } from "../store.js";

const SUBSCRIPTIONS = "/notifications/push/subscriptions";

/** @returns {Promise<any[]>} the browsers to which is pushed */
export const loadSubscriptions = async () => (await api.get(SUBSCRIPTIONS)).items;

/** @param {number} subscriptionId */
export const endSubscription = (subscriptionId) => api.delete(`${SUBSCRIPTIONS}/${subscriptionId}`);

/** @returns {Promise<{paused_until: string | null, chats: {chat_id: number, level: string}[]}>} */
export async function loadNotificationSettings() {
  const settings = await api.get("/notifications/settings");
  dispatch({ type: "local.levels", chats: settings.chats });
  return settings;
}

/** @param {string | null} until */
export const pauseNotifications = (until) => api.patch("/notifications/settings", { paused_until: until });

/** @param {number} chatId @returns {Promise<{level: string}>} */
export const loadLevel = (chatId) => api.get(`/chats/${chatId}/notifications`);

/** @param {number} chatId @param {string} level */
export async function changeLevel(chatId, level) {
  await api.patch(`/chats/${chatId}/notifications`, { level });
  dispatch({ type: "local.level", chatId, level });
}
