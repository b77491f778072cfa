import { Switch } from '../../../ui/switch.tsx'
import { type TurnCue, useTurnSound } from '../use-news.ts'

export function TurnSoundSwitch({ cue }: { cue: TurnCue }) {
  const sound = useTurnSound(cue)
  return <Switch label="Turn sound" command="Table" checked={sound.isOn} onChange={sound.choose} />
}
