/** Parts of the state as signals of their own: who reads one is not woken by what happens in the others. */
import { computed } from "./html.js";
import { state } from "./store.js";

/** @type {import("@preact/signals").ReadonlySignal<Record<number, import("./types").Person>>} */
export const users = computed(() => state.value.users.byId);

export const presence = computed(() => state.value.presence);

/** One's own id; 0 while there is none. */
export const me = computed(() => state.value.me ?? 0);
