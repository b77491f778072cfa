/** The token of an `Authorization` header, or of a `token=` parameter, which holds the token alone. Null for an empty one. */
export const bareToken = (text: string | null | undefined): string | null => text?.replace(/^Bearer /i, '') || null
