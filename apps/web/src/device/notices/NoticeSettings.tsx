import type { PushDevice } from '@tablecast/contracts'
import { Trash2 } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { Problem } from '../../ui/field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { type NoticeSupport, supportWords } from './notice-support.ts'
import { useNotices } from './use-notices.ts'

/** The switches of this device, and the person's other devices. */
export function NoticeSettings() {
  const { support, isCutOff, wants, others, problem, isBusy, choose, remove } = useNotices()
  const isOff = isBusy || support !== 'ok'
  return (
    <div className="flex flex-col gap-4">
      <p className="text-soft text-sm">
        While no page of the table is in sight, this device can say when it matters. A notice shows the name of the
        table and nothing else. It holds for all your tables.
      </p>
      <div className="flex flex-col gap-1">
        <Switch
          label="Tell this device when it’s my turn"
          checked={wants.turn}
          disabled={isOff}
          onChange={(turn) => choose({ turn })}
        />
        <Switch
          label="Tell this device when the table opens"
          checked={wants.opens}
          disabled={isOff}
          onChange={(opens) => choose({ opens })}
        />
      </div>
      <p role="status" className="text-soft text-sm">
        {statusWords(support, isCutOff, wants.turn || wants.opens)}
      </p>
      <Problem text={problem} />
      {others.length > 0 && <Others devices={others} isBusy={isBusy} remove={remove} />}
    </div>
  )
}

function statusWords(support: NoticeSupport | null, isCutOff: boolean, isOn: boolean): string {
  if (support === null) return 'Asking the server…'
  if (support !== 'ok') return supportWords[support]
  if (isCutOff) return 'The server could not send its last notice: it has no way to the internet.'
  return isOn ? 'This device gets notices.' : 'This device gets none. The browser asks you before the first one.'
}

type OthersProps = { devices: readonly PushDevice[]; isBusy: boolean; remove: (id: string) => void }

function Others({ devices, isBusy, remove }: OthersProps) {
  return (
    <section aria-labelledby="other-devices">
      <h3 id="other-devices" className="text-soft mb-2 text-sm">
        Your other devices
      </h3>
      <ul className="flex flex-col gap-2">
        {devices.map((device) => (
          <li key={device.id} className="border-line flex items-center gap-2 rounded-xl border py-1 pr-1 pl-3">
            <div className="min-w-0 grow">
              <p dir="auto" className="truncate font-semibold">
                {device.name}
              </p>
              <p className="text-soft text-sm">{wordsOf(device)}</p>
            </div>
            <IconButton label={`Remove ${device.name}`} disabled={isBusy} onClick={() => remove(device.id)}>
              <Trash2 size={17} />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function wordsOf({ turn, opens, createdAt }: PushDevice): string {
  const kinds = [turn && 'my turn', opens && 'the table opens'].filter(Boolean).join(', ')
  return `${kinds} · since ${new Date(createdAt).toLocaleDateString([], { dateStyle: 'medium' })}`
}
