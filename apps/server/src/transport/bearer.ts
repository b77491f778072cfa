/** The token of an `Authorization` header, or of a `token=` that has none around it. */
export const bareToken = (text: string | null | undefined): string | null => text?.replace(/^Bearer /i, '') || null
