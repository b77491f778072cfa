import { randomBytes } from 'node:crypto'

/** 144 bits. */
export const newCode = (): string => randomBytes(18).toString('base64url')
