import type { LibraryItem } from '@tablecast/contracts'
import { RotateCcw } from 'lucide-react'
import { Button } from '../../../../ui/button.tsx'
import { useServerNow } from '../../../../use-server-now.ts'
import { deletedFacts } from './campaign-facts.ts'

type Props = { campaigns: readonly LibraryItem[]; onRestore: (campaign: LibraryItem) => void }

/** Campaigns that can still be restored. */
export function DeletedCampaigns({ campaigns, onRestore }: Props) {
  const now = useServerNow(null)
  return (
    <ul aria-label="Deleted campaigns" className="flex flex-col gap-2">
      {campaigns.map((campaign) => (
        <li key={campaign.id} className="border-line flex flex-wrap items-center gap-2 rounded-xl border p-3">
          <div className="min-w-0 grow">
            <p className="font-semibold [overflow-wrap:anywhere]">{campaign.name}</p>
            <p className="text-soft text-xs">{deletedFacts(campaign, now)}</p>
          </div>
          <Button aria-label={`Restore ${campaign.name}`} onClick={() => onRestore(campaign)}>
            <RotateCcw size={16} aria-hidden="true" /> Restore
          </Button>
        </li>
      ))}
    </ul>
  )
}
