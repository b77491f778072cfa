import { networkInterfaces } from 'node:os'

/** The addresses by which others on the local network reach this machine. */
export const lanAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flat()
    .filter((net) => net !== undefined && net.family === 'IPv4' && !net.internal)
    .map((net) => net?.address ?? '')
