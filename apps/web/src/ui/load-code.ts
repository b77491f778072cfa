// Fetches the files of a later part of the page, and runs them only when all are here.
//
// An import that failed fails for as long as the page is open, because a browser remembers that (in Chromium since version 150). On a line that
// comes and goes “Try again” would never help. A fetch that failed is forgotten, and the import takes its files from the browser's cache.

/** The page hears of each part that could not be loaded. */
export const PART_MISSING = 'tablecast:part-missing'

const loadings = new Map<string, Promise<void>>()
let isForPage = false

/**
 * Loads what a whole page needs, and asks for each file once: it preloads them, and the import takes a preloaded file as it is. A file that
 * `fetch` brought is asked for a second time, from the browser's cache. With `fetch`, a DM's and a player's page made 138 requests together,
 * and not 97.
 *
 * A preload that failed is remembered as an import is, so this is only for pages that a person has to reload when they fail. `load` must
 * call `import()` before it waits for anything.
 */
export function loadPage<Page>(load: () => Promise<Page>): Promise<Page> {
  isForPage = true
  try {
    return load()
  } finally {
    isForPage = false
  }
}

/**
 * The build puts this around each `import()`. `files`: the file and all that it imports, as paths on this server; empty for a file that
 * imports nothing, which no button loads.
 */
export async function loadCode<Module>(run: () => Promise<Module>, files: readonly string[] = []): Promise<Module> {
  try {
    await Promise.all(files.map(loadedOnce))
    return await run()
  } catch (error) {
    dispatchEvent(new Event(PART_MISSING))
    throw error
  }
}

function loadedOnce(file: string): Promise<void> {
  const url = new URL(file, location.origin).href
  const known = loadings.get(url)
  if (known) return known
  const loading = file.endsWith('.css') ? loadStyle(url) : loadScript(url)
  loadings.set(url, loading)
  // The next call tries again.
  loading.catch(() => loadings.delete(url))
  return loading
}

async function loadScript(url: string): Promise<void> {
  if (isInPage('script', 'src', url) || isInPage('link', 'href', url)) return
  if (isForPage) return await loadLink({ rel: 'preload', as: 'script', crossOrigin: 'anonymous', href: url })
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`)
  await response.arrayBuffer()
}

async function loadStyle(url: string): Promise<void> {
  if (!isInPage('link', 'href', url)) await loadLink({ rel: 'stylesheet', href: url })
}

async function loadLink(attributes: Partial<HTMLLinkElement> & { href: string }): Promise<void> {
  const link = Object.assign(document.createElement('link'), attributes)
  try {
    await new Promise((resolve, reject) => {
      link.addEventListener('load', resolve)
      link.addEventListener('error', () => reject(new Error(`${attributes.href} could not be loaded`)))
      document.head.append(link)
    })
  } catch (error) {
    link.remove()
    throw error
  }
}

/** Whether the page came with an element for this file. */
const isInPage = (element: 'script' | 'link', attribute: 'src' | 'href', url: string): boolean =>
  document.querySelector(`${element}[${attribute}="${new URL(url).pathname}"]`) !== null
