import { TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import type { Address } from './use-address.ts'

/** Lets the DM choose the address in the link, and warns of a link that phones can't open. */
export function AddressChoice({ address: { origin, origins, isOnlyHere, choose } }: { address: Address }) {
  const id = useId()
  if (isOnlyHere)
    return (
      <div role="status" className="border-line mt-4 flex items-start gap-3 rounded-xl border p-3 text-sm">
        <TriangleAlert size={18} aria-hidden="true" className="text-warn mt-0.5 shrink-0" />
        <p>
          <strong className="block">This link works on this computer only.</strong>
          For phones and other computers, stop Tablecast and start it for your network:{' '}
          <code className="bg-raised rounded px-1.5 py-0.5">npx -y pnpm start --lan</code>
        </p>
      </div>
    )
  if (origins.length < 2) return null
  return (
    <div className="mt-4">
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        Address in the link
      </label>
      <select id={id} className="input" value={origin} onChange={(event) => choose(event.target.value)}>
        {origins.map((one) => (
          <option key={one} value={one}>
            {new URL(one).host}
          </option>
        ))}
      </select>
      <p className="text-soft mt-1 text-xs">If a phone can’t open the link, try another address.</p>
    </div>
  )
}
