/**
 * What one wants to be told of while one is away; the browser's own part is in `push.js`.
 */

import { api } from "../api.js";

const SUBSCRIPTIONS = "/notifications/push/subscriptions";

/** @returns {Promise<any[]>} the browsers to which is pushed */
export const loadSubscriptions = async () => (await api.get(SUBSCRIPTIONS)).items;

/** @param {number} subscriptionId */
export const endSubscription = (subscriptionId) => api.delete(`${SUBSCRIPTIONS}/${subscriptionId}`);

/** @returns {Promise<{paused_until: string | null, chats: {chat_id: number, level: string}[]}>} */
export const loadNotificationSettings = () => api.get("/notifications/settings");

/** @param {string | null} until */
export const pauseNotifications = (until) => api.patch("/notifications/settings", { paused_until: until });

/** @param {number} chatId @returns {Promise<{level: string}>} */
export const loadLevel = (chatId) => api.get(`/chats/${chatId}/notifications`);

/** @param {number} chatId @param {string} level */
export const changeLevel = (chatId, level) => api.patch(`/chats/${chatId}/notifications`, { level });
