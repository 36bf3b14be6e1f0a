/**
 * DOMPurify as a module: its package has a small build for `<script>` alone, and its modules are twice as large.
 */

import "dompurify/min";

/** @type {typeof import("dompurify")} */
export default /** @type {any} */ (globalThis).DOMPurify;
