import type { AccountConfig } from './accounts.ts'

export const accountConfigKey = ({ domain, clientId, audience }: AccountConfig): string =>
  [domain, clientId, audience].join(' ')
