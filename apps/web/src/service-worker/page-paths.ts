/**
 * The pages of `routes.tsx` that get the offline page. An overlay does not: its browser would show the words to a whole audience. All else
 * at this address, such as files and the documentation, never passes through the worker.
 */
const PAGES =
  /^\/(?:more|join\/[^/]+|r\/[^/]+(?:\/(?:dm|tv|as(?:\/[^/]+)?))?|arena(?:\/[^/]+)?|topics|market|signals(?:\/[^/]+)?|ops)?\/?$/

export const isPage = (pathname: string): boolean => PAGES.test(pathname)
