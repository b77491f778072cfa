import { type CampaignState, type PreparedEncounter, startOf } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, messageOf, newKey, newRollingCall } from '../../../../api.ts'
import { queries } from '../../../../queries.tsx'
import { Button } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { Nothing, Section } from '../../../../ui/section.tsx'
import { Switch } from '../../../../ui/switch.tsx'
import { useNotify } from '../../../../ui/toast.tsx'
import { currentVersion, useEdit } from '../../dm/use-edit.tsx'
import { ExportCreatures } from '../creatures/ExportCreatures.tsx'
import { ImportCreatures } from '../creatures/ImportCreatures.tsx'
import { operateAt, type Where } from '../use-operate.ts'
import { creaturesInWords } from './creature-text.ts'
import { emptyDraft, type EncounterDraft, EncounterEditor } from './EncounterEditor.tsx'
import { Heroes, heroesOf } from './Heroes.tsx'

export type EncounterPanelProps = { where: Where; state: CampaignState }

/** Prepares encounters and starts them. While a fight is on, their creatures come as reinforcements. */
export function EncounterPanel({ where, state }: EncounterPanelProps) {
  const { data, error, refetch } = useQuery(queries.encounters.list.queryOptions(where))
  const notify = useNotify()
  const edit = useEdit()
  const [draft, setDraft] = useState<EncounterDraft>(emptyDraft)
  const [absent, setAbsent] = useState<ReadonlySet<string>>(new Set())
  const [isSurprised, setIsSurprised] = useState(false)
  const isFight = Boolean(state.encounter)
  const joining = heroesOf(state)
    .map(({ id }) => id)
    .filter((id) => !absent.has(id))
  const refused = (failure: unknown) => notify('That did not work', messageOf(failure))

  const start = (encounterId: string) =>
    api.encounters.start
      .mutate({ ...where, ...newRollingCall(), encounterId, joining, surprised: isSurprised ? joining : [] })
      .catch(refused)
  const sendIn = (creatures: EncounterDraft['creatures']) =>
    api.encounters.add.mutate({ ...where, ...newRollingCall(), creatures }).catch(refused)
  const save = async (): Promise<PreparedEncounter | null> => {
    const { id, version, name, notes, creatures } = draft
    const title = name.trim() || startOf(creaturesInWords(creatures), 120)
    try {
      const saved = await api.encounters.save.mutate({
        ...where,
        key: newKey(),
        ...(id ? { encounterId: id } : {}),
        version,
        name: title,
        plan: { notes, creatures },
      })
      setDraft(emptyDraft)
      void refetch()
      return saved
    } catch (failure) {
      refused(failure)
      return null
    }
  }
  const begin = async () => {
    const saved = await save()
    if (saved) await start(saved.id)
  }
  const remove = (encounterId: string) =>
    api.encounters.remove.mutate({ ...where, key: newKey(), encounterId }).then(() => refetch(), refused)
  const bringIn = (id: string) =>
    void operateAt(where, (reason) => notify('That did not work', reason))({
      type: 'addFighters',
      fighters: [],
      joining: [id],
    })

  const { encounters = [] } = data ?? {}
  return (
    <>
      <Section title={draft.id ? 'Change the encounter' : isFight ? 'Reinforcements' : 'A new encounter'}>
        <EncounterEditor where={where} draft={draft} change={setDraft}>
          {isFight ? (
            <Button
              look="primary"
              disabled={draft.creatures.length === 0}
              onClick={() => void sendIn(draft.creatures).then(() => setDraft(emptyDraft))}
            >
              Send them in
            </Button>
          ) : (
            <Button look="primary" disabled={draft.creatures.length === 0} onClick={() => void begin()}>
              Start the fight
            </Button>
          )}
          <Button disabled={draft.creatures.length === 0} onClick={() => void save()}>
            Save for later
          </Button>
        </EncounterEditor>
      </Section>
      <Section title="Prepared">
        <Problem text={error ? messageOf(error) : null} />
        {data && encounters.length === 0 && <Nothing>No encounter is prepared.</Nothing>}
        <ul aria-label="Prepared encounters" className="flex flex-col gap-2">
          {encounters.map((encounter) => (
            <li key={encounter.id} className="border-line rounded-xl border p-3">
              <p className="font-semibold">{encounter.name}</p>
              <p className="text-soft text-sm">{creaturesInWords(encounter.plan.creatures) || 'No creatures yet'}</p>
              <div className="mt-2 flex flex-wrap gap-2">
                <Button
                  look="primary"
                  className="!min-h-9 !px-3 text-sm"
                  aria-label={`${isFight ? 'Send in' : 'Start'} ${encounter.name}`}
                  disabled={isFight && encounter.plan.creatures.length === 0}
                  onClick={() => void (isFight ? sendIn(encounter.plan.creatures) : start(encounter.id))}
                >
                  {isFight ? 'Send in' : 'Start'}
                </Button>
                <Button
                  className="!min-h-9 !px-3 text-sm"
                  aria-label={`Change ${encounter.name}`}
                  onClick={() => setDraft({ ...encounter, ...encounter.plan })}
                >
                  Change
                </Button>
                <Confirm
                  title={`Delete ${encounter.name}?`}
                  text="The preparation is deleted. A fight that is on goes on."
                  action="Delete"
                  danger
                  onConfirm={() => void remove(encounter.id)}
                  trigger={
                    <Button look="danger" className="!min-h-9 !px-3 text-sm" aria-label={`Delete ${encounter.name}`}>
                      Delete
                    </Button>
                  }
                />
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Creatures of this room">
        <div className="flex flex-wrap items-center gap-2">
          <ImportCreatures where={where} onImported={() => void refetch()} />
          <ExportCreatures where={where} />
        </div>
      </Section>
      <Section title={isFight ? 'Not in the fight' : 'Who takes part'}>
        <Heroes
          state={state}
          absent={absent}
          setAbsent={setAbsent}
          isSurprised={isSurprised}
          setIsSurprised={setIsSurprised}
          bringIn={bringIn}
        />
        <Switch
          label="Players may heal each other"
          checked={state.playersHeal ?? false}
          onChange={(playersHeal) =>
            void edit({ what: 'Healing each other', patch: { playersHeal }, baseVersion: currentVersion() })
          }
        />
      </Section>
    </>
  )
}
