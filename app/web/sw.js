/**
 * The service worker: shows what is pushed, and leads back to it. It keeps nothing, and stands between the page and the
 * network nowhere: there is no `fetch` in it to be listened to.
 */
// @ts-check
/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const NAME = "Fechatter";
const SUBSCRIPTIONS = "/api/notifications/push/subscriptions";

/** @typedef {{chatId: number | null, messageId: number | null, title: string, body: string}} Told */

/** What is shown where nothing can be read: browsers want each push to be seen. @type {Told} */
const SOMETHING = { chatId: null, messageId: null, title: NAME, body: "" };

/** @param {unknown} value @returns {number | null} */
function id(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value : "";
}

/** @param {PushMessageData | null} data @returns {Told} */
function read(data) {
  try {
    const said = data?.json();
    const chatId = id(said.chat_id);
    const sender = text(said.sender_name);
    if (chatId === null || !sender) return SOMETHING;
    const chat = said.chat_type === "single" ? "" : text(said.chat_name);
    return {
      chatId,
      messageId: id(said.message_id),
      title: chat ? `${sender} · ${chat}` : sender,
      body: text(said.text),
    };
  } catch {
    return SOMETHING;
  }
}

/** Where a click leads. @param {{chatId: number | null, messageId: number | null} | null | undefined} told */
function pathOf(told) {
  const chatId = id(told?.chatId);
  const messageId = id(told?.messageId);
  if (chatId === null) return "/";
  return messageId === null ? `/chats/${chatId}` : `/chats/${chatId}/messages/${messageId}`;
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => {
  const { title, body, chatId, messageId } = read(event.data);
  // One notification a chat: the newest takes the place of the one before, and makes itself heard again.
  const options = { body, tag: `chat-${chatId ?? "none"}`, renotify: true, data: { chatId, messageId } };
  event.waitUntil(worker.registration.showNotification(title, options));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(pathOf(event.notification.data)));
});

/** In a page of ours that is open, else in a new one. @param {string} path */
async function open(path) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => one.focused) ?? pages.find((one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) return void (await worker.clients.openWindow(path));
  page.postMessage({ type: "open", path });
  await page.focus().catch(() => undefined);
}

// The push service has given the browser another address. A page of ours that is open has a token, and does it; without
// one the session's cookie gets us ours.
worker.addEventListener("pushsubscriptionchange", (event) => {
  /** @type {ExtendableEvent} */ (event).waitUntil(renew());
});

async function renew() {
  const pages = await worker.clients.matchAll({ type: "window" });
  if (pages.length) return pages[0].postMessage({ type: "subscribe" });
  const signedIn = await call("/api/auth/refresh", "POST", { "X-Fechatter-Client": "service-worker" });
  if (!signedIn) return;
  const bearer = { Authorization: `Bearer ${signedIn.access_token}` };
  // Not for somebody else who has signed in here since, and has not asked for it.
  const known = await call(SUBSCRIPTIONS, "GET", bearer);
  if (!known?.items.some((/** @type {{current: boolean}} */ one) => one.current)) return;
  const key = await call("/api/notifications/push/key", "GET", bearer);
  if (!key) return;
  const standing = await worker.registration.pushManager.getSubscription();
  await standing?.unsubscribe();
  const made = await worker.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key.public_key,
  });
  await call(SUBSCRIPTIONS, "POST", bearer, made.toJSON());
}

/**
 * The answer's JSON, or null for a refusal.
 * @param {string} path @param {string} method @param {Record<string, string>} headers @param {unknown} [body]
 */
async function call(path, method, headers, body) {
  /** @type {Record<string, string>} */
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, {
    method,
    headers: { ...headers, ...json },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
  });
  return answer.ok ? await answer.json() : null;
}
