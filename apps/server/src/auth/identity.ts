/** Who calls. `expiresAt`: when the token does, in milliseconds since 1970. */
export type Identity = { userId: string; name: string; kind: 'guest' | 'account'; expiresAt: number }
