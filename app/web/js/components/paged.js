/** Lists that nobody else needs: fetched page by page by the screen that shows them. */
import { html, useCallback, useEffect, useRef, useState } from "../html.js";
import { complaint } from "../complaints.js";
import { t } from "../i18n.js";
import { Button } from "./Button.js";
import { EmptyState } from "./EmptyState.js";
import { FormError } from "./Form.js";
import { Loading } from "./Spinner.js";

/** @typedef {{items: any[], cursor: string | null, busy: boolean, error: string, isIn: boolean}} Pages */

/** @type {Pages} */
const NOTHING = { items: [], cursor: null, busy: true, error: "", isIn: false };

/**
 * @param {(cursor: string | null) => Promise<any>} load a page, or all there is as an array
 * @param {any[]} [depends] on what the list depends
 * @returns {Pages & {more: () => void, reload: () => void, change: (items: (old: any[]) => any[]) => void}}
 */
export function usePaged(load, depends = []) {
  const [pages, setPages] = useState(NOTHING);
  const turn = useRef(0);
  const turnTo = useCallback(async (/** @type {string | null} */ cursor) => {
    const mine = ++turn.current;
    setPages((old) => ({
      ...(cursor ? old : { ...NOTHING, items: old.items, isIn: old.isIn }),
      busy: true,
      error: "",
    }));
    const answer = await load(cursor).catch((/** @type {any} */ error) => ({ error }));
    const news = Array.isArray(answer) ? { items: answer } : answer;
    if (mine !== turn.current) return;
    if (news.error) setPages((old) => ({ ...old, busy: false, error: complaint(news.error) }));
    else
      setPages((old) => ({
        items: cursor ? [...old.items, ...news.items] : news.items,
        cursor: news.next_cursor ?? null,
        busy: false,
        error: "",
        isIn: true,
      }));
  }, depends);
  useEffect(() => {
    setPages(NOTHING);
    turnTo(null);
    return () => void turn.current++;
  }, [turnTo]);
  return {
    ...pages,
    more: () => turnTo(pages.cursor),
    reload: () => turnTo(null),
    change: (make) => setPages((old) => ({ ...old, items: make(old.items) })),
  };
}

/**
 * @param {{pages: ReturnType<typeof usePaged>, row: (item: any) => any, empty: {icon: string, title: string,
 * text?: string}}} props
 */
export function Paged({ pages, row, empty }) {
  if (!pages.isIn && pages.busy) return html`<${Loading} />`;
  return html`
    <${FormError} error=${pages.error} />
    ${pages.error && html`<div><${Button} icon="retry" onClick=${pages.reload}>${t("try_again")}<//></div>`}
    ${
      pages.items.length > 0 &&
      html`<ul class="rows">
        ${pages.items.map(row)}
      </ul>`
    }
    ${
      pages.isIn &&
      pages.items.length === 0 &&
      html`<${EmptyState} icon=${empty.icon} title=${empty.title}>${empty.text && html`<p>${empty.text}</p>`}<//>`
    }
    ${pages.cursor && html`<div><${Button} busy=${pages.busy} onClick=${pages.more}>${t("show_more")}<//></div>`}
  `;
}
