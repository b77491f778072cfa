import type { Probe } from '../ops/dependencies.ts'
import { httpProbe } from '../ops/probes.ts'
import { originOf } from './auth0.ts'

/** Fetches the public keys of the provider, which every token is verified with. */
export const accountsProbe = ({ domain }: { domain: string }): Probe =>
  httpProbe({ name: 'Accounts', detail: originOf(domain), url: `${originOf(domain)}/.well-known/jwks.json` })
