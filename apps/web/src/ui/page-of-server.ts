/** The script that the server's page begins with; null where the server can't be reached: the browser's own page about that never comes back. */
export async function scriptOfServer(): Promise<string | null> {
  const answer = await fetch(location.pathname, { cache: 'no-store', headers: { accept: 'text/html' } })
  return answer.ok ? scriptOf(new DOMParser().parseFromString(await answer.text(), 'text/html')) : null
}

export const scriptOf = (page: Document): string | null =>
  page.querySelector('script[type=module]')?.getAttribute('src') ?? null

/** While nodes of two versions answer, the next one may not have a script of the other, and a page without its script stays empty. */
export const isThere = async (script: string): Promise<boolean> => (await fetch(script)).ok
