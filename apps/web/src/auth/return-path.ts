/** Where to go after signing in, for an answer of the provider's that does not say it. */
export const RETURN_KEY = 'tablecast.return'
