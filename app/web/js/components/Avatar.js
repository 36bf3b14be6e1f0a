/** A person as a picture or as initials, and whether the person is here. */
import { html, useState } from "../html.js";
import { initials, tint } from "../format.js";
import { t } from "../i18n.js";

/** @typedef {{id: number, name: string, avatar_url?: string | null}} Person */

/** @param {{state?: string}} props */
export const Presence = ({ state }) => {
  const isHere = state === "online";
  return html`<span
    class=${`presence ${isHere ? "online" : ""}`}
    title=${t(isHere ? "presence.online" : "presence.offline")}
  >
    <span class="hidden">${t(isHere ? "presence.online" : "presence.offline")}</span>
  </span>`;
};

/** Beside the person's name, so it says nothing itself. @param {{person?: Person, presence?: string}} props */
export function Avatar({ person, presence }) {
  const [broken, setBroken] = useState("");
  const url = person?.avatar_url;
  const isShown = url && url.startsWith("https://") && url !== broken;
  return html`<span class="avatar" style=${{ "--hue": tint(person?.id ?? 0) * 30 }}>
    ${
      isShown
        ? html`<img src=${url} alt="" loading="lazy" referrerpolicy="no-referrer" onError=${() => setBroken(url)} />`
        : html`<span aria-hidden="true">${initials(person?.name ?? "?") || "?"}</span>`
    }
    ${presence && html`<${Presence} state=${presence} />`}
  </span>`;
}
