import type { BlockAnswer } from '@tablecast/contracts'

type Block = BlockAnswer['block']
type Action = Block['actions'][number]

/** The figures of a creature. The built-in ones have no texts. */
export function StatBlockCard({ block }: { block: Block }) {
  const { size, type, subtype, ac, acNote, hp, hitDice, speed, cr, xp, abilities, traits, actions, text } = block
  const hasText = text !== undefined || [...traits, ...actions].some((one) => one.text !== undefined)
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="text-soft italic">
        {[size, type].filter(Boolean).join(' ')}
        {subtype && ` (${subtype})`}
        {cr !== undefined && ` · challenge ${challengeInWords(cr)}`}
        {xp !== undefined && ` · ${xp.toLocaleString('en')} XP`}
      </p>
      <p>
        <b>AC</b> {ac} {acNote && <span className="text-soft">({acNote})</span>} <b className="ml-3">Hit points</b> {hp}
        {hitDice && <span className="text-soft"> ({hitDice})</span>}
      </p>
      {speed && <Facts term="Speed" items={speedInWords(speed)} />}
      <dl className="grid grid-cols-6 gap-1 text-center">
        {Object.entries(abilities).map(([ability, score]) => (
          <div key={ability} className="bg-raised rounded-lg p-1">
            <dt className="text-soft text-xs uppercase">{ability}</dt>
            <dd>
              {score} <span className="text-soft">{signed(Math.floor((score - 10) / 2))}</span>
            </dd>
          </div>
        ))}
      </dl>
      <Facts term="Saves" items={figures(block.saves)} />
      <Facts term="Skills" items={figures(block.skills)} />
      <Facts term="Resistances" items={block.resistances} />
      <Facts term="Immunities" items={[...(block.immunities ?? []), ...(block.conditionImmunities ?? [])]} />
      <Facts term="Vulnerabilities" items={block.vulnerabilities} />
      <Facts term="Senses" items={sensesInWords(block.senses)} />
      <Facts term="Languages" items={block.languages} />
      {traits.length > 0 && (
        <ul aria-label="Traits" className="flex flex-col gap-1">
          {traits.map((trait) => (
            <li key={trait.name}>
              <b>{trait.name}.</b> {trait.text}
            </li>
          ))}
        </ul>
      )}
      <ul aria-label="Actions" className="flex flex-col gap-1">
        {actions.map((action) => (
          <li key={`${action.kind} ${action.name}`}>
            <b>{action.name}</b>
            {action.kind !== 'action' && <i className="text-soft"> ({action.kind})</i>}. {actionInWords(action)}
            {action.text && ` ${action.text}`}
          </li>
        ))}
      </ul>
      {text && <p className="whitespace-pre-line">{text}</p>}
      {!hasText && (
        <p className="text-soft text-xs">Figures only, from the System Reference Document 5.1 (CC BY 4.0).</p>
      )}
    </div>
  )
}

const Facts = ({ term, items }: { term: string; items: readonly string[] | undefined }) =>
  items && items.length > 0 ? (
    <p>
      <b>{term}</b> {items.join(', ')}
    </p>
  ) : null

export const signed = (value: number): string => (value < 0 ? `−${-value}` : `+${value}`)

export const challengeInWords = (cr: number): string =>
  cr === 0.125 ? '1/8' : cr === 0.25 ? '1/4' : cr === 0.5 ? '1/2' : String(cr)

const figures = (of: Partial<Record<string, number>> | undefined): string[] =>
  Object.entries(of ?? {}).map(
    ([name, value]) => `${name.length === 3 ? name.toUpperCase() : name} ${signed(value ?? 0)}`,
  )

const speedInWords = ({ hover, ...ways }: NonNullable<Block['speed']>): string[] => [
  ...Object.entries(ways).map(([way, feet]) => `${way} ${feet} ft.`),
  ...(hover ? ['hovers'] : []),
]

function sensesInWords(senses: Block['senses']): string[] {
  const { passivePerception, other = [], ...distances } = senses ?? {}
  return [
    ...Object.entries(distances).map(([sense, feet]) => `${sense} ${feet} ft.`),
    ...other,
    ...(passivePerception === undefined ? [] : [`passive Perception ${passivePerception}`]),
  ]
}

function actionInWords({
  toHit,
  reach,
  range,
  longRange,
  damage,
  save,
  area,
  multiattack,
  recharge,
  uses,
  cost,
}: Action): string {
  const parts = [
    ...(multiattack ?? []).map(({ name, times }) => `${times} × ${name}`),
    toHit !== undefined && `${signed(toHit)} to hit`,
    reach !== undefined && `reach ${reach} ft.`,
    range !== undefined && `range ${range}${longRange === undefined ? '' : `/${longRange}`} ft.`,
    area && `${area.feet} ft. ${area.shape}`,
    save && `${save.ability.toUpperCase()} save, DC ${save.dc}${save.half ? ', half on a save' : ''}`,
    ...(damage ?? []).map(
      ({ dice, flat, type = '', or, when }) => `${or ? 'or ' : ''}${dice ?? flat} ${type}${when ? ` (${when})` : ''}`,
    ),
    recharge !== undefined && `recharge ${recharge === 6 ? '6' : `${recharge}–6`}`,
    uses !== undefined && `${uses} a day`,
    cost !== undefined && cost > 1 && `costs ${cost}`,
  ]
  return parts.filter(Boolean).join(', ')
}
