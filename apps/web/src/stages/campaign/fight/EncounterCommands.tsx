import { useQuery } from '@tanstack/react-query'
import { useCommands } from '../../../keys/commands.ts'
import { queries } from '../../../queries.tsx'
import type { TabName } from '../dm/console-tabs.ts'
import type { Where } from './use-operate.ts'

type Props = { where: Where; show: (tab: TabName) => void }

/** The prepared encounters in the palette. They open where one tap starts them. */
export function EncounterCommands({ where, show }: Props) {
  const { data } = useQuery(queries.encounters.list.queryOptions(where))
  useCommands(() =>
    (data?.encounters ?? []).map(({ id, name }) => ({
      id: `encounter.${id}`,
      label: `Encounter ${name}`,
      group: 'Encounters',
      words: 'fight combat prepared',
      run: () => show('encounters'),
    })),
  )
  return null
}
