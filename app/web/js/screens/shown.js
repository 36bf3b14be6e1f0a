/**
 * Which address's screen is shown: a chat's as soon as its messages are there, so that one frame shows all of it. What
 * was there stays for a moment instead; the address and the list of chats are the new one's at once.
 */
import { effect, signal, untracked } from "../html.js";
import { openAhead } from "../actions.js";
import { route } from "../router.js";
import { hasFailed, messagesOf } from "../selectors.js";
import { state } from "../store.js";

/** Milliseconds until it is shown that something is being loaded. */
const PATIENCE = 80;

/** What may stay; else one would see the door behind which one is already. */
const STAYS = ["chat", "workspace"];

export const shown = signal(route.peek());

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function show() {
  clearTimeout(timer);
  timer = undefined;
  shown.value = route.peek();
}

/** @param {import("../router.js").Route} next */
function isComing({ name, params: { chatId = 0, messageId } }) {
  if (name !== "chat" || messageId !== undefined) return false;
  return untracked(() => state.value.chats.byId[chatId]?.role) && !messagesOf(chatId) && !hasFailed(chatId);
}

effect(() => {
  const next = route.value;
  if (shown.peek() === next) return;
  if (!STAYS.includes(shown.peek().name) || !isComing(next)) return show();
  // Of several one behind the other the last is shown, and none of them later than the first would have been.
  timer ??= setTimeout(show, PATIENCE);
  untracked(() => openAhead(/** @type {number} */ (next.params.chatId)));
});
