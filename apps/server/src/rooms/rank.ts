import { type Role, roles } from '@tablecast/contracts'

/** 0 for the owner; a lower role has a higher number. */
export const rank = (role: Role): number => roles.indexOf(role)
