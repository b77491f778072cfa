/** Browsers have service workers over https and on the same machine. One that keeps nothing, as a private window, goes without. */
export async function registerWorker(): Promise<void> {
  // In development Vite serves the pages, and has no worker.
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return
  // This page came through the worker, which the browser compares with the server's by itself. Asking again would keep one that is leaving.
  if (navigator.serviceWorker.controller) return
  await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => {})
}
