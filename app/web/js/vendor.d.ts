/** The build of DOMPurify for `<script>`: it exports nothing, and sets a global. */
declare module "dompurify/min";
