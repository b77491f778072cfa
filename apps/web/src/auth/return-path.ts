/** The stored path to return to after signing in, for an answer of the provider that does not carry it. */
export const RETURN_KEY = 'tablecast.return'
