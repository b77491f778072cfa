import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../../../queries.tsx'
import { addressesFor } from './addresses-for.ts'

export type Address = {
  /** The address that invite links get. */
  origin: string
  /** All that the DM may choose from. */
  origins: readonly string[]
  /** Other devices can't open the link. */
  isOnlyHere: boolean
  choose(origin: string): void
}

/** The address in this room's invite links: one that phones reach, where the server has one. */
export function useAddress(roomId: string): Address {
  const { data, isSuccess } = useQuery(queries.rooms.addresses.queryOptions({ roomId }))
  const [chosen, choose] = useState<string | null>(null)
  const { origins, isOnlyHere } = addressesFor(location.origin, data?.origins ?? [])
  const origin = origins.find((one) => one === chosen) ?? origins[0] ?? location.origin
  return { origin, origins, isOnlyHere: isSuccess && isOnlyHere, choose }
}
