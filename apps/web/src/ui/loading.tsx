/** Shown until a page has loaded. */
export const loading = <p className="text-soft p-8 text-center">Loading…</p>
