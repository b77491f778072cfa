import type { CampaignState, StatePatch } from '@tablecast/contracts'
import { Trash2 } from 'lucide-react'
import { type FormEvent, type ReactNode, useId } from 'react'
import { newId } from '../../../api.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { textOf } from '../../../ui/form.ts'
import { Switch } from '../../../ui/switch.tsx'
import { Section } from '../../../ui/section.tsx'
import { ScenePictureEditor } from '../pictures/dm/parts.ts'
import type { Where } from '../pictures/operate-pictures.ts'
import { DraftField } from './DraftField.tsx'
import { currentVersion, useEdit } from './use-edit.tsx'
import { whoSees } from './who-sees/seen-by.ts'
import { WhoSees } from './who-sees/WhoSees.tsx'

/** Scene, threats, beats and surroundings, each with a switch that shows it to the players. */
export function WorldEditor({ state, where }: { state: CampaignState; where: Where }) {
  const { campaignId } = where
  const edit = useEdit()
  const change = (what: string, patch: StatePatch) => void edit({ what, patch, baseVersion: currentVersion() })
  return (
    <div>
      <div data-scene-picture>
        <Section title="Scene">
          <DraftField
            label="Scene"
            rows={2}
            value={state.scene}
            draftKey={`${campaignId}.scene`}
            toPatch={(scene) => ({ scene })}
          />
          <DraftField
            className="mt-2"
            label="Status"
            maxLength={200}
            value={state.status}
            draftKey={`${campaignId}.status`}
            toPatch={(status) => ({ status })}
          />
          <ScenePictureEditor where={where} state={state} />
        </Section>
      </div>
      <Section title="Threats">
        {state.threats.map(({ id, name, detail, visible }) => (
          <Row
            key={id}
            name={name}
            visible={visible}
            onVisible={(next) => change(name, { threats: { upsert: [{ id, visible: next }] } })}
            onRemove={() => change(name, { threats: { remove: [id] } })}
          >
            <DraftField
              label={`Threat ${name}`}
              maxLength={200}
              value={name}
              draftKey={`${campaignId}.threat.${id}`}
              toPatch={(text) => (text.trim() ? { threats: { upsert: [{ id, name: text.trim() }] } } : null)}
            />
            <DraftField
              label={`Details of ${name}`}
              rows={2}
              value={detail}
              draftKey={`${campaignId}.threat.${id}.detail`}
              toPatch={(text) => ({ threats: { upsert: [{ id, detail: text }] } })}
            />
          </Row>
        ))}
        <AddLine
          adds="threat"
          label="New threat"
          onAdd={(name) => change(name, { threats: { upsert: [{ id: newId(), name, detail: '', visible: false }] } })}
        />
      </Section>
      <Section title="Story beats">
        {state.beats.map(({ id, text, done, visible }) => (
          <Row
            key={id}
            name={text}
            visible={visible}
            onVisible={(next) => change(text, { beats: { upsert: [{ id, visible: next }] } })}
            onRemove={() => change(text, { beats: { remove: [id] } })}
            extra={
              <Switch
                label="Done"
                checked={done}
                onChange={(next) => change(text, { beats: { upsert: [{ id, done: next }] } })}
              />
            }
          >
            <DraftField
              label={done ? 'Beat (done)' : 'Beat'}
              maxLength={200}
              value={text}
              draftKey={`${campaignId}.beat.${id}`}
              toPatch={(next) => (next.trim() ? { beats: { upsert: [{ id, text: next.trim() }] } } : null)}
            />
          </Row>
        ))}
        <AddLine
          adds="beat"
          label="New beat"
          onAdd={(text) => change(text, { beats: { upsert: [{ id: newId(), text, done: false, visible: false }] } })}
        />
      </Section>
      <Section title="Around the party">
        {state.environment.map(({ id, text, visible }) => (
          <Row
            key={id}
            name={text}
            visible={visible}
            onVisible={(next) => change(text, { environment: { upsert: [{ id, visible: next }] } })}
            onRemove={() => change(text, { environment: { remove: [id] } })}
          >
            <DraftField
              label="Weather, light…"
              maxLength={200}
              value={text}
              draftKey={`${campaignId}.env.${id}`}
              toPatch={(next) => (next.trim() ? { environment: { upsert: [{ id, text: next.trim() }] } } : null)}
            />
          </Row>
        ))}
        <AddLine
          adds="surrounding"
          label="Weather, light…"
          onAdd={(text) => change(text, { environment: { upsert: [{ id: newId(), text, visible: true }] } })}
        />
      </Section>
    </div>
  )
}

type RowProps = {
  name: string
  visible: boolean
  onVisible: (visible: boolean) => void
  onRemove: () => void
  extra?: ReactNode
  children: ReactNode
}

function Row({ name, visible, onVisible, onRemove, extra, children }: RowProps) {
  return (
    <div role="group" aria-label={name} className="border-line mb-2 rounded-xl border p-3">
      {children}
      <div className="mt-1 flex flex-wrap items-center gap-x-2">
        <Switch label="Visible to players" checked={visible} onChange={onVisible} />
        {extra}
        <WhoSees of={name} seenBy={whoSees({ visible })} className="ml-auto" />
        <IconButton label={`Remove ${name}`} onClick={onRemove}>
          <Trash2 size={16} />
        </IconButton>
      </div>
    </div>
  )
}

function AddLine({ label, adds, onAdd }: { label: string; adds: string; onAdd: (text: string) => void }) {
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const text = textOf(new FormData(form), 'text')
    if (text) onAdd(text)
    form.reset()
  }
  return (
    <form className="flex gap-2" onSubmit={submit}>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input id={id} name="text" data-adds={adds} className="input" placeholder={label} maxLength={200} />
      <Button type="submit">Add</Button>
    </form>
  )
}
