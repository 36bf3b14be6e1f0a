/**
 * Suspensions, reports and logs of acts. They are looked at now and then, so their lists are not kept in the state.
 */

import { all, api } from "../api.js";

/** @param {number} workspaceId */
export const loadSuspensions = (workspaceId) => all(`/workspaces/${workspaceId}/suspensions`);

/** @param {number} workspaceId @param {number} userId @param {string} [reason] */
export const suspend = (workspaceId, userId, reason) =>
  api.post(`/workspaces/${workspaceId}/suspensions`, { user_id: userId, ...(reason ? { reason } : {}) });

/** @param {number} workspaceId @param {number} userId */
export const liftSuspension = (workspaceId, userId) => api.delete(`/workspaces/${workspaceId}/suspensions/${userId}`);

/** One page. @param {number} workspaceId @param {{resolved?: boolean, cursor?: string | null}} [query] */
export const loadReports = (workspaceId, query = {}) => api.get(`/workspaces/${workspaceId}/reports`, query);

/** @param {number} workspaceId @param {number} reportId @param {boolean} resolved */
export const resolveReport = (workspaceId, reportId, resolved) =>
  api.patch(`/workspaces/${workspaceId}/reports/${reportId}`, { resolved });

/** One page. @param {number} workspaceId @param {{action?: string, actor_id?: number, cursor?: string | null}} [query] */
export const loadAudit = (workspaceId, query = {}) => api.get(`/workspaces/${workspaceId}/audit`, query);
