/**
 * Who calls. `expiresAt`: when the token does, in milliseconds since 1970. `checkedAt`: when this process began to look at it, by
 * `performance.now()`: what ended the user's connections after that ends this one too.
 */
export type Identity = {
  userId: string
  name: string
  kind: 'guest' | 'account'
  expiresAt: number
  checkedAt: number
}
