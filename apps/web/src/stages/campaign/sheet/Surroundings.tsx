import type { PlayerView } from '@tablecast/contracts'
import { Check, Circle } from 'lucide-react'
import { Flash } from '../../../ui/flash.tsx'
import { Markdown } from '../../../ui/markdown.tsx'
import { Section } from '../../../ui/section.tsx'

export function Surroundings({ view }: { view: PlayerView }) {
  return (
    <>
      {(view.scene || view.status) && (
        <Section title="Scene">
          <Flash value={[view.scene, view.status]}>
            {view.scene && (
              <div className="prose-story">
                <Markdown text={view.scene} />
              </div>
            )}
            {view.status && <p className="text-soft mt-1 text-sm">{view.status}</p>}
          </Flash>
        </Section>
      )}
      <List title="Around you" items={view.environment.map(({ id, text }) => ({ id, text }))} />
      <List
        title="Threats"
        items={view.threats.map(({ id, name, detail }) => ({ id, text: detail ? `${name}: ${detail}` : name }))}
      />
      {view.beats.length > 0 && (
        <Section title="Story so far">
          <ul className="flex flex-col gap-2">
            {view.beats.map(({ id, text, done }) => (
              <li key={id}>
                <Flash value={done} className="flex gap-2">
                  {done ? (
                    <Check size={17} className="text-good mt-0.5 shrink-0" aria-label="Done" />
                  ) : (
                    <Circle size={15} className="text-soft mt-1 shrink-0" aria-label="Open" />
                  )}
                  <span className={done ? 'text-soft' : ''}>{text}</span>
                </Flash>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function List({ title, items }: { title: string; items: { id: string; text: string }[] }) {
  if (items.length === 0) return null
  return (
    <Section title={title}>
      <Flash value={items}>
        <ul className="flex list-disc flex-col gap-1 pl-5 [overflow-wrap:anywhere]">
          {items.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      </Flash>
    </Section>
  )
}
