import type { Token } from '@tablecast/contracts'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import { Switch } from '../../../../ui/switch.tsx'
import { whoSeesToken } from '../../dm/who-sees/seen-by.ts'
import { WhoSees } from '../../dm/who-sees/WhoSees.tsx'
import type { ActOnMaps } from '../operate-maps.ts'

const sizes = [
  [0.5, 'Tiny'],
  [1, 'Small or medium'],
  [2, 'Large, 2 × 2'],
  [3, 'Huge, 3 × 3'],
  [4, 'Gargantuan, 4 × 4'],
  [6, '6 × 6'],
] as const

type Props = {
  token: Token
  name: string
  unit: string
  /** Players see the map, and the character of the token. */
  seen: { isMapShown: boolean; isCharacterSeen: boolean }
  act: ActOnMaps
  done: () => void
}

/** The fields of one token that a DM changes. */
export function TokenEditor({ token, name, unit, seen, act, done }: Props) {
  const { id, characterId, size, visible, isLocked, darkvision } = token
  const { seenBy, because } = whoSeesToken(token, seen)
  const [title, setTitle] = useState(token.name)
  const [dark, setDark] = useState(String(darkvision))
  const edit = (change: Partial<Pick<Token, 'name' | 'size' | 'visible' | 'isLocked' | 'darkvision'>>) =>
    void act({ type: 'editToken', id, ...change })
  return (
    <section aria-label={`Token of ${name}`} className="border-line mb-3 flex flex-col gap-1 rounded-lg border p-2">
      <div className="flex items-center gap-2">
        <h3 dir="auto" className="min-w-0 grow text-sm [overflow-wrap:anywhere]">
          {name}
        </h3>
        <WhoSees of={`the token of ${name}`} seenBy={seenBy} note={because} />
        <Button look="quiet" className="!px-2 text-sm" onClick={done}>
          Done
        </Button>
      </div>
      <div className="flex flex-wrap gap-x-4">
        <Switch label="Players may see it" checked={visible} onChange={(is) => edit({ visible: is })} />
        <Switch label="Locked for players" checked={isLocked} onChange={(is) => edit({ isLocked: is })} />
      </div>
      {characterId === null && (
        <Field
          label="Name"
          value={title}
          maxLength={60}
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          onBlur={() => title.trim() !== '' && title !== token.name && edit({ name: title.trim() })}
        />
      )}
      <div className="flex items-end gap-2">
        <label className="text-soft min-w-0 grow text-sm">
          Size
          <select
            value={size}
            onChange={({ currentTarget }) => edit({ size: Number(currentTarget.value) })}
            className="input mt-1 !px-2"
          >
            {sizes.every(([cells]) => cells !== size) && <option value={size}>{size} cells</option>}
            {sizes.map(([cells, label]) => (
              <option key={cells} value={cells}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Field
          label={`Darkvision, ${unit}`}
          className="w-28 shrink-0"
          inputMode="numeric"
          value={dark}
          onChange={({ currentTarget }) => setDark(currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
          onBlur={() => Number(dark) !== darkvision && edit({ darkvision: Number(dark) })}
        />
      </div>
      <Button
        look="danger"
        className="mt-1 self-start !px-3 text-sm"
        onClick={() => {
          void act({ type: 'removeTokens', ids: [id] })
          done()
        }}
      >
        <Trash2 size={16} aria-hidden="true" /> Take it off the map
      </Button>
    </section>
  )
}
