/**
 * The kit of every component: templates, hooks and signals under one roof.
 */

import { h } from "preact";
import htm from "htm";

export { render, Fragment, createContext } from "preact";
export { useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useContext, useId } from "preact/hooks";
export { signal, computed, effect, batch, untracked, useSignal, useComputed, useSignalEffect } from "@preact/signals";

/** `html`<${Button} onClick=${save}>…</>``: a tagged template that makes elements. */
export const html = htm.bind(h);
