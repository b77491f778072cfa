// Describes a patch for the person who must approve it.
import { applyPatch } from './patch.ts'
import type { CampaignState, StatePatch } from './state.ts'

/** One line for each change. */
export function describePatch(before: CampaignState, patch: StatePatch): string[] {
  const after = applyPatch(before, patch)
  const lines: string[] = []
  if (after.scene !== before.scene) lines.push(`Scene: ${after.scene || 'none'}`)
  if (after.status !== before.status) lines.push(`Status: ${after.status || 'none'}`)
  lines.push(...characterLines(before, after))
  const listed = (name: string, was: readonly Named[], is: readonly Named[]) => {
    const old = new Map(was.map((item) => [item.id, item]))
    const now = new Set(is.map(({ id }) => id))
    for (const item of is) {
      const known = old.get(item.id)
      if (!known) lines.push(`New ${name}${item.visible ? '' : ' (hidden)'}: ${item.label}`)
      else if (known.label !== item.label) lines.push(`${capital(name)}: ${known.label} → ${item.label}`)
      else if (known.visible !== item.visible)
        lines.push(`${capital(name)} ${item.visible ? 'revealed' : 'hidden'}: ${item.label}`)
    }
    for (const item of was) if (!now.has(item.id)) lines.push(`${capital(name)} gone: ${item.label}`)
  }
  listed('condition', before.environment.map(withLabel), after.environment.map(withLabel))
  listed('threat', before.threats.map(threatLabel), after.threats.map(threatLabel))
  listed('beat', before.beats.map(beatLabel), after.beats.map(beatLabel))
  if (after.turn.round !== before.turn.round) lines.push(`Round ${after.turn.round}`)
  if (after.turn.current !== before.turn.current) {
    const acting = after.characters.find(({ id }) => id === after.turn.current)
    lines.push(acting ? `It is ${acting.name}’s turn` : 'Nobody’s turn')
  }
  if (after.dmNotes !== before.dmNotes) lines.push('DM notes changed')
  if (after.encounter && !before.encounter) lines.push(`The fight starts: ${after.encounter.name}`)
  if (before.encounter && !after.encounter) lines.push(`The fight ends: ${before.encounter.name}`)
  if ((after.playersHeal ?? false) !== (before.playersHeal ?? false))
    lines.push(after.playersHeal ? 'Players may heal each other' : 'Players may no longer heal each other')
  lines.push(...pictureLines(before, after), ...mapLines(before, after))
  return lines
}

function mapLines(before: CampaignState, after: CampaignState): string[] {
  const lines: string[] = []
  const old = new Map(before.maps?.map((map) => [map.id, map]))
  for (const { id, title } of after.maps ?? []) if (!old.delete(id)) lines.push(`New map: ${title}`)
  for (const { title } of old.values()) lines.push(`Map gone: ${title}`)
  if (before.shownMap?.mapId !== after.shownMap?.mapId) {
    const shown = after.maps?.find(({ id }) => id === after.shownMap?.mapId)
    lines.push(shown ? `Map shown: ${shown.title}` : 'The map is closed')
  }
  return lines
}

function pictureLines(before: CampaignState, after: CampaignState): string[] {
  const lines: string[] = []
  const old = new Map(before.handouts?.map((handout) => [handout.id, handout]))
  for (const { id, title, shownTo } of after.handouts ?? []) {
    const known = old.get(id)
    if (!known) lines.push(`New handout: ${title}`)
    else if (known.shownTo !== shownTo)
      lines.push(shownTo === 'nobody' ? `Handout hidden: ${title}` : `Handout shown: ${title}`)
    old.delete(id)
  }
  for (const { title } of old.values()) lines.push(`Handout gone: ${title}`)
  if (before.scenePicture?.pictureId !== after.scenePicture?.pictureId)
    lines.push(after.scenePicture ? 'The scene has another picture' : 'The scene has no picture any more')
  return lines
}

type Named = { id: string; label: string; visible: boolean }
const withLabel = ({ id, text, visible }: CampaignState['environment'][number]): Named => ({ id, label: text, visible })
const threatLabel = ({ id, name, detail, visible }: CampaignState['threats'][number]): Named => ({
  id,
  label: detail ? `${name} (${detail})` : name,
  visible,
})
const beatLabel = ({ id, text, done, visible }: CampaignState['beats'][number]): Named => ({
  id,
  label: `${text}${done ? ' ✓' : ''}`,
  visible,
})
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function characterLines(before: CampaignState, after: CampaignState): string[] {
  const old = new Map(before.characters.map((character) => [character.id, character]))
  const now = new Set(after.characters.map(({ id }) => id))
  const lines: string[] = []
  for (const { id, name, hp, conditions, downed, concentration, alias } of after.characters) {
    const known = old.get(id)
    if (!known) {
      lines.push(`New character: ${name}`)
      continue
    }
    if (known.name !== name) lines.push(`${known.name} is called ${name}`)
    if (known.hp.current !== hp.current) lines.push(`${name}: ${known.hp.current} → ${hp.current} hit points`)
    for (const condition of conditions) if (!known.conditions.includes(condition)) lines.push(`${name}: ${condition}`)
    for (const condition of known.conditions)
      if (!conditions.includes(condition)) lines.push(`${name}: no longer ${condition}`)
    if (downed?.state !== known.downed?.state) lines.push(`${name}: ${downed?.state ?? 'up again'}`)
    if (concentration?.on !== known.concentration?.on)
      lines.push(`${name}: ${concentration ? `concentrates on ${concentration.on}` : 'no longer concentrates'}`)
    if ((alias ?? null) !== (known.alias ?? null))
      lines.push(alias ? `Players know ${name} as ${alias}` : `Players know the name of ${name}`)
  }
  for (const { id, name } of before.characters) if (!now.has(id)) lines.push(`${name} is gone`)
  return lines
}
