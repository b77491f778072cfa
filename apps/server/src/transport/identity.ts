/**
 * The verified user behind a token. `expiresAt` is the end of the token, in milliseconds since 1970. `checkedAt` is the
 * `performance.now()` at which this process began to verify the token: if the user's connections are ended after that, this one ends too.
 */
export type Identity = {
  userId: string
  name: string
  kind: 'guest' | 'account'
  expiresAt: number
  checkedAt: number
}
