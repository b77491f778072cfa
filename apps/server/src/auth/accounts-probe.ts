import type { Probe } from '../ops/dependencies.ts'
import { httpProbe } from '../ops/probes.ts'
import { originOf } from './auth0.ts'

/** Asks for the keys that tokens are checked with. */
export const accountsProbe = ({ domain }: { domain: string }): Probe =>
  httpProbe({ name: 'Accounts', detail: originOf(domain), url: `${originOf(domain)}/.well-known/jwks.json` })
