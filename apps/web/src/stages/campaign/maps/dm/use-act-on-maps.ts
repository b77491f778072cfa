import { useNotify } from '../../../../ui/toast.tsx'
import type { Where } from '../../pictures/operate-pictures.ts'
import { type ActOnMaps, actOnMaps } from '../operate-maps.ts'

/** Operations of a DM. The reason of a refusal is shown for a moment. */
export function useActOnMaps(where: Where): ActOnMaps {
  const notify = useNotify()
  return actOnMaps(where, (reason) => notify('That did not work', reason))
}
