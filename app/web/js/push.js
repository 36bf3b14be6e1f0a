/** Web Push of this browser: what the settings show of it, and turning it on and off. */
import { api } from "./api.js";

const SCRIPT = "/sw.js";
const SUBSCRIPTIONS = "/api/notifications/push/subscriptions";

/** Under which the id is kept of who wanted to be told here: somebody else who signs in has not said so. */
const WHO = "push-for";

/** Where the browser can do it at all: in a secure context, and on some phones only once the page is installed. */
export const supported =
  typeof navigator !== "undefined" && "serviceWorker" in navigator && "PushManager" in globalThis &&
  "Notification" in globalThis;

/**
 * @typedef {object} PushState
 * @property {boolean} supported
 * @property {"default" | "denied" | "granted"} permission what the person has told the browser
 * @property {boolean} subscribed whether this browser is told, as far as the server knows too
 */

/** @returns {Promise<PushState>} */
export async function state() {
  if (!supported) return { supported, permission: "denied", subscribed: false };
  const permission = Notification.permission;
  const registration = await navigator.serviceWorker.getRegistration("/");
  const standing = await registration?.pushManager.getSubscription();
  if (permission !== "granted" || !standing) return { supported, permission, subscribed: false };
  return { supported, permission, subscribed: (await mine()).length > 0 };
}

/**
 * Asks the person, if nobody has, and has this browser told. To be called in answer to a click. Resolves to the state
 * behind it: of who says no, `permission` tells.
 * @returns {Promise<PushState>}
 */
export async function subscribe() {
  if (!supported) return state();
  if ((await Notification.requestPermission()) !== "granted") return state();
  const registration = await register();
  const { public_key: key } = await api.get("/api/notifications/push/key");
  let standing = await registration.pushManager.getSubscription();
  if (standing && keyOf(standing) !== key) {
    await standing.unsubscribe();
    standing = null;
  }
  standing ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await api.post(SUBSCRIPTIONS, standing.toJSON());
  localStorage.setItem(WHO, String((await api.get("/api/users/me")).id));
  return state();
}

/** Has this browser told no more. @returns {Promise<PushState>} */
export async function unsubscribe() {
  if (!supported) return state();
  localStorage.removeItem(WHO);
  await Promise.all((await mine()).map(({ id }) => api.delete(`${SUBSCRIPTIONS}/${id}`)));
  const registration = await navigator.serviceWorker.getRegistration("/");
  const standing = await registration?.pushManager.getSubscription();
  await standing?.unsubscribe();
  return state();
}

/**
 * For the start of the page, once one is signed in: follows what the service worker asks for, and tells the server again
 * of a subscription that has outlived its session.
 * @param {(path: string) => void} go leads to a path of the client
 * @param {number} userId of who is signed in
 */
export async function start(go, userId) {
  if (!supported) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.type === "open" && typeof data.path === "string" && data.path.startsWith("/")) go(data.path);
    if (data?.type === "subscribe") renew();
  });
  const { subscribed, permission } = await state();
  if (permission === "granted" && !subscribed && localStorage.getItem(WHO) === String(userId)) await renew();
}

async function renew() {
  if (Notification.permission === "granted") await subscribe().catch(() => undefined);
}

/** Those that hang on the session of this page. @returns {Promise<{id: number}[]>} */
async function mine() {
  const { items } = await api.get(SUBSCRIPTIONS);
  return items.filter((/** @type {{current: boolean}} */ one) => one.current);
}

async function register() {
  await navigator.serviceWorker.register(/** @type {string} */ (policy?.createScriptURL(SCRIPT) ?? SCRIPT), { scope: "/" });
  return navigator.serviceWorker.ready;
}

/** The one script that we name by a string: pages of ours take only what a policy has let through. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("fechatter", {
  createScriptURL(/** @type {string} */ url) {
    if (url !== SCRIPT) throw new TypeError("not ours");
    return url;
  },
});

/** For which server key it was made, in base64url. @param {PushSubscription} standing */
function keyOf(standing) {
  const key = standing.options.applicationServerKey;
  if (!key) return "";
  const text = btoa(String.fromCharCode(...new Uint8Array(key)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
