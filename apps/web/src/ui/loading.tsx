/** Until a page is there. */
export const loading = <p className="text-soft p-8 text-center">Loading…</p>
