/** A chat by its address: one of one's own, a public channel that one is not in, or none. */
import { useEffect, useState } from "../html.js";
import { loadChat } from "../actions.js";

/**
 * @param {number} chatId @param {any} known of the list of one's own chats
 * @returns {{chat: any, isMissing: boolean}}
 */
export function useVisit(chatId, known) {
  const [found, setFound] = useState(/** @type {any} */ (undefined));
  const isOther = found && found.id !== chatId;
  useEffect(() => {
    if (known) return setFound(undefined);
    let isOver = false;
    loadChat(chatId).then(
      (/** @type {any} */ chat) => !isOver && setFound(chat),
      (/** @type {any} */ error) =>
        !isOver && setFound(error.status === 404 || error.status === 422 ? null : undefined),
    );
    return () => void (isOver = true);
  }, [chatId, known === undefined]);
  const visited = isOther ? undefined : found;
  return { chat: known ?? visited ?? undefined, isMissing: !known && visited === null };
}
