import type { PlayerView } from '@tablecast/contracts'
import { AsWritten, Guard } from '../../../ui/guard.tsx'
import { Surroundings } from './Surroundings.tsx'

/** The surroundings, or their words alone where they can't be drawn. */
export function World({ view }: { view: PlayerView }) {
  const { scene, status, environment, threats, beats } = view
  const words = [
    scene,
    status,
    ...environment.map(({ text }) => text),
    ...threats.map(({ name, detail }) => `${name}: ${detail}`),
    ...beats.map(({ text }) => text),
  ]
  return (
    <Guard of={view} instead={<AsWritten text={words.join('\n')} />}>
      <Surroundings view={view} />
    </Guard>
  )
}
